package org.portolan.proof;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One HTTP/2 connection (RFC 9113) with one request after another, by hand, so that nothing is tried again behind our back.
 * It tells the server to use no table for headers, so that of an answer's head only the status need be understood.
 */
final class Http2 implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int FRAME_LIMIT = 16_384;
    private static final int WINDOW = 65_535;

    private final Connection connection;
    private final DataInputStream in;
    private final OutputStream out;
    private long window = WINDOW;
    private long initialWindow = WINDOW;
    private long streamWindow;
    private int stream = -1;
    private int status;
    private boolean ended;
    private boolean last;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Http2(Connection connection) throws IOException {
        this.connection = connection;
        in = new DataInputStream(new BufferedInputStream(connection.input()));
        out = connection.output();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        // HEADER_TABLE_SIZE 0, ENABLE_PUSH 0
        frame(SETTINGS, 0, 0, new byte[] {0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0});
    }

    static Http2 open(int port, String host) throws IOException {
        Connection connection = Connection.tls(port, host, "h2");
        try {
            return new Http2(connection);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** Begins a request without waiting for its answer. */
    void begin(String method, String host, String path, Map<String, String> headers, boolean withBody)
            throws IOException {
        stream += 2;
        status = 0;
        ended = false;
        body.reset();
        streamWindow = initialWindow;
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        field(head, ":method", method);
        field(head, ":scheme", "https");
        field(head, ":authority", host);
        field(head, ":path", path);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            field(head, header.getKey(), header.getValue());
        }
        frame(HEADERS, END_HEADERS | (withBody ? 0 : END_STREAM), stream, head.toByteArray());
    }

    /** Sends a request with its body, as fast as the server lets it, and reads the answer. */
    Connection.Answer send(String method, String host, String path, Map<String, String> headers, byte[] data)
            throws IOException {
        begin(method, host, path, headers, data.length > 0);
        for (int sent = 0; sent < data.length && !ended; ) {
            int part = (int) Math.min(Math.min(window, streamWindow), Math.min(FRAME_LIMIT, data.length - sent));
            if (part <= 0) {
                read();
                continue;
            }
            byte[] piece = new byte[part];
            System.arraycopy(data, sent, piece, 0, part);
            sent += part;
            window -= part;
            streamWindow -= part;
            frame(DATA, sent == data.length ? END_STREAM : 0, stream, piece);
        }
        while (!ended) {
            read();
        }
        return new Connection.Answer(status, body.toString(StandardCharsets.UTF_8), last);
    }

    /** Takes a request back that has no answer yet, as a browser does whose user leaves. */
    void cancel() throws IOException {
        frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    private static void field(ByteArrayOutputStream head, String name, String value) {
        head.write(0x10); // a literal that is never indexed, with a new name
        text(head, name);
        text(head, value);
    }

    private static void text(ByteArrayOutputStream head, String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        if (octets.length < 127) {
            head.write(octets.length);
        } else {
            head.write(127);
            int rest = octets.length - 127;
            for (; rest >= 128; rest >>= 7) {
                head.write(rest & 127 | 128);
            }
            head.write(rest);
        }
        head.writeBytes(octets);
    }

    private void frame(int type, int flags, int on, byte[] payload) throws IOException {
        out.write(ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(on)
                .put(payload)
                .array());
        out.flush();
    }

    /** Reads one frame and does what it asks for. */
    private void read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int on = in.readInt() & 0x7FFFFFFF;
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new IOException("the connection was closed within a frame");
        }
        ByteBuffer data = ByteBuffer.wrap(payload);
        switch (type) {
            case SETTINGS -> settings(flags, data);
            case PING -> {
                if ((flags & 1) == 0) {
                    frame(PING, 1, 0, payload);
                }
            }
            case WINDOW_UPDATE -> {
                if (on == 0) {
                    window += data.getInt();
                } else if (on == stream) {
                    streamWindow += data.getInt();
                }
            }
            case GOAWAY -> {
                last = true;
                if (data.getInt() < stream) {
                    throw new IOException("the server goes away and has not seen the request, error " + data.getInt());
                }
            }
            case RST_STREAM -> {
                if (on == stream && !ended) {
                    throw new IOException("the stream was reset, error " + data.getInt());
                }
            }
            case HEADERS -> {
                if (on == stream) {
                    status = status == 0 ? status(payload) : status;
                    ended = (flags & END_STREAM) != 0;
                }
            }
            case DATA -> {
                if (on == stream) {
                    body.writeBytes(payload);
                    ended = (flags & END_STREAM) != 0;
                }
            }
            default -> {
                // Nothing that this client must know.
            }
        }
    }

    private void settings(int flags, ByteBuffer data) throws IOException {
        if ((flags & 1) != 0) {
            return;
        }
        while (data.remaining() >= 6) {
            int name = data.getShort();
            long value = data.getInt() & 0xFFFFFFFFL;
            if (name == 4) {
                streamWindow += value - initialWindow;
                initialWindow = value;
            }
        }
        frame(SETTINGS, 1, 0, new byte[0]);
    }

    /** The status is an answer's first field: one of the static table, or its name there and three digits. */
    private static int status(byte[] head) {
        int at = (head[0] & 0xE0) == 0x20 ? 1 : 0; // after an update of the table's size
        int first = head[at] & 0xFF;
        if (first >= 0x88 && first <= 0x8E) {
            return new int[] {200, 204, 206, 304, 400, 404, 500}[first - 0x88];
        }
        boolean huffman = (head[at + 1] & 0x80) != 0;
        return huffman ? huffman(head, at + 2) : digits(new String(head, at + 2, 3, StandardCharsets.US_ASCII));
    }

    private static int digits(String text) {
        return Integer.parseInt(text);
    }

    /** Three digits in the code of RFC 7541, appendix B: 0 to 2 have five bits, 3 to 9 six. */
    private static int huffman(byte[] head, int at) {
        int bits =
                (head[at] & 0xFF) << 16 | (head[at + 1] & 0xFF) << 8 | (at + 2 < head.length ? head[at + 2] & 0xFF : 0);
        int used = 0;
        int number = 0;
        for (int i = 0; i < 3; i++) {
            int five = bits >> (19 - used) & 31;
            if (five <= 2) {
                number = number * 10 + five;
                used += 5;
            } else {
                number = number * 10 + (bits >> (18 - used) & 63) - 0x19 + 3;
                used += 6;
            }
        }
        return number;
    }

    @Override
    public void close() {
        connection.close();
    }
}
