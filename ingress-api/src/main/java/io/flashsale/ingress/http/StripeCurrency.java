package io.flashsale.ingress.http;

import java.util.Set;

/**
 * How many decimals Stripe's amounts have, which are whole numbers of a currency's smallest unit. Not what ISO 4217 says:
 * MGA has none with Stripe, and ISK and UGX, which have none any more, keep two for compatibility. From <a
 * href="https://docs.stripe.com/currencies#zero-decimal">Supported currencies</a>, its zero-decimal and three-decimal
 * lists and its special cases. HUF and TWD are special for payouts only.
 */
final class StripeCurrency {

    private static final Set<String> ZERO_DECIMAL = Set.of(
            "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");
    private static final Set<String> THREE_DECIMAL = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

    private StripeCurrency() {}

    /** @param currency in capital letters */
    static int decimals(String currency) {
        if (ZERO_DECIMAL.contains(currency)) {
            return 0;
        }
        return THREE_DECIMAL.contains(currency) ? 3 : 2;
    }
}
