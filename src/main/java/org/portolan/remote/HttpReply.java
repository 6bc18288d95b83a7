package org.portolan.remote;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer of HTTP/1.1: its head, and its body as it comes. What is sent has limits: the other side may be anything.
 */
final class HttpReply {
    private static final int LINE = 16 * 1024;
    private static final int HEADERS = 100;
    private static final int HEX = 16;

    private final InputStream in;
    private final int status;
    private final Map<String, String> headers;

    /** How many bytes of the body, or of its present chunk, are still to come; -1: until the connection ends. */
    private long left;

    private final boolean chunked;
    private boolean ended;

    private HttpReply(InputStream in, int status, Map<String, String> headers) throws IOException {
        this.in = in;
        this.status = status;
        this.headers = headers;
        chunked = header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
        String length = header("content-length");
        left = chunked ? 0 : length.isEmpty() ? -1 : number(length, 10);
        ended = !chunked && left == 0;
    }

    /** Reads the head. */
    static HttpReply read(InputStream in) throws IOException {
        String first = line(in);
        String[] words = first.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5]\\d\\d")) {
            throw new NotHttp();
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() >= HEADERS) {
                throw new NotHttp();
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new HttpReply(in, Integer.parseInt(words[1]), headers);
    }

    /** What came is not HTTP. */
    static final class NotHttp extends IOException {
        private static final long serialVersionUID = 1;

        NotHttp() {
            super("the answer is not HTTP");
        }
    }

    int status() {
        return status;
    }

    /** "" when it was not sent. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /**
     * The whole body.
     *
     * @throws IOException also when it has more bytes than that
     */
    byte[] body(int most) throws IOException {
        byte[] all = new byte[0];
        byte[] part = new byte[8 * 1024];
        int size = 0;
        for (int read = read(part); read >= 0; read = read(part)) {
            if (size + read > most) {
                throw new IOException("the answer is larger than " + most + " bytes");
            }
            if (size + read > all.length) {
                all = java.util.Arrays.copyOf(all, Math.max(size + read, 2 * all.length));
            }
            System.arraycopy(part, 0, all, size, read);
            size += read;
        }
        return java.util.Arrays.copyOf(all, size);
    }

    /** Some bytes of the body; -1 at its end. */
    int read(byte[] into) throws IOException {
        if (!ended && chunked && left == 0) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int most = left < 0 ? into.length : (int) Math.min(left, into.length);
        int read = in.read(into, 0, most);
        if (read < 0) {
            if (left >= 0) {
                throw new EOFException("the connection ended in the middle of the answer");
            }
            ended = true;
            return -1;
        }
        if (left > 0) {
            left -= read;
            if (left == 0 && chunked) {
                line(in);
            }
            ended = left == 0 && !chunked;
        }
        return read;
    }

    private void nextChunk() throws IOException {
        String size = line(in);
        int extension = size.indexOf(';');
        left = number((extension < 0 ? size : size.substring(0, extension)).strip(), HEX);
        if (left == 0) {
            ended = true;
        }
    }

    private static long number(String text, int base) throws IOException {
        try {
            long number = Long.parseLong(text, base);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException otherForm) {
            // Below.
        }
        throw new NotHttp();
    }

    private static String line(InputStream in) throws IOException {
        byte[] bytes = new byte[LINE];
        int size = 0;
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended before the answer did");
            }
            if (size == LINE) {
                throw new NotHttp();
            }
            bytes[size++] = (byte) next;
        }
        if (size > 0 && bytes[size - 1] == '\r') {
            size--;
        }
        return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    }
}
