package io.flashsale.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.local.ReadyText.Webhooks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadyTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:b c,another                          | a:b c",
                "whsec_YTpiIGM=                         | a:b c",
                "whsec_YTpiIGM=,another                 | a:b c",
            })
    void theStorySignsTheBodyThatItSends(String secrets, String key) throws Exception {
        List<String> lines = ReadyText.of("http://localhost:1", List.of(), Webhooks.of(secrets));
        String signing = String.join(
                "\n",
                lines.stream()
                        .filter(line ->
                                line.startsWith("PAYMENT=") || line.startsWith("KEY=") || line.startsWith("SIGNATURE="))
                        .toList());

        ProcessBuilder builder =
                new ProcessBuilder("bash", "-c", "ORDER_ID=o_1-x\n" + signing + "\nprintf %s \"$SIGNATURE\"");
        builder.environment().put("FLASHSALE_WEBHOOK_SECRET", secrets);
        Process bash = builder.redirectErrorStream(true).start();

        assertThat(new String(bash.getInputStream().readAllBytes()))
                .isEqualTo(Hmac.hex(
                        key, "{\"order_id\": \"o_1-x\", \"status\": \"succeeded\", \"payment_id\": \"pay-o_1-x\"}"));
        assertThat(lines).noneMatch(line -> line.contains(secrets));
    }

    @Test
    void withoutASecretNothingIsSigned() {
        assertThat(ReadyText.of("http://localhost:1", List.of(), Webhooks.of("")))
                .noneMatch(line -> line.contains("SIGNATURE"));
    }
}
