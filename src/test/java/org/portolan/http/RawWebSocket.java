package org.portolan.http;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A WebSocket client that does nothing by itself: it answers no ping, and reads nothing until it is asked to. */
final class RawWebSocket implements AutoCloseable {
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    final String head;
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** A frame, its payload as text. */
    record Got(int code, byte[] bytes) {
        int stream() {
            return bytes[0] & 0xff;
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** After the stream's byte. */
        String rest() {
            return new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
        }

        int status() {
            return ByteBuffer.wrap(bytes).getShort() & 0xffff;
        }
    }

    RawWebSocket(int port, String path, String token, String... headers) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        List<String> lines = new ArrayList<>(List.of(
                "GET " + path + " HTTP/1.1",
                "Host: x",
                "Authorization: Bearer " + token,
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        lines.addAll(List.of(headers));
        out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        StringBuilder read = new StringBuilder();
        while (read.indexOf("\r\n\r\n") < 0) {
            read.append((char) in.readUnsignedByte());
        }
        head = read.toString();
    }

    static RawWebSocket exec(int port, String token, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of("Sec-WebSocket-Protocol: " + ExecSession.PROTOCOL));
        all.addAll(List.of(headers));
        return new RawWebSocket(port, "/v1/deployments/shop/instances/web/exec", token, all.toArray(String[]::new));
    }

    int status() {
        return Integer.parseInt(head.split(" ", -1)[1]);
    }

    void send(int code, byte[] payload) throws IOException {
        send(true, code, payload);
    }

    void send(boolean last, int code, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) ((last ? 0x80 : 0) | code));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = {1, 2, 3, 4};
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        out.write(frame.array(), 0, frame.position());
    }

    void text(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    void stream(int stream, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[bytes.length + 1];
        frame[0] = (byte) stream;
        System.arraycopy(bytes, 0, frame, 1, bytes.length);
        send(BINARY, frame);
    }

    void endInput() throws IOException {
        send(BINARY, new byte[] {(byte) 255, 0});
    }

    /** The next frame; empty at the end of the connection. */
    Optional<Got> frame() throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = (int) in.readLong();
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return Optional.of(new Got(first & 0x0f, payload));
    }

    /** The next one that is not a ping. */
    Got next() throws IOException {
        Got got = frame().orElseThrow();
        return got.code() == PING ? next() : got;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
