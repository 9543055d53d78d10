package io.flashsale.streams.topology;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a state record one after the other; {@link StateReader} reads them in the same order. */
public final class StateWriter {

    private static final int USUAL_BYTES = 160;

    /** Seven bits a byte, the eighth says that there are more. */
    private static final int MAX_NUMBER_BYTES = 10;

    private byte[] bytes = new byte[USUAL_BYTES];
    private int size;

    /** @param format which {@link StateSerde} looks at before it reads */
    StateWriter(int format) {
        bytes[size++] = (byte) format;
    }

    public StateWriter flag(boolean value) {
        reserve(1);
        bytes[size++] = (byte) (value ? 1 : 0);
        return this;
    }

    /** Small numbers of either sign are short. */
    public StateWriter number(long value) {
        reserve(MAX_NUMBER_BYTES);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    public StateWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** By name, so that constants may be added anywhere. */
    public StateWriter constant(Enum<?> value) {
        return text(value.name());
    }

    /** Keeps the scale. */
    public StateWriter decimal(BigDecimal value) {
        return number(value.scale()).bytes(value.unscaledValue().toByteArray());
    }

    public StateWriter instant(Instant value) {
        return number(value.getEpochSecond()).number(value.getNano());
    }

    public StateWriter optionalNumber(@Nullable Integer value) {
        flag(value != null);
        return value == null ? this : number(value);
    }

    public StateWriter optionalText(@Nullable String value) {
        flag(value != null);
        return value == null ? this : text(value);
    }

    public StateWriter optionalInstant(@Nullable Instant value) {
        flag(value != null);
        return value == null ? this : instant(value);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private StateWriter bytes(byte[] value) {
        number(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }
}
