package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutedIdsTest {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

    private final Random random = new Random(42);

    @Test
    void anIdSaysItsProductForAnyProductId() {
        for (int length = 1; length <= 64; length++) {
            for (int i = 0; i < 50; i++) {
                String productId = productId(length);
                String holdId = HoldId.of(productId, bits());
                String orderId = OrderId.ofHold(holdId);

                assertThat(HoldId.productOf(holdId)).contains(productId);
                assertThat(OrderId.productOf(orderId)).contains(productId);
                assertThat(HoldId.ofOrder(orderId)).isEqualTo(holdId);
                assertThat(holdId).matches("h_[A-Za-z0-9_-]+").hasSizeLessThanOrEqualTo(109);
                assertThat(orderId).matches("o_[A-Za-z0-9_-]+");
            }
        }
    }

    @Test
    void whatAProductIdIsIsSaidTheSameTwice() {
        for (char c = 0; c < 0x250; c++) {
            for (String text : List.of(String.valueOf(c), "p" + c, c + "-1")) {
                assertThat(Limits.isProductId(text))
                        .as(text)
                        .isEqualTo(Limits.PRODUCT_ID.matcher(text).matches());
            }
        }
        for (int length = 0; length < 70; length++) {
            assertThat(Limits.isProductId("p".repeat(length))).isEqualTo(length >= 1 && length <= 64);
        }
    }

    @Test
    void idsAreUniqueAndOfOneProductOnly() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            assertThat(ids.add(HoldId.of("p" + i % 7, bits()))).isTrue();
        }
        byte[] same = bits();
        assertThat(HoldId.of("p1", same)).isNotEqualTo(HoldId.of("p2", same)).isEqualTo(HoldId.of("p1", same));
    }

    @Test
    void aHoldsIdIsNoOrdersIdAndTheOtherWayRound() {
        String holdId = HoldId.of("p1", bits());
        assertThat(OrderId.productOf(holdId)).isEmpty();
        assertThat(HoldId.productOf(OrderId.ofHold(holdId))).isEmpty();
    }

    @Test
    void onlyTheCanonicalTextIsAnId() {
        // 18 bytes need no spare bits; 17 and 19 leave 4 and 2 that a decoder ignores.
        for (String productId : Set.of("p", "p12")) {
            String id = HoldId.of(productId, bits());
            char last = id.charAt(id.length() - 1);
            for (char other : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray()) {
                String changed = id.substring(0, id.length() - 1) + other;
                if (other != last && HoldId.productOf(changed).isPresent()) {
                    assertThat(HoldId.productOf(changed).get()).isNotEqualTo(productId);
                }
            }
        }
        String id = HoldId.of("p", new byte[16]);
        assertThat(id).endsWith("A");
        assertThat(HoldId.productOf(id.substring(0, id.length() - 1) + "B")).isEmpty();
    }

    @Test
    void paddingAndTheOtherAlphabetAreRefused() {
        String id = HoldId.of("p", bits());
        assertThat(HoldId.productOf(id + "=")).isEmpty();
        byte[] bytes = new byte[17];
        Arrays.fill(bytes, (byte) 0xfb);
        bytes[16] = 'p';
        String standard = "h_" + Base64.getEncoder().withoutPadding().encodeToString(bytes);
        assertThat(standard).contains("+");
        assertThat(HoldId.productOf(standard)).isEmpty();
        assertThat(HoldId.productOf(standard.replace('+', '-').replace('/', '_')))
                .contains("p");
    }

    @Test
    void anIdOfNoProductIsRefused() {
        assertThat(HoldId.productOf(raw(""))).isEmpty();
        assertThat(HoldId.productOf(raw("p 1"))).isEmpty();
        assertThat(HoldId.productOf(raw("p\u00e91"))).isEmpty();
        assertThat(HoldId.productOf(raw("p\n"))).isEmpty();
        assertThat(HoldId.productOf(raw("p".repeat(64)))).isPresent();
        assertThat(HoldId.productOf(raw("p".repeat(65)))).isEmpty();
        assertThat(HoldId.productOf(raw("p".repeat(100_000)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h",
                "h_",
                "o_",
                "h_A",
                "h_AAAA",
                "x_AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "H_AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "h_AAAAAAAAAAAAAAAAAAAAAA",
                "550e8400-e29b-41d4-a716-446655440000",
                "h_AAAA AAAA",
                "h_\u0000",
                "h_\ud83d\ude00"
            })
    void foreignTextIsNoId(String text) {
        assertThat(HoldId.productOf(text)).isEmpty();
        assertThat(OrderId.productOf(text)).isEmpty();
    }

    @Test
    void noIdIsMadeOfWrongParts() {
        assertThatThrownBy(() -> HoldId.of("p1", new byte[15])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HoldId.of("p1", new byte[17])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HoldId.of("", new byte[16])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HoldId.of("p 1", new byte[16])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HoldId.of("p".repeat(65), new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }

    private static String raw(String product) {
        byte[] bytes = ("0123456789abcdef" + product).getBytes(StandardCharsets.ISO_8859_1);
        return "h_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String productId(int length) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < length; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    private byte[] bits() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return bits;
    }
}
