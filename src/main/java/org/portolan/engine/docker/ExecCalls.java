package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Engine.ExecResult;
import org.portolan.engine.EngineException;
import org.portolan.model.container.CommandStreams;
import org.portolan.socket.SocketWatchdog;

/** Commands in running containers. */
final class ExecCalls {
    private static final int MAX_OUTPUT = 64 << 10;
    /** The exit status that timeout(1) gives. */
    private static final int TIMED_OUT = 124;

    private final Calls calls;

    ExecCalls(Calls calls) {
        this.calls = calls;
    }

    ExecResult exec(String container, List<String> command, Map<String, String> env, Duration deadline) {
        return finish(container, make(container, command, env, false, false, ""), deadline);
    }

    /** Runs a command as the user that owns everything in the container, whoever its process runs as. */
    ExecResult execAsRoot(String container, List<String> command, Duration deadline) {
        return finish(container, make(container, command, Map.of(), false, false, "0"), deadline);
    }

    private ExecResult finish(String container, String id, Duration deadline) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (Response response = start(container, id, false, null);
                SocketWatchdog watchdog = new SocketWatchdog();
                SocketWatchdog.Guard guard = watchdog.guard(deadline, response)) {
            try {
                Frames.read(response.getBody(), false, (error, bytes, length) -> keep(output, bytes, length));
            } catch (IOException e) {
                if (guard.expired()) {
                    return new ExecResult(TIMED_OUT, text(output), true);
                }
                throw EngineFailures.unreachable(calls.endpoint(), "the command in " + container, deadline, e);
            }
            if (guard.expired()) {
                return new ExecResult(TIMED_OUT, text(output), true);
            }
        }
        return new ExecResult(exitCode(container, id), text(output));
    }

    int attach(String container, List<String> command, CommandStreams streams) {
        String id = make(container, command, Map.of(), streams.interactive(), streams.terminal(), "");
        try (AutoCloseable terminal = streams.begin();
                Response response = start(container, id, streams.terminal(), input(streams));
                AutoCloseable sizes = streams.begun(response::close, resizing("/exec/" + id))) {
            Frames.read(
                    response.getBody(),
                    streams.terminal(),
                    (error, bytes, length) -> pass(streams, error, bytes, length));
        } catch (Exception ended) {
            return left(container, ended);
        }
        return exitCode(container, id);
    }

    /** Attached first, so that nothing of the output is missed, then started. */
    int run(String container, CommandStreams streams) {
        String query = "/attach?stream=1&stdout=1&stderr=1" + (streams.interactive() ? "&stdin=1" : "");
        try (AutoCloseable terminal = streams.begin();
                Response response = calls.open(
                        "cannot attach to " + container,
                        "POST",
                        Containers.path(container, query),
                        null,
                        Map.of(),
                        input(streams))) {
            new Containers(calls).start(container);
            try (AutoCloseable sizes = streams.begun(response::close, resizing("/containers/" + container))) {
                Frames.read(
                        response.getBody(),
                        streams.terminal(),
                        (error, bytes, length) -> pass(streams, error, bytes, length));
            }
        } catch (Exception ended) {
            return left(container, ended);
        }
        return ended(container, "/containers/" + container + "/json", "State");
    }

    private static InputStream input(CommandStreams streams) {
        return streams.interactive() ? streams.input() : InputStream.nullInputStream();
    }

    private static void pass(CommandStreams streams, boolean error, byte[] bytes, int length) throws IOException {
        if (!streams.output(error, bytes, length)) {
            throw new NobodyReads();
        }
    }

    /** Nobody reads the command's output any more. */
    private static final class NobodyReads extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** What a command's streams ended with before the command did. */
    private int left(String container, Exception ended) {
        if (ended instanceof NobodyReads) {
            return CommandStreams.LEFT;
        }
        if (ended instanceof IOException broken) {
            throw EngineFailures.unreachable(calls.endpoint(), "the command in " + container, calls.deadline(), broken);
        }
        throw ended instanceof RuntimeException failure ? failure : new IllegalStateException(ended);
    }

    private CommandStreams.Resize resizing(String what) {
        return (rows, columns) ->
                calls.send("POST", what + "/resize?h=" + rows + "&w=" + columns, null, calls.deadline());
    }

    /** @param user "" for the container's */
    private String make(
            String container, List<String> command, Map<String, String> env, boolean input, boolean tty, String user) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("AttachStdin", input);
        body.put("AttachStdout", true);
        body.put("AttachStderr", true);
        body.put("Tty", tty);
        body.put("Cmd", command);
        if (!user.isEmpty()) {
            body.put("User", user);
        }
        if (!env.isEmpty()) {
            List<String> variables = new ArrayList<>();
            env.forEach((name, value) -> variables.add(name + "=" + value));
            body.put("Env", variables);
        }
        String what = "cannot run a command in " + container;
        return calls.require(what, calls.send("POST", Containers.path(container, "/exec"), body, calls.deadline()))
                .at("Id")
                .text();
    }

    private Response start(String container, String id, boolean tty, @Nullable InputStream input) {
        return calls.open(
                "cannot run a command in " + container,
                "POST",
                "/exec/" + id + "/start",
                Map.of("Detach", false, "Tty", tty),
                Map.of(),
                input);
    }

    /** The output ends a moment before the engine notes the command's end. */
    private int exitCode(String container, String id) {
        return ended(container, "/exec/" + id + "/json", "");
    }

    /** @param within where the details say it; "" for at once */
    private int ended(String container, String path, String within) {
        long end = System.nanoTime() + calls.deadline().toNanos();
        while (true) {
            DockerJson all = calls.get("cannot inspect the command in " + container, path);
            DockerJson details = within.isEmpty() ? all : all.at(within);
            if (!details.at("Running").flag()) {
                return (int) details.at("ExitCode").number();
            }
            if (System.nanoTime() > end) {
                throw new EngineException(
                        EngineException.Reason.REFUSED,
                        "the command in " + container + " closed its output but did not exit",
                        Optional.empty());
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EngineException(EngineException.Reason.UNREACHABLE, "interrupted", Optional.of(e));
            }
        }
    }

    private static void keep(ByteArrayOutputStream output, byte[] bytes, int length) {
        output.write(bytes, 0, Math.min(length, MAX_OUTPUT - output.size()));
    }

    private static String text(ByteArrayOutputStream output) {
        return output.toString(StandardCharsets.UTF_8);
    }
}
