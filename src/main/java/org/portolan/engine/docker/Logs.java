package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.engine.Engine.LogLine;
import org.portolan.engine.EngineException;
import org.portolan.socket.SocketWatchdog;

/** Containers' output. */
final class Logs {
    private static final int LONGEST_EXCERPT = 4000;

    private final Calls calls;
    private final Containers containers;

    Logs(Calls calls, Containers containers) {
        this.calls = calls;
        this.containers = containers;
    }

    List<String> tail(String container, int lines) {
        List<String> last = new ArrayList<>();
        Optional<DockerJson> details = containers.details(container);
        if (details.isEmpty() || lines <= 0) {
            return last;
        }
        String path = "/logs?stdout=1&stderr=1&timestamps=1&tail=" + lines;
        try (Response response = open(container, path);
                SocketWatchdog watchdog = new SocketWatchdog()) {
            SocketWatchdog.Guard guard = watchdog.guard(calls.deadline(), response);
            try {
                read(response, details.get(), (at, error, text) -> last.add(excerpt(text)));
            } catch (IOException e) {
                throw EngineFailures.unreachable(
                        calls.endpoint(),
                        "the log of " + container,
                        calls.deadline(),
                        guard.expired() ? new Transport.DeadlineExceeded(calls.deadline()) : e);
            }
        } catch (EngineException noneToRead) {
            if (noneToRead.reason() == EngineException.Reason.UNREACHABLE) {
                throw noneToRead;
            }
            if (noneToRead.what().contains("logging driver")) {
                String driver = details.get()
                        .at("HostConfig")
                        .at("LogConfig")
                        .at("Type")
                        .text();
                throw new EngineException(
                        EngineException.Reason.REFUSED,
                        "the log driver `" + driver + "` does not support reading logs",
                        Optional.of(noneToRead));
            }
        }
        // Lines of two streams, or in pieces, can be more than was asked for.
        return last.size() <= lines ? last : new ArrayList<>(last.subList(last.size() - lines, last.size()));
    }

    /** A line as an excerpt holds it: a very long one is cut, between characters. */
    private static String excerpt(String text) {
        return text.length() <= LONGEST_EXCERPT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_EXCERPT / 2)) + "…";
    }

    /** Returns once the stream is open; lines come on a separate thread, or before the return without follow. */
    AutoCloseable logs(String container, Optional<Instant> since, int tail, boolean follow, LogLine line) {
        DockerJson details = containers
                .details(container)
                .orElseThrow(() -> new EngineException(
                        EngineException.Reason.NOT_FOUND,
                        "container " + container + " does not exist",
                        Optional.empty()));
        StringBuilder path = new StringBuilder("/logs?stdout=1&stderr=1&timestamps=1");
        if (follow) {
            path.append("&follow=1");
        }
        if (since.isPresent()) {
            path.append("&since=").append(seconds(since.get()));
        } else {
            path.append("&tail=").append(tail);
        }
        Response response = open(container, path.toString());
        LogLine late = since.isEmpty()
                ? line
                : (at, error, text) -> {
                    // The engine counts the very moment in.
                    if (at.isAfter(since.get())) {
                        line.accept(at, error, text);
                    }
                };
        Runnable reading = () -> {
            try (response) {
                read(response, details, late);
            } catch (IOException closed) {
                // By the caller, or by the engine's end: there is no more to come either way.
            }
        };
        if (follow) {
            Thread.ofVirtual().name("engine-logs").start(reading);
        } else {
            reading.run();
        }
        return response;
    }

    private Response open(String container, String path) {
        return calls.open(
                "cannot read the log of " + container,
                "GET",
                Containers.path(container, path),
                null,
                java.util.Map.of(),
                null);
    }

    private static void read(Response response, DockerJson details, LogLine line) throws IOException {
        Lines output = new Lines((at, text) -> line.accept(at, false, text));
        Lines errors = new Lines((at, text) -> line.accept(at, true, text));
        boolean terminal = details.at("Config").at("Tty").flag();
        try {
            Frames.read(response.getBody(), terminal, new Frames.Sink() {
                @Override
                public void accept(boolean error, byte[] bytes, int length) {
                    (error ? errors : output).accept(bytes, length);
                }

                @Override
                public void frame(boolean error) {
                    (error ? errors : output).entry();
                }
            });
        } finally {
            output.end();
            errors.end();
        }
    }

    /** The Engine API's form of a moment: seconds and nanoseconds. */
    static String seconds(Instant at) {
        String nanos = String.valueOf(1_000_000_000L + at.getNano()).substring(1);
        return at.getEpochSecond() + "." + nanos;
    }
}
