package org.portolan.proxy.haproxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.socket.SocketWatchdog;
import org.portolan.socket.UnixSocket;

/**
 * One conversation over HAProxy's master socket (management guide, chapter 9.4), kept open for many commands. Every answer
 * has a deadline.
 */
final class MasterSocket implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int LARGEST = 256 << 20;

    /** One for all conversations: a release has one every few milliseconds, and closing a unix socket waits for nobody. */
    private static final SocketWatchdog WATCHDOG = new SocketWatchdog();

    private final Path path;
    private final UnixSocket socket;
    private byte[] received = new byte[16_384];
    private int length;

    private MasterSocket(Path path, UnixSocket socket) {
        this.path = path;
        this.socket = socket;
    }

    /** Opens the conversation with the master; throws {@link IOException} when nobody listens or answers. */
    static MasterSocket open(Path path) throws IOException {
        MasterSocket master = new MasterSocket(path, UnixSocket.connect(path.toString(), DEADLINE, WATCHDOG));
        try {
            master.ask("prompt");
            return master;
        } catch (IOException problem) {
            master.close();
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
        byte[] line = (command + "\n").getBytes(StandardCharsets.UTF_8);
        SocketWatchdog.Guard guard = WATCHDOG.guard(DEADLINE, socket);
        try (guard) {
            socket.write(line, 0, line.length);
            length = 0;
            int prompt = promptAt();
            while (prompt < 0) {
                read(command);
                prompt = promptAt();
            }
            return new String(received, 0, prompt, StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw guard.expired()
                    ? new IOException(
                            "HAProxy did not answer `" + word(command) + "` within " + DEADLINE.toSeconds() + " s",
                            problem)
                    : problem;
        }
    }

    private void read(String command) throws IOException {
        if (length == received.length) {
            if (length >= LARGEST) {
                throw new IOException("the answer to `" + word(command) + "` is too long");
            }
            received = Arrays.copyOf(received, received.length * 2);
        }
        int count = socket.read(received, length, received.length - length);
        if (count < 0) {
            throw new IOException("HAProxy closed " + path + " before it answered `" + word(command) + "`");
        }
        length += count;
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
        try (socket) {
            socket.endOutput();
        } catch (IOException closedAnyway) {
            // The other side may have gone first.
        }
    }
}
