package io.flashsale.streams.topology;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells decisions one by one, in the logger {@code decisions}: what a person has to look at as {@code INFO}, all others as
 * {@code DEBUG}. Those are off unless somebody asks: tens of thousands of lines a second would cost more than the
 * decisions, and the same stands in the events for ever.
 *
 * <p>Values are fields of their own, so that no text can pretend to be another one. Keys, customers and whole payment
 * ids are never among them.
 */
public final class DecisionLog {

    private static final Logger LOG = LoggerFactory.getLogger("decisions");

    /** Who may write a command topic can make as many dead letters as he likes. */
    private static final int DEAD_LETTERS_PER_SECOND = 10;

    private static final int SHOWN_OF_PAYMENT_ID = 4;

    private final LineBudget deadLetters = new LineBudget(DEAD_LETTERS_PER_SECOND);
    private final LongSupplier clock;

    /** @param clock in milliseconds */
    DecisionLog(LongSupplier clock) {
        this.clock = clock;
    }

    /** Whether every decision is told. */
    public static boolean tellsAll() {
        return LOG.isDebugEnabled();
    }

    /** Begins a line on what was decided on an input; {@code log} with the name of what it was ends it. */
    public static LoggingEventBuilder line(Level level, Screened<?> screened, String productId) {
        LoggingEventBuilder line =
                LOG.atLevel(level).addKeyValue("product", productId).addKeyValue("cause", screened.origin());
        if (screened.caller() != null) {
            line = line.addKeyValue("call", screened.caller().correlationId());
        }
        return withTrace(line, screened.trace());
    }

    /** Under the name that the Elastic Common Schema has for it. */
    private static LoggingEventBuilder withTrace(LoggingEventBuilder line, @Nullable DecisionSpan trace) {
        return trace == null ? line : line.addKeyValue("trace.id", trace.traceId());
    }

    /** Enough to find a payment in the provider's own lists, and no more. */
    public static String masked(@Nullable String paymentId) {
        if (paymentId == null) {
            return "none";
        }
        int shown = paymentId.length() > 2 * SHOWN_OF_PAYMENT_ID ? SHOWN_OF_PAYMENT_ID : 0;
        return "****" + paymentId.substring(paymentId.length() - shown);
    }

    void deadLetter(String reason, Origin origin, @Nullable DecisionSpan trace) {
        if (deadLetters.take(clock.getAsLong())) {
            LoggingEventBuilder line =
                    withTrace(LOG.atInfo().addKeyValue("reason", reason).addKeyValue("cause", origin), trace);
            long leftOut = deadLetters.leftOut();
            (leftOut == 0 ? line : line.addKeyValue("left_out_before", leftOut)).log("DeadLetter");
        }
    }
}
