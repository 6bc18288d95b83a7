package org.portolan.remote;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The client's end of a WebSocket (RFC 6455). One thread reads, any may write. Pings are answered by a separate thread: whoever reads
 * must never wait until something can be written, or both sides could wait for each other.
 */
final class WebSocket implements AutoCloseable {
    static final int SWITCHING = 101;
    static final int TEXT = 1;
    static final int BINARY = 2;

    private static final int CONTINUATION = 0;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LAST = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int MOST_CONTROL = 125;
    private static final int SHORT = 126;
    private static final int LONG = 127;
    private static final int MOST = 1024 * 1024;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Link link;
    private final DataInputStream in;
    private final SecureRandom random;
    private final Lock writing = new ReentrantLock();
    private final BlockingQueue<byte[]> pings = new ArrayBlockingQueue<>(1);
    private final Thread answering;
    private volatile String reason = "";
    private volatile int status;

    /** A connection that was agreed on. */
    WebSocket(Link link, InputStream in, SecureRandom random) {
        this.link = link;
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.random = random;
        answering = Thread.ofPlatform().daemon().name("websocket").start(this::answer);
    }

    /** What a server sent. */
    @SuppressWarnings("ArrayRecordComponent") // Read as it is, and compared by nobody.
    record Message(boolean text, byte[] bytes) {}

    /** What the other side does not send if it keeps to the protocol. */
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1;

        Broken(String what) {
            super("the WebSocket is broken: " + what);
        }
    }

    /** A key for {@link #ask}. */
    static String key(SecureRandom random) {
        byte[] key = new byte[16];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** The headers that ask for one. */
    static Map<String, String> ask(String key, String protocol) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Connection", "Upgrade");
        headers.put("Upgrade", "websocket");
        headers.put("Sec-WebSocket-Version", "13");
        headers.put("Sec-WebSocket-Key", key);
        headers.put("Sec-WebSocket-Protocol", protocol);
        return headers;
    }

    /** Whether it was agreed to. */
    static void check(HttpReply reply, String key, String protocol) throws IOException {
        boolean agreed = reply.status() == SWITCHING
                && reply.header("upgrade").equalsIgnoreCase("websocket")
                && reply.header("connection").toLowerCase(Locale.ROOT).contains("upgrade")
                && reply.header("sec-websocket-accept").equals(accept(key))
                && reply.header("sec-websocket-extensions").isEmpty()
                && reply.header("sec-websocket-protocol").equals(protocol);
        if (!agreed) {
            throw new Broken("the answer does not agree to it");
        }
    }

    private static String accept(String key) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException everyoneHasIt) {
            throw new IllegalStateException(everyoneHasIt);
        }
    }

    /** The next message; empty when the other side has ended the connection as it should. */
    Optional<Message> read() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        int kind = CONTINUATION;
        while (true) {
            int head = in.readUnsignedByte();
            int code = head & 0x0f;
            boolean last = (head & LAST) != 0;
            byte[] payload = payload(head, code, last, MOST - whole.size());
            switch (code) {
                case CLOSE -> {
                    reason = new String(
                            payload,
                            Math.min(2, payload.length),
                            Math.max(0, payload.length - 2),
                            StandardCharsets.UTF_8);
                    status = payload.length < 2 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xffff;
                    return Optional.empty();
                }
                case PING -> pings.offer(payload);
                case PONG -> {
                    // Nothing was asked.
                }
                case TEXT, BINARY, CONTINUATION -> {
                    if ((code == CONTINUATION) == (kind == CONTINUATION)) {
                        throw new Broken("its frames are out of order");
                    }
                    kind = code == CONTINUATION ? kind : code;
                    whole.writeBytes(payload);
                    if (last) {
                        return Optional.of(new Message(kind == TEXT, whole.toByteArray()));
                    }
                }
                default -> throw new Broken("unknown frame " + code);
            }
        }
    }

    private byte[] payload(int head, int code, boolean last, int room) throws IOException {
        int second = in.readUnsignedByte();
        long length = second & 0x7f;
        boolean control = code >= CLOSE;
        if ((head & RESERVED) != 0 || (second & MASKED) != 0 || (control && (!last || length > MOST_CONTROL))) {
            throw new Broken("a frame is not valid");
        }
        if (length == SHORT) {
            length = in.readUnsignedShort();
        } else if (length == LONG) {
            length = in.readLong();
        }
        if (length < 0 || (!control && length > room)) {
            throw new Broken("a message is larger than " + MOST + " bytes");
        }
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        return payload;
    }

    /** Why the other side ended it, in its words. */
    String reason() {
        return reason;
    }

    /** The number for that, as RFC 6455 has it; 0 when none was given. */
    int status() {
        return status;
    }

    /** Sends a message in frames of at most so many bytes. */
    void writeParts(int code, byte[] bytes, int most) throws IOException {
        for (int at = 0; at == 0 || at < bytes.length; at += most) {
            int end = Math.min(at + most, bytes.length);
            frame(
                    (end == bytes.length ? LAST : 0) | (at == 0 ? code : CONTINUATION),
                    Arrays.copyOfRange(bytes, at, end));
        }
    }

    /** Sends a message of one frame. Waits while the other side takes nothing. */
    void write(int code, byte[] bytes) throws IOException {
        frame(LAST | code, bytes);
    }

    private void frame(int head, byte[] bytes) throws IOException {
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        ByteBuffer frame = ByteBuffer.allocate(bytes.length + 14);
        frame.put((byte) head);
        if (bytes.length <= MOST_CONTROL) {
            frame.put((byte) (MASKED | bytes.length));
        } else if (bytes.length < 1 << 16) {
            frame.put((byte) (MASKED | SHORT)).putShort((short) bytes.length);
        } else {
            frame.put((byte) (MASKED | LONG)).putLong(bytes.length);
        }
        frame.put(mask);
        for (int i = 0; i < bytes.length; i++) {
            frame.put((byte) (bytes[i] ^ mask[i % mask.length]));
        }
        writing.lock();
        try {
            link.out().write(frame.array(), 0, frame.position());
            link.out().flush();
        } finally {
            writing.unlock();
        }
    }

    private void answer() {
        try {
            while (true) {
                write(PONG, pings.take());
            }
        } catch (InterruptedException | IOException ended) {
            // Whoever reads sees the end of the connection.
        }
    }

    /** Ends the connection, at once. */
    @Override
    public void close() {
        answering.interrupt();
        try (link) {
            if (writing.tryLock()) {
                try {
                    write(CLOSE, new byte[] {0x03, (byte) 0xe8});
                } finally {
                    writing.unlock();
                }
            }
        } catch (IOException alreadyBroken) {
            // Nothing more is wanted of it.
        }
    }
}
