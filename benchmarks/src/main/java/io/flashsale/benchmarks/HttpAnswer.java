package io.flashsale.benchmarks;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * As much of an answer of HTTP/1.1 as a load generator must know.
 *
 * @param length bytes, its head included
 * @param last whether the server closes the connection after it
 */
record HttpAnswer(int status, int length, boolean last) {

    private static final byte[] PROTOCOL = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_LINE_LENGTH = "HTTP/1.1 200".length();
    private static final int NO_BODY_LENGTH = -1;
    private static final int CHUNKED = -2;

    /**
     * Reads the answer at the beginning of the bytes.
     *
     * @return empty if it is not complete yet
     * @throws ProtocolException if it is none
     */
    static Optional<HttpAnswer> read(byte[] bytes, int end) throws ProtocolException {
        requireHttp(bytes, end);
        int bodyStart = endOfHead(bytes, end);
        if (bodyStart < 0) {
            return Optional.empty();
        }
        String head = new String(bytes, 0, bodyStart, StandardCharsets.ISO_8859_1);
        if (head.length() < STATUS_LINE_LENGTH) {
            throw new ProtocolException("no status line: " + head);
        }
        int status = number(head.substring(STATUS_LINE_LENGTH - 3, STATUS_LINE_LENGTH), 10);
        int bodyLength = NO_BODY_LENGTH;
        boolean last = false;
        for (int line = head.indexOf("\r\n") + 2; line < bodyStart - 2; line = head.indexOf("\r\n", line) + 2) {
            // Others begin with other letters, and most of what this costs is looking at them.
            if ("cCtT".indexOf(head.charAt(line)) >= 0) {
                String header = head.substring(line, head.indexOf("\r\n", line)).toLowerCase(Locale.ROOT);
                if (header.startsWith("content-length:")) {
                    bodyLength = number(header.substring(header.indexOf(':') + 1), 10);
                } else if (header.equals("transfer-encoding: chunked")) {
                    bodyLength = CHUNKED;
                } else if (header.equals("connection: close")) {
                    last = true;
                }
            }
        }
        int length = switch (bodyLength) {
            case NO_BODY_LENGTH -> throw new ProtocolException("an answer without a length");
            case CHUNKED -> endOfChunks(bytes, bodyStart, end);
            default -> bodyStart + bodyLength;
        };
        return length < 0 || length > end ? Optional.empty() : Optional.of(new HttpAnswer(status, length, last));
    }

    private static int endOfHead(byte[] bytes, int end) {
        for (int i = 3; i < end; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Before the head is complete: what speaks another language may never send the end of it. */
    private static void requireHttp(byte[] bytes, int end) throws ProtocolException {
        int length = Math.min(end, PROTOCOL.length);
        if (!Arrays.equals(bytes, 0, length, PROTOCOL, 0, length)) {
            throw new ProtocolException("no status line");
        }
    }

    /** Behind the chunk without content, or -1 if it is not there yet. */
    private static int endOfChunks(byte[] bytes, int start, int end) throws ProtocolException {
        int position = start;
        while (true) {
            int lineEnd = position;
            while (lineEnd < end && bytes[lineEnd] != '\n') {
                lineEnd++;
            }
            if (lineEnd >= end) {
                return -1;
            }
            int size = number(new String(bytes, position, lineEnd - position, StandardCharsets.ISO_8859_1), 16);
            // Each is followed by an empty line.
            position = lineEnd + 1 + size + 2;
            if (size == 0) {
                return position;
            }
            if (position >= end) {
                return -1;
            }
        }
    }

    private static int number(String text, int radix) throws ProtocolException {
        try {
            return Integer.parseUnsignedInt(text.trim(), radix);
        } catch (NumberFormatException malformed) {
            throw new ProtocolException("no number: " + text);
        }
    }
}
