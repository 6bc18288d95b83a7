package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answer of an HTTP/1.1 server (RFC 9112): a body of a stated length, in chunks, or, for a hijacked connection, all
 * that comes until the end.
 */
final class HttpAnswer implements Response {
    private static final int MAX_HEAD = 64 << 10;
    private static final long TO_THE_END = -1;
    private static final long CHUNKED = -2;

    /** Learns that the answer is done with. */
    interface End {
        void end(boolean reusable);
    }

    private final SocketChannel channel;
    private final End end;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10).limit(0);
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Body body = new Body();
    private int status;
    private long kind;
    /** Bytes of the body, or of its present chunk, that have not been read. */
    private long left;

    private boolean finished;
    private boolean closed;

    private HttpAnswer(SocketChannel channel, End end) {
        this.channel = channel;
        this.end = end;
    }

    /** Reads the head; the body comes as it is asked for. */
    static HttpAnswer read(SocketChannel channel, End end) throws IOException {
        HttpAnswer answer = new HttpAnswer(channel, end);
        String line = answer.line();
        if (!line.startsWith("HTTP/1.") || line.length() < 12) {
            throw new IOException("not an HTTP answer: " + line.substring(0, Math.min(line.length(), 80)));
        }
        answer.status = Integer.parseInt(line, 9, 12, 10);
        int size = 0;
        for (line = answer.line(); !line.isEmpty(); line = answer.line()) {
            size += line.length();
            int colon = line.indexOf(':');
            if (colon < 1 || size > MAX_HEAD) {
                throw new IOException("malformed HTTP header");
            }
            answer.headers
                    .computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
        }
        answer.chooseBody();
        return answer;
    }

    private void chooseBody() throws IOException {
        String length = getHeader("Content-Length");
        String coding = getHeader("Transfer-Encoding");
        if (status == 204 || status == 304) {
            kind = 0;
        } else if (coding != null && coding.equalsIgnoreCase("chunked")) {
            kind = CHUNKED;
        } else if (length != null && status != 101) {
            kind = Long.parseLong(length);
            if (kind < 0) {
                throw new IOException("malformed Content-Length");
            }
        } else {
            kind = TO_THE_END;
        }
        left = Math.max(kind, 0);
        finished = kind == 0;
    }

    @Override
    public int getStatusCode() {
        return status;
    }

    @Override
    public Map<String, List<String>> getHeaders() {
        return headers;
    }

    @Override
    public @Nullable String getHeader(String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.getFirst();
    }

    @Override
    public InputStream getBody() {
        return body;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            end.end(finished && kind != TO_THE_END && !"close".equalsIgnoreCase(getHeader("Connection")));
        }
    }

    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        buffer.clear();
        int n = channel.read(buffer);
        buffer.flip();
        return n > 0;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            if (!fill()) {
                throw new EOFException("the engine closed the connection");
            }
            char c = (char) (buffer.get() & 0xff);
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (line.length() >= MAX_HEAD) {
                throw new IOException("HTTP header line too long");
            }
            line.append(c);
        }
    }

    /** The body's bytes; the connection's end before the body's is an error, except where the body has no other end. */
    private final class Body extends InputStream {
        private boolean firstChunk = true;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (kind == CHUNKED && left == 0 && !finished) {
                nextChunk();
            }
            if (finished) {
                return -1;
            }
            if (!fill()) {
                if (kind == TO_THE_END) {
                    finished = true;
                    return -1;
                }
                throw new EOFException("the engine closed the connection in the middle of an answer");
            }
            int most = kind == TO_THE_END ? length : (int) Math.min(length, left);
            int n = Math.min(most, buffer.remaining());
            buffer.get(bytes, offset, n);
            if (kind != TO_THE_END) {
                left -= n;
                finished = kind != CHUNKED && left == 0;
            }
            return n;
        }

        @Override
        public void close() {
            HttpAnswer.this.close();
        }

        private void nextChunk() throws IOException {
            if (!firstChunk && !line().isEmpty()) {
                throw new IOException("malformed HTTP chunk");
            }
            firstChunk = false;
            String size = line();
            int extension = size.indexOf(';');
            try {
                left = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
            } catch (NumberFormatException e) {
                throw new IOException("malformed HTTP chunk", e);
            }
            if (left == 0) {
                String trailer = line();
                while (!trailer.isEmpty()) {
                    trailer = line();
                }
                finished = true;
            }
        }
    }
}
