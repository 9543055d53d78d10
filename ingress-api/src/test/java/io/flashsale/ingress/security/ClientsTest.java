package io.flashsale.ingress.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.config.IpRange;
import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ClientsTest {

    private static final String PROXY = "10.0.0.1";

    private final AdminKey adminKey =
            new AdminKey(new Secrets(new Secret("key-1,key-2"), new Secret("id"), List.of(), List.of()));
    private final Clients clients = new Clients(adminKey, List.of(IpRange.of("10.0.0.0/8"), IpRange.of("fd00::/8")));

    @Test
    void whoHasAnAdminKeyIsOneClientWhereverItComesFrom() {
        assertThat(withKey("198.51.100.1", "key-1"))
                .isEqualTo(withKey("198.51.100.2", "key-1"))
                .isNotEqualTo(withKey("198.51.100.1", "key-2"))
                .doesNotContain("key-1");
    }

    @Test
    void aWrongKeyMakesNobodyAnother() {
        assertThat(withKey("198.51.100.1", "made up")).isEqualTo("198.51.100.1");
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2:3:4:5:6,      2001:db8:1:2::,           true",
        "2001:db8:1:2::1,           2001:db8:1:3::1,          false",
        "::ffff:198.51.100.1,       198.51.100.1,             true",
        "::ffff:198.51.100.1,       ::ffff:198.51.100.2,      false",
        "198.51.100.1,              198.51.100.2,             false",
    })
    void anIpv6ClientHasAWholeNetwork(String one, String another, boolean same) {
        assertThat(of(one).equals(of(another))).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.1 | 203.0.113.1                        | 198.51.100.1",
                "10.0.0.1     | 203.0.113.1                        | 203.0.113.1",
                "10.0.0.1     | 1.1.1.1, 203.0.113.1               | 203.0.113.1",
                "10.0.0.1     | 1.1.1.1, 203.0.113.1, 10.9.9.9     | 203.0.113.1",
                "10.0.0.1     | 1.1.1.1,203.0.113.1 ,10.9.9.9,fd00::7 | 203.0.113.1",
                "10.0.0.1     | 10.0.0.3, 10.0.0.2                 | 10.0.0.3",
                "10.0.0.1     | 203.0.113.1:4711                   | 203.0.113.1",
                "10.0.0.1     | [2001:db8:1:2::9]:4711             | 20010db800010002/64",
                "10.0.0.1     | 203.0.113.1, unknown               | 10.0.0.1",
                "10.0.0.1     | 203.0.113.1, evil.example, 10.0.0.2 | 10.0.0.2",
                "10.0.0.1     | ''                                 | 10.0.0.1",
                "fd00::1      | 203.0.113.1                        | 203.0.113.1",
            })
    void onlyATrustedProxyTellsWhoItForwardsFor(String peer, String forwardedFor, String client) {
        assertThat(of(peer, forwardedFor)).isEqualTo(client);
    }

    @Test
    void severalHeadersAreReadAsOne() {
        assertThat(of(PROXY, "1.1.1.1", "203.0.113.1, 10.0.0.2")).isEqualTo("203.0.113.1");
        assertThat(of(PROXY, "203.0.113.1", "10.0.0.2")).isEqualTo("203.0.113.1");
    }

    @Test
    void nobodyIsTrustedUnlessToldSo() {
        MockHttpServletRequest request = request("127.0.0.1", "203.0.113.1");

        assertThat(new Clients(adminKey, List.of()).of(request)).isEqualTo("127.0.0.1");
    }

    private String of(String peer, String... forwardedFor) {
        return clients.of(request(peer, forwardedFor));
    }

    private String withKey(String peer, String key) {
        MockHttpServletRequest request = request(peer);
        request.addHeader("X-Api-Key", key);
        return clients.of(request);
    }

    private static MockHttpServletRequest request(String peer, String... forwardedFor) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(peer);
        for (String header : forwardedFor) {
            request.addHeader("X-Forwarded-For", header);
        }
        return request;
    }
}
