package io.flashsale.orders.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** What a line of the log looks like, for programs and for people. */
@ExtendWith(OutputCaptureExtension.class)
class LogFormatTest {

    private static final String HOSTILE = "p1\n2026-11-20 ERROR forged \u001b[31m\"";
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

    @Test
    void aLineIsOneJsonObjectOfTheElasticCommonSchema(CapturedOutput output) {
        String line = lineWith(output);

        JsonNode json = Json.MAPPER.readTree(line);
        assertThat(json.at("/message").asString()).isEqualTo("DeadLetter");
        assertThat(json.at("/product").asString()).isEqualTo(HOSTILE);
        assertThat(json.at("/trace/id").asString()).isEqualTo(TRACE_ID);
        assertThat(json.at("/log/level").asString()).isEqualTo("INFO");
        assertThat(json.at("/log/logger").asString()).isEqualTo("decisions");
        assertThat(json.at("/service/name").asString()).isEqualTo("order-streams");
        assertThat(line).doesNotContain("\u001b");
    }

    @Test
    void aLineIsForPeopleInTheProfileLocalAndCannotBeForgedEither(CapturedOutput output) {
        String line = lineWith(output, "local");

        assertThat(line)
                .endsWith(": DeadLetter product=\"p1?2026-11-20 ERROR forged ?[31m\"\" trace.id=\"" + TRACE_ID + "\"")
                .contains(" INFO ")
                .doesNotContain("\u001b");
    }

    private static String lineWith(CapturedOutput output, String... profiles) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Object.class)
                .web(WebApplicationType.NONE)
                .profiles(profiles)
                .run()) {
            LoggerFactory.getLogger("decisions")
                    .atInfo()
                    .addKeyValue("product", HOSTILE)
                    .addKeyValue("trace.id", TRACE_ID)
                    .log("DeadLetter");
        }
        return output.getOut()
                .lines()
                .filter(line -> line.contains("DeadLetter"))
                .findFirst()
                .orElseThrow();
    }
}
