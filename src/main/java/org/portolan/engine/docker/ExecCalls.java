package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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

    int attach(String container, List<String> command, boolean interactive, boolean tty) {
        String id = make(container, command, Map.of(), interactive, tty, "");
        try (AttachedTerminal terminal = tty ? AttachedTerminal.raw() : AttachedTerminal.untouched();
                Response response = start(container, id, tty, interactive ? System.in : InputStream.nullInputStream());
                AutoCloseable resizing =
                        tty ? WindowChanges.follow(terminal::size, size -> resize("/exec/" + id, size)) : () -> {}) {
            Frames.read(response.getBody(), tty, (error, bytes, length) -> {
                OutputStream out = error ? System.err : System.out;
                out.write(bytes, 0, length);
                out.flush();
            });
        } catch (IOException e) {
            throw EngineFailures.unreachable(calls.endpoint(), "the command in " + container, calls.deadline(), e);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception closing) {
            throw new IllegalStateException(closing);
        }
        return exitCode(container, id);
    }

    /** Attached first, so that nothing of the output is missed, then started. */
    int run(String container, boolean interactive, boolean tty) {
        String streams = "/attach?stream=1&stdout=1&stderr=1" + (interactive ? "&stdin=1" : "");
        try (AttachedTerminal terminal = tty ? AttachedTerminal.raw() : AttachedTerminal.untouched();
                Response response = calls.open(
                        "cannot attach to " + container,
                        "POST",
                        Containers.path(container, streams),
                        null,
                        Map.of(),
                        interactive ? System.in : InputStream.nullInputStream())) {
            new Containers(calls).start(container);
            try (AutoCloseable resizing = tty
                    ? WindowChanges.follow(terminal::size, size -> resize("/containers/" + container, size))
                    : () -> {}) {
                Frames.read(response.getBody(), tty, (error, bytes, length) -> {
                    OutputStream out = error ? System.err : System.out;
                    out.write(bytes, 0, length);
                    out.flush();
                });
            }
        } catch (IOException e) {
            throw EngineFailures.unreachable(calls.endpoint(), "the command in " + container, calls.deadline(), e);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception closing) {
            throw new IllegalStateException(closing);
        }
        return ended(container, "/containers/" + container + "/json", "State");
    }

    private void resize(String what, AttachedTerminal.Size size) {
        calls.send("POST", what + "/resize?h=" + size.rows() + "&w=" + size.columns(), null, calls.deadline());
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
