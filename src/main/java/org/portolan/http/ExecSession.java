package org.portolan.http;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonMismatch;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.container.CommandStreams;

/**
 * A command in a container, with the streams of a client. The first message says which command; then come the frames of the
 * subprotocol that Kubernetes calls {@value #PROTOCOL}: the first byte of each tells the stream.
 */
final class ExecSession extends WebSocketPeer implements CommandStreams {
    static final String PROTOCOL = "v5.channel.k8s.io";

    private static final int INPUT = 0;
    private static final int OUTPUT = 1;
    private static final int ERROR = 2;
    private static final int STATUS = 3;
    private static final int SIZE = 4;
    private static final int END = 255;

    private static final int MOST_FRAME = 64 * 1024 + 1;
    private static final int MOST_START = 256 * 1024;
    private static final int MOST_SIZE = 1024;
    private static final int MOST_CELLS = 10_000;

    /** What is run. */
    interface Work {
        int run(List<String> command, CommandStreams streams);
    }

    /**
     * What a client asks for.
     *
     * @param interactive whether the command gets input
     */
    private record Start(List<String> command, boolean interactive, boolean terminal) {
        static final Start NONE = new Start(List.of(), false, false);
    }

    private record Size(int rows, int columns) {}

    private final Work work;
    private final Function<RuntimeException, Map<String, Object>> problem;
    private final ExecInput input = new ExecInput(this::listen);
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final AtomicInteger sizes = new AtomicInteger();
    private volatile Start start = Start.NONE;
    private int channel;
    private boolean gone;
    private @Nullable Runnable leave;
    private volatile @Nullable Resize resize;
    private volatile @Nullable Size size;

    /** @param problem the problem that is sent when the command could not be run */
    ExecSession(
            Times times,
            BooleanSupplier stands,
            Consumer<WebSocketPeer> closed,
            Work work,
            Function<RuntimeException, Map<String, Object>> problem) {
        super(times, stands, closed);
        this.work = work;
        this.problem = problem;
    }

    @Override
    void opened(CoreSession session) {
        session.setAutoFragment(false);
        session.setMaxFrameSize(MOST_FRAME);
    }

    @Override
    boolean data(boolean text, boolean first, boolean last, ByteBuffer payload) throws NotAllowed {
        if (text) {
            begin(last, payload);
            return true;
        }
        if (start.command().isEmpty()) {
            throw new NotAllowed(POLICY, "the first message has to be the command");
        }
        if (first) {
            if (!payload.hasRemaining()) {
                throw new NotAllowed(PROTOCOL_ERROR, "a frame without a stream");
            }
            channel = payload.get() & 0xff;
        }
        if (channel == INPUT) {
            return input.put(payload);
        }
        if (!first || !last) {
            throw new NotAllowed(PROTOCOL_ERROR, "only input may come in parts");
        }
        if (channel == SIZE) {
            resized(payload);
        } else if (channel == END && payload.remaining() == 1 && payload.get() == INPUT) {
            input.end();
        } else {
            throw new NotAllowed(PROTOCOL_ERROR, "unknown stream " + channel);
        }
        return true;
    }

    private void begin(boolean last, ByteBuffer payload) throws NotAllowed {
        if (!start.command().isEmpty() || head.size() + payload.remaining() > MOST_START) {
            throw new NotAllowed(POLICY, "one command of at most " + MOST_START + " bytes");
        }
        byte[] part = new byte[payload.remaining()];
        payload.get(part);
        head.writeBytes(part);
        if (!last) {
            return;
        }
        try {
            StrictJson asked = StrictJson.read(head.toByteArray());
            List<String> command = asked.texts("command");
            if (command.isEmpty() || command.getFirst().isEmpty()) {
                throw new NotAllowed(POLICY, "no command is given");
            }
            start = new Start(command, flag(asked, "stdin"), flag(asked, "tty"));
        } catch (NotJson | JsonMismatch wrong) {
            throw new NotAllowed(POLICY, "the first message has to be {\"command\": [\"sh\"]}");
        }
        Thread.ofPlatform().daemon().name("exec").start(this::run);
    }

    private static boolean flag(StrictJson asked, String name) {
        return asked.find(name).map(StrictJson::flag).orElse(false);
    }

    private void resized(ByteBuffer payload) throws NotAllowed {
        if (payload.remaining() > MOST_SIZE) {
            throw new NotAllowed(PROTOCOL_ERROR, "a size is smaller");
        }
        byte[] text = new byte[payload.remaining()];
        payload.get(text);
        try {
            StrictJson told = StrictJson.read(text);
            int rows = told.number("Height");
            int columns = told.number("Width");
            if (rows < 1 || columns < 1 || rows > MOST_CELLS || columns > MOST_CELLS) {
                throw new NotAllowed(PROTOCOL_ERROR, "no terminal has that size");
            }
            size = new Size(rows, columns);
            tellSize();
        } catch (NotJson | JsonMismatch wrong) {
            throw new NotAllowed(PROTOCOL_ERROR, "a size is {\"Width\": 80, \"Height\": 24}");
        }
    }

    /** By another thread, since the engine has to be waited for; however many sizes came meanwhile, the last one counts. */
    private void tellSize() {
        if (resize != null && sizes.getAndIncrement() == 0) {
            Thread.ofVirtual().name("exec size").start(() -> {
                int seen;
                do {
                    seen = sizes.get();
                    told(size);
                } while (!sizes.compareAndSet(seen, 0));
            });
        }
    }

    private void told(@Nullable Size now) {
        Resize to = resize;
        try {
            if (now != null && to != null) {
                to.to(now.rows(), now.columns());
            }
        } catch (RuntimeException refused) {
            // The command may have ended in between; its own stream tells.
        }
    }

    private void run() {
        byte[] status;
        try {
            status = ExecStatus.exited(work.run(start.command(), this));
        } catch (RuntimeException failure) {
            status = here() ? ExecStatus.failed(problem.apply(failure)) : new byte[0];
        }
        input.close();
        send(STATUS, status, status.length);
        end(NORMAL, "");
    }

    private boolean send(int stream, byte[] bytes, int length) {
        ByteBuffer frame = ByteBuffer.allocate(length + 1);
        frame.put((byte) stream).put(bytes, 0, length).flip();
        return send(OpCode.BINARY, frame);
    }

    @Override
    void beat() {
        if (start.command().isEmpty()) {
            end(POLICY, "no command came");
        }
    }

    @Override
    void gone() {
        Runnable left;
        synchronized (this) {
            gone = true;
            left = leave;
        }
        input.close();
        if (left != null) {
            left.run();
        }
    }

    @Override
    public boolean interactive() {
        return start.interactive();
    }

    @Override
    public boolean terminal() {
        return start.terminal();
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public boolean output(boolean error, byte[] bytes, int length) {
        return send(error ? ERROR : OUTPUT, bytes, length);
    }

    @Override
    public AutoCloseable begin() {
        return () -> {};
    }

    @Override
    public AutoCloseable begun(Runnable leaving, Resize resizing) {
        boolean late;
        synchronized (this) {
            leave = leaving;
            late = gone;
        }
        if (late) {
            leaving.run();
        }
        resize = start.terminal() ? resizing : null;
        tellSize();
        return () -> {
            resize = null;
            synchronized (this) {
                leave = null;
            }
        };
    }
}
