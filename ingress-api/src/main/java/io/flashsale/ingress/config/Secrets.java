package io.flashsale.ingress.config;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets this service runs with.
 *
 * @param adminKey of the calls that define products
 * @param idSecret ids are derived with
 * @param webhookSecret the payment provider signs with; null takes unsigned webhooks
 */
public record Secrets(
        Secret adminKey, Secret idSecret, @Nullable Secret webhookSecret) {

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
        Secret webhookSecret = settings.webhook().secret();
        if (local && isMissing(webhookSecret)) {
            LOG.warn("FLASHSALE_WEBHOOK_SECRET is not set: unsigned payment webhooks are taken from anybody.");
            return new Secrets(adminKey, idSecret, null);
        }
        webhookSecret =
                required(webhookSecret, "FLASHSALE_WEBHOOK_SECRET", "the secret that payment webhooks are signed with");
        return new Secrets(adminKey, idSecret, webhookSecret);
    }

    private static Secret required(@Nullable Secret secret, String variable, String meaning) {
        if (secret == null || isMissing(secret)) {
            throw new MissingSecretException(
                    variable + " is not set: it is " + meaning + ", and this service does not start without it.");
        }
        return secret;
    }

    private static boolean isMissing(@Nullable Secret secret) {
        return secret == null || secret.value().isBlank();
    }
}
