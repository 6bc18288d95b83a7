package org.portolan.http;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.query.InstanceLogs;
import org.portolan.query.Inventory;
import org.portolan.query.json.JsonFields;

/** The output of instances. */
final class LogRoutes {
    private static final int SHOWN = 100;
    private static final int MOST = 10_000;
    private static final int QUEUE = 1_000;
    private static final long LOOK_MILLIS = 300;
    private static final int TOGETHER = 32_768;

    private LogRoutes() {}

    static List<Route> all() {
        return List.of(Route.get(
                        "/v1/deployments/{deployment}/instances/{instance}/logs",
                        Route.READ,
                        "Show the output of an instance, or of all of a service's, a line each.",
                        ApiForms.LOG_LINE,
                        LogRoutes::logs)
                .as(Reply.NDJSON)
                .query("tail", "How many past lines of each instance; default: 100.", ApiSchema.between(0, MOST))
                .query("follow", "Whether what comes is sent, too.", ApiSchema.FLAG));
    }

    private static Reply logs(Api api, ApiRequest request) {
        String deployment = request.deployment();
        String name = request.name("instance");
        int tail = request.number("tail", SHOWN, 0, MOST);
        boolean follow = request.flag("follow");
        Inventory inventory = api.inventory(request.caller());
        inventory.deployments(Optional.of(deployment));
        List<Container> containers = inventory.containers(deployment, name);
        return stream(api, tail, follow, deployment, List.of(name), containers);
    }

    /**
     * The output of containers.
     *
     * @param names what else is followed when it comes; empty: all of the deployment
     */
    static Reply stream(
            Api api, int tail, boolean follow, String deployment, List<String> names, List<Container> containers) {
        return new Reply.Streamed(Reply.NDJSON, out -> {
            try (Lines lines = new Lines(out)) {
                InstanceLogs logs = new InstanceLogs(api.viewed(), lines::put);
                lines.write(() -> {
                    if (follow) {
                        logs.follow(deployment, names, containers, tail, lines::ended);
                    } else {
                        logs.past(containers, tail);
                    }
                });
            }
        });
    }

    /**
     * Lines between the engine's threads and the request's. A client that reads slowly holds the engine's stream of this log, and
     * nothing else.
     */
    private static final class Lines implements AutoCloseable {
        private final Reply.Out out;
        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>(QUEUE);
        private volatile boolean closed;
        private volatile @Nullable Failure failed;

        Lines(Reply.Out out) {
            this.out = out;
        }

        boolean ended() {
            return closed || out.ending();
        }

        void put(String instance, Instant at, boolean error, String text) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("instance", instance);
            fields.put("at", at);
            fields.put("stream", error ? "stderr" : "stdout");
            fields.put("text", text);
            String line = JsonTree.text(JsonFields.plain(fields), false) + "\n";
            try {
                while (!ended() && !queue.offer(line, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    // The client has not read yet.
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }

        /** Writes what the reader reads until it ends, the client is gone or this process stops listening. */
        void write(Runnable reader) throws IOException {
            Thread reading = Thread.ofVirtual().name("logs").start(() -> {
                try {
                    reader.run();
                } catch (Failure trouble) {
                    failed = trouble;
                }
            });
            long beat = System.nanoTime();
            try {
                while (!ended() && (reading.isAlive() || !queue.isEmpty())) {
                    String line = queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    long now = System.nanoTime();
                    if (line != null) {
                        out.send(line + waiting());
                        beat = now;
                    } else if (Duration.ofNanos(now - beat).compareTo(EventRoutes.HEARTBEAT) >= 0) {
                        out.send("\n");
                        beat = now;
                    }
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            Failure trouble = failed;
            if (trouble != null) {
                throw new IOException(trouble.what());
            }
        }

        /** What waits already: lines that come together are sent together. */
        private String waiting() {
            StringBuilder text = new StringBuilder();
            for (String line = queue.poll(); line != null; line = text.length() < TOGETHER ? queue.poll() : null) {
                text.append(line);
            }
            return text.toString();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
