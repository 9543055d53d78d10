package io.flashsale.local.tools;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts that anybody may have written, so that they can be shown on a terminal: it must not obey them. */
final class Escaped {

    private Escaped() {}

    /** At most so many characters; what is no UTF-8 is shown byte by byte. */
    static String bytes(byte[] bytes, int maxCharacters) {
        // Four bytes a character at most: the rest would be cut off anyway.
        byte[] first = Arrays.copyOf(bytes, Math.min(bytes.length, 4 * (maxCharacters + 1)));
        String text = new String(first, StandardCharsets.UTF_8);
        boolean whole = first.length == bytes.length;
        boolean utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), first);
        return utf8 || !whole ? text(text, maxCharacters) : hex(first, maxCharacters);
    }

    /** At most so many characters. */
    static String text(String text, int maxCharacters) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(maxCharacters).forEach(character -> append(shown, character));
        return text.codePointCount(0, text.length()) > maxCharacters ? shown + "…" : shown.toString();
    }

    private static void append(StringBuilder shown, int character) {
        switch (Character.getType(character)) {
            // Format characters turn the direction of what follows, separators begin lines.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                shown.append("\\u{").append(Integer.toHexString(character)).append('}');
            default -> {
                if (character == '\\' || character == '"') {
                    shown.append('\\');
                }
                shown.appendCodePoint(character);
            }
        }
    }

    private static String hex(byte[] bytes, int maxCharacters) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, maxCharacters); i++) {
            int character = bytes[i] & 0xff;
            if (character >= ' ' && character <= '~') {
                append(shown, character);
            } else {
                shown.append("\\x%02x".formatted(character));
            }
        }
        return bytes.length > maxCharacters ? shown + "…" : shown.toString();
    }
}
