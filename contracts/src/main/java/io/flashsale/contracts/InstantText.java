package io.flashsale.contracts;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * RFC 3339 times, exactly as {@link Instant#toString()} writes them. Log times have milliseconds, and every event has
 * several: for those it is done by hand, which takes a tenth of the time.
 */
public final class InstantText {

    private static final long SECONDS_OF_A_DAY = 86_400;
    private static final long SECOND_AFTER_THE_YEAR_9999 = 253_402_300_800L;
    private static final int NANOS_OF_A_MILLISECOND = 1_000_000;
    private static final int LENGTH = "2026-11-20T12:00:00Z".length();
    private static final int LENGTH_WITH_MILLIS = "2026-11-20T12:00:00.000Z".length();

    private InstantText() {}

    public static String of(Instant instant) {
        long second = instant.getEpochSecond();
        int nano = instant.getNano();
        boolean usual = second >= 0 && second < SECOND_AFTER_THE_YEAR_9999 && nano % NANOS_OF_A_MILLISECOND == 0;
        return usual ? text(second, nano / NANOS_OF_A_MILLISECOND) : instant.toString();
    }

    private static String text(long epochSecond, int millis) {
        LocalDate date = LocalDate.ofEpochDay(epochSecond / SECONDS_OF_A_DAY);
        int second = (int) (epochSecond % SECONDS_OF_A_DAY);
        byte[] text = new byte[millis == 0 ? LENGTH : LENGTH_WITH_MILLIS];
        put(text, 0, 4, date.getYear());
        text[4] = '-';
        put(text, 5, 2, date.getMonthValue());
        text[7] = '-';
        put(text, 8, 2, date.getDayOfMonth());
        text[10] = 'T';
        put(text, 11, 2, second / 3_600);
        text[13] = ':';
        put(text, 14, 2, second / 60 % 60);
        text[16] = ':';
        put(text, 17, 2, second % 60);
        if (millis != 0) {
            text[19] = '.';
            put(text, 20, 3, millis);
        }
        text[text.length - 1] = 'Z';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void put(byte[] text, int from, int digits, int number) {
        int rest = number;
        for (int at = from + digits - 1; at >= from; at--) {
            text[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    static final class Serializer extends StdScalarSerializer<Instant> {

        Serializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant instant, JsonGenerator generator, SerializationContext context) {
            generator.writeString(of(instant));
        }
    }
}
