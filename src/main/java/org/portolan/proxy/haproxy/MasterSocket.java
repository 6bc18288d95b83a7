package org.portolan.proxy.haproxy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;

/**
 * One conversation over HAProxy's master socket (management guide, chapter 9.4), kept open for many commands. Every answer
 * has a deadline.
 */
final class MasterSocket implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int LARGEST = 256 << 20;

    private final Path path;
    private final SocketChannel channel;
    private final Selector selector;
    private byte[] received = new byte[16_384];
    private int length;

    private MasterSocket(Path path, SocketChannel channel, Selector selector) {
        this.path = path;
        this.channel = channel;
        this.selector = selector;
    }

    /** Opens the conversation with the master; throws {@link IOException} when nobody listens. */
    static MasterSocket open(Path path) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = null;
        try {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.configureBlocking(false);
            selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            MasterSocket socket = new MasterSocket(path, channel, selector);
            socket.ask("prompt");
            return socket;
        } catch (IOException problem) {
            channel.close();
            if (selector != null) {
                selector.close();
            }
            throw problem;
        }
    }

    /** Sends the next commands to a worker instead of to the master. */
    void enter(long worker) throws IOException {
        String answer = ask("@!" + worker);
        if (!answer.isBlank()) {
            throw new IOException("HAProxy has no worker " + worker + ": " + answer.strip());
        }
    }

    /** Says one command and returns its answer without the prompt. */
    String ask(String command) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (line.hasRemaining()) {
            if (channel.write(line) == 0) {
                await(SelectionKey.OP_WRITE, end, command);
            }
        }
        length = 0;
        int prompt = promptAt();
        while (prompt < 0) {
            await(SelectionKey.OP_READ, end, command);
            read(command);
            prompt = promptAt();
        }
        return new String(received, 0, prompt, StandardCharsets.UTF_8);
    }

    private void read(String command) throws IOException {
        if (length == received.length) {
            if (length >= LARGEST) {
                throw new IOException("the answer to `" + word(command) + "` is too long");
            }
            received = Arrays.copyOf(received, received.length * 2);
        }
        ByteBuffer buffer = ByteBuffer.wrap(received, length, received.length - length);
        int count = channel.read(buffer);
        if (count < 0) {
            throw new IOException("HAProxy closed " + path + " before it answered `" + word(command) + "`");
        }
        length += count;
    }

    private void await(int operation, long end, String command) throws IOException {
        SelectionKey key = channel.keyFor(selector);
        key.interestOps(operation);
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0 || selector.select(left) == 0) {
            throw new IOException(
                    "HAProxy did not answer `" + word(command) + "` within " + DEADLINE.toSeconds() + " s");
        }
        selector.selectedKeys().clear();
    }

    /** Where the answer ends and the prompt ({@code master> } or {@code 4711> } on a separate line) begins; -1: not yet. */
    private int promptAt() {
        if (length < 2 || received[length - 1] != ' ' || received[length - 2] != '>') {
            return -1;
        }
        int at = length - 2;
        while (at > 0 && isWord(received[at - 1])) {
            at--;
        }
        boolean own = at < length - 2 && (at == 0 || received[at - 1] == '\n');
        return own ? at : -1;
    }

    private static boolean isWord(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z');
    }

    /** The first words of a command: enough to know it by. */
    private static String word(String command) {
        int second = command.indexOf(' ', command.indexOf(' ') + 1);
        return second > 0 ? command.substring(0, second) : command;
    }

    /** The failure that a caller sees. */
    static Failure failure(Path socket, IOException problem) {
        return new Failure(Kind.UNREACHABLE, "HAProxy does not answer on " + socket + ": " + problem.getMessage())
                .withRemedy(Remedy.of(Call.of(Verb.SYSTEM_UP))
                        .and(" starts it again; ")
                        .and(Call.of(Verb.DOCTOR))
                        .and(" shows more"))
                .withCause(problem);
    }

    @Override
    public void close() {
        try (channel;
                selector) {
            channel.shutdownOutput();
        } catch (IOException closedAnyway) {
            // The other side may have gone first.
        }
    }
}
