package io.flashsale.streams.topology;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StateWriter} wrote. What it did not write ends in an exception, which {@link StateSerde} explains. */
public final class StateReader {

    private final byte[] bytes;

    /** Behind the format. */
    private int position = 1;

    StateReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public boolean flag() {
        byte value = bytes[position++];
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("Not a flag: " + value);
        }
        return value == 1;
    }

    public long number() {
        long result = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte part = bytes[position++];
            result |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                return (result >>> 1) ^ -(result & 1);
            }
        }
        throw new IllegalArgumentException("A number that is too long");
    }

    public int integer() {
        return Math.toIntExact(number());
    }

    public String text() {
        int length = length();
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    public <E extends Enum<E>> E constant(Class<E> type) {
        return Enum.valueOf(type, text());
    }

    public BigDecimal decimal() {
        int scale = integer();
        int length = length();
        BigDecimal decimal = new BigDecimal(new BigInteger(bytes, position, length), scale);
        position += length;
        return decimal;
    }

    public Instant instant() {
        long seconds = number();
        return Instant.ofEpochSecond(seconds, number());
    }

    public @Nullable Integer optionalNumber() {
        return flag() ? integer() : null;
    }

    public @Nullable String optionalText() {
        return flag() ? text() : null;
    }

    public @Nullable Instant optionalInstant() {
        return flag() ? instant() : null;
    }

    void requireEnd() {
        if (position != bytes.length) {
            throw new IllegalArgumentException(bytes.length - position + " bytes too many");
        }
    }

    private int length() {
        int length = integer();
        if (length < 0 || length > bytes.length - position) {
            throw new IllegalArgumentException("A length of " + length + " bytes is beyond the end");
        }
        return length;
    }
}
