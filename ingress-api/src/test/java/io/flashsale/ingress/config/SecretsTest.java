package io.flashsale.ingress.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.ingress.IngressApplication;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class SecretsTest {

    private static final List<String> ALL = List.of(
            "flashsale.admin.key=an-admin-key",
            "flashsale.id.secret=an-id-secret",
            "flashsale.webhook.secret=a-webhook-secret");

    private final ApplicationContextRunner context =
            new ApplicationContextRunner().withUserConfiguration(SecretsConfiguration.class, Bound.class);

    @Test
    void takesAllSecrets() {
        context.withPropertyValues(ALL.toArray(String[]::new))
                .run(started -> assertThat(started.getBean(Secrets.class))
                        .isEqualTo(new Secrets(
                                new Secret("an-admin-key"),
                                new Secret("an-id-secret"),
                                List.of(new Secret("a-webhook-secret")),
                                List.of())));
    }

    @Test
    void takesSeveralWhileTheyAreChanged() {
        context.withPropertyValues(ALL.toArray(String[]::new))
                .withPropertyValues(
                        "flashsale.webhook.secret=new-one, whsec_b2xkIG9uZQ==,",
                        "flashsale.stripe.secret=whsec_new,whsec_old")
                .run(started -> {
                    Secrets secrets = started.getBean(Secrets.class);

                    assertThat(secrets.webhookSecrets())
                            .containsExactly(new Secret("new-one"), new Secret("whsec_b2xkIG9uZQ=="));
                    assertThat(secrets.stripeSecrets())
                            .containsExactly(new Secret("whsec_new"), new Secret("whsec_old"));
                });
    }

    @Test
    void theKeyOfStandardWebhooksIsBase64AndAnyOtherItsText() {
        assertThat(new Secret("whsec_b2xkIG9uZQ==").webhookKey()).asString().isEqualTo("old one");
        assertThat(new Secret("b2xkIG9uZQ==").webhookKey()).asString().isEqualTo("b2xkIG9uZQ==");
        assertThat(new Secret("whsec_b2xkIG9uZQ==").bytes()).asString().isEqualTo("whsec_b2xkIG9uZQ==");
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsec_", "whsec_leaks!", "leaks,whsec_%"})
    void doesNotStartWithAKeyThatIsNone(String secret, CapturedOutput output) {
        context.withPropertyValues(ALL.toArray(String[]::new))
                .withPropertyValues("flashsale.webhook.secret=" + secret)
                .run(started -> assertThat(started)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("flashsale.webhook.secret must have the key in base64 behind whsec_")
                        .hasMessageNotContaining("leaks"));

        assertThat(output).doesNotContain("leaks");
    }

    @ParameterizedTest
    @CsvSource({
        "flashsale.admin.key,      FLASHSALE_ADMIN_KEY",
        "flashsale.id.secret,      FLASHSALE_ID_SECRET",
        "flashsale.webhook.secret, FLASHSALE_WEBHOOK_SECRET",
    })
    void doesNotStartWithout(String property, String variable) {
        String[] others =
                ALL.stream().filter(value -> !value.startsWith(property)).toArray(String[]::new);

        context.withPropertyValues(others)
                .run(started -> assertThat(started)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(MissingSecretException.class)
                        .hasMessageStartingWith(variable + " is not set: "));
    }

    @ParameterizedTest
    @CsvSource({"flashsale.admin.key", "flashsale.id.secret", "flashsale.webhook.secret"})
    void aBlankSecretIsNone(String property) {
        String[] blank = ALL.stream()
                .map(value -> value.startsWith(property) ? property + "= " : value)
                .toArray(String[]::new);

        context.withPropertyValues(blank).run(started -> assertThat(started).hasFailed());
    }

    @Test
    void onlyTheLocalProfileTakesUnsignedWebhooksAndSaysSo(CapturedOutput output) {
        String[] unsigned = ALL.stream()
                .filter(value -> !value.startsWith("flashsale.webhook"))
                .toArray(String[]::new);

        context.withPropertyValues(unsigned)
                .withPropertyValues("spring.profiles.active=local")
                .run(started -> assertThat(started.getBean(Secrets.class).webhookSecrets())
                        .isEmpty());

        assertThat(output).containsOnlyOnce("unsigned payment webhooks are taken");
    }

    @Test
    void evenTheLocalProfileNeedsTheOthers() {
        context.withPropertyValues("spring.profiles.active=local")
                .run(started -> assertThat(started).hasFailed());
    }

    @Test
    void aPersonSeesOneSentenceAndNoStackTrace(CapturedOutput output) {
        SpringApplicationBuilder application = new SpringApplicationBuilder(IngressApplication.class);
        String[] arguments = Arrays.asList(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--flashsale.admin.key=an-admin-key",
                        "--flashsale.webhook.secret=a-webhook-secret")
                .toArray(String[]::new);

        assertThatThrownBy(() -> application.run(arguments)).hasRootCauseInstanceOf(MissingSecretException.class);

        assertThat(output)
                .contains("FLASHSALE_ID_SECRET is not set: it is the secret that hold ids are derived with")
                .doesNotContain("\tat ")
                .doesNotContain("an-admin-key");
    }

    @Test
    void aDigestThatIsNoneStopsTheStartWithOneSentence(CapturedOutput output) {
        SpringApplicationBuilder application = new SpringApplicationBuilder(IngressApplication.class);

        assertThatThrownBy(() -> application.run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--flashsale.admin.key=sha256:top-secret",
                        "--flashsale.id.secret=an-id-secret",
                        "--flashsale.webhook.secret=a-webhook-secret"))
                .hasRootCauseInstanceOf(InvalidSecretException.class);

        assertThat(output)
                .contains("FLASHSALE_ADMIN_KEY, entry 1: expected 64 hexadecimal digits after sha256:")
                .doesNotContain("\tat ")
                .doesNotContain("top-secret");
    }

    @EnableConfigurationProperties(IngressSettings.class)
    static class Bound {}
}
