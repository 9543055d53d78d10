package io.flashsale.ingress.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets this service runs with.
 *
 * @param adminKey keys of the calls that define products, as configured: a list of plain keys and digests
 * @param idSecret ids are derived with
 * @param webhookSecrets a payment provider signs with any of them; none takes unsigned webhooks
 * @param stripeSecrets Stripe signs with any of them; none switches its endpoint off
 */
public record Secrets(Secret adminKey, Secret idSecret, List<Secret> webhookSecrets, List<Secret> stripeSecrets) {

    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);

    /**
     * Takes the secrets out of the settings.
     *
     * @param local whether the local profile is active, which alone may take unsigned webhooks
     * @throws MissingSecretException if one is missing, so that the service does not start
     */
    static Secrets of(IngressSettings settings, boolean local) {
        Secret adminKey =
                required(settings.admin().key(), "FLASHSALE_ADMIN_KEY", "the key that admin calls carry in X-Api-Key");
        Secret idSecret = required(
                settings.id().secret(),
                "FLASHSALE_ID_SECRET",
                "the secret that hold ids are derived with, the same for all instances of the ingress");
        List<Secret> webhookSecrets = present(settings.webhook().secrets());
        if (webhookSecrets.isEmpty()) {
            if (!local) {
                throw missing("FLASHSALE_WEBHOOK_SECRET", "the secret that payment webhooks are signed with");
            }
            LOG.warn("FLASHSALE_WEBHOOK_SECRET is not set: unsigned payment webhooks are taken from anybody.");
        }
        return new Secrets(
                adminKey, idSecret, webhookSecrets, present(settings.stripe().secrets()));
    }

    private static List<Secret> present(List<Secret> secrets) {
        return secrets.stream().filter(secret -> !secret.isBlank()).toList();
    }

    private static Secret required(@Nullable Secret secret, String variable, String meaning) {
        if (secret == null || secret.isBlank()) {
            throw missing(variable, meaning);
        }
        return secret;
    }

    private static MissingSecretException missing(String variable, String meaning) {
        return new MissingSecretException(
                variable + " is not set: it is " + meaning + ", and this service does not start without it.");
    }
}
