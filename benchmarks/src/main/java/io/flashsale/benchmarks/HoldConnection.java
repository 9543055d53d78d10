package io.flashsale.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sends the same request again and again over one kept connection and reads no more of the answer than it must. The JDK's
 * HTTP client costs about four times the CPU, which on a small machine is taken from what is measured.
 */
final class HoldConnection implements AutoCloseable {

    /** Longer than an answer can take. */
    private static final Duration TIMEOUT = Workbench.REPLY_TIMEOUT.plusSeconds(10);

    private static final int MAX_LINE_BYTES = 8_192;
    private static final long NO_BODY_LENGTH = -1;
    private static final long CHUNKED = -2;

    private final URI server;
    private final byte[] request;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();

    /** @param body JSON */
    HoldConnection(URI server, String body) {
        this.server = server;
        String head = "POST /api/holds HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
        this.request = (head + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** Connects if it is not connected, so that the next call need not. */
    void connect() throws IOException {
        if (socket == null) {
            Socket opened = new Socket(server.getHost(), server.getPort());
            opened.setTcpNoDelay(true);
            opened.setSoTimeout((int) TIMEOUT.toMillis());
            in = new BufferedInputStream(opened.getInputStream(), 2_048);
            out = opened.getOutputStream();
            socket = opened;
        }
    }

    /** Sends the request and returns the status code of its answer. */
    int call() throws IOException {
        connect();
        try {
            out.write(request);
            return readAnswer();
        } catch (IOException broken) {
            close();
            throw broken;
        }
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException gone) {
                // That is what was wanted.
            }
        }
    }

    private int readAnswer() throws IOException {
        int status = statusOf(readLine());
        long length = NO_BODY_LENGTH;
        boolean last = false;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length = number(header.substring(header.indexOf(':') + 1).trim(), 10);
            } else if (header.equals("transfer-encoding: chunked")) {
                length = CHUNKED;
            } else if (header.equals("connection: close")) {
                last = true;
            }
        }
        skipBody(length);
        if (last) {
            close();
        }
        return status;
    }

    private void skipBody(long length) throws IOException {
        if (length == NO_BODY_LENGTH) {
            throw new ProtocolException("an answer without a length");
        }
        if (length != CHUNKED) {
            in.skipNBytes(length);
            return;
        }
        long chunk;
        do {
            chunk = number(readLine(), 16);
            in.skipNBytes(chunk);
            if (!readLine().isEmpty()) {
                throw new ProtocolException("a chunk that is longer than it says");
            }
        } while (chunk > 0);
    }

    private static int statusOf(String line) throws IOException {
        if (!line.matches("HTTP/1\\.1 [0-9]{3}.*")) {
            throw new ProtocolException("no status line: " + line);
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static long number(String text, int radix) throws IOException {
        try {
            return Long.parseLong(text, radix);
        } catch (NumberFormatException malformed) {
            throw new ProtocolException("no length: " + text);
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > MAX_LINE_BYTES) {
                throw new EOFException("the answer ended in a line");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
