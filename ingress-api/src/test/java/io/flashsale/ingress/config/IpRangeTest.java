package io.flashsale.ingress.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3,         10.1.2.3,          true",
        "10.1.2.3,         10.1.2.2,          false",
        "10.0.0.0/8,       10.255.255.255,    true",
        "10.0.0.0/8,       11.0.0.0,          false",
        "10.1.2.3/8,       10.9.9.9,          true",
        "192.168.1.128/25, 192.168.1.129,     true",
        "192.168.1.128/25, 192.168.1.127,     false",
        "0.0.0.0/0,        203.0.113.9,       true",
        "0.0.0.0/0,        ::1,               false",
        "10.0.0.0/8,       ::ffff:10.1.2.3,   true",
        "::1,              0:0:0:0:0:0:0:1,   true",
        "2001:db8::/33,    2001:db8:7fff::1,  true",
        "2001:db8::/33,    2001:db8:8000::1,  false",
        "::/0,             fe80::1%eth0,      true",
    })
    void containsWhatBeginsWithTheSameBits(String range, String address, boolean contained) {
        InetAddress read = IpRange.address(address).orElseThrow();

        assertThat(IpRange.of(range).contains(read)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "localhost",
                "cafe.example",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.1.2",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.0/x",
                "::/129",
                ":::",
                "1:2",
                "10.0.0.1:80"
            })
    void refusesWhatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpRange.of(text)).withMessageStartingWith("expected ");
    }
}
