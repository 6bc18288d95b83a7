package org.portolan.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Applications and clients that are less well-behaved, beside the site: an app that knows one Host only, one that exits in
 * the middle of a request, clients that leave before the answer, uploads over HTTP/2. Separate deployments, so that what
 * they do to themselves does not touch the site's releases.
 */
final class Odd {
    static final String STRICT = "strict.odd.test";
    static final String FRAGILE = "fragile.odd.test";
    static final String LINGERING = "lingering.odd.test";
    private static final int FRAGILE_INSTANCES = 4;
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS");
    private static final List<String> METHODS =
            List.of("GET", "POST", "GET", "PUT", "DELETE", "GET", "PATCH", "HEAD", "PURGE");
    /** How soon an application must know that its client left. */
    private static final long SOON_MILLIS = 5000;
    /**
     * How soon a service must answer again after an instance exited. The engine restarts an instance later each time, up to
     * several seconds on a busy machine, and the request of before may have ended the other two.
     */
    private static final long ALIVE_MILLIS = 20_000;

    private final Tally tally;
    private final ProofSite.Ports ports;
    private final CountFile count;
    private final Path folder;
    private final AtomicLong next = new AtomicLong();

    Odd(Tally tally, ProofSite.Ports ports, Path folder) throws IOException {
        this.tally = tally;
        this.ports = ports;
        this.folder = Files.createDirectories(folder);
        this.count = new CountFile(folder.resolve("count/requests"));
    }

    /** Writes the Servicefiles {@code strict/} and {@code odd/}. */
    void write(int version) throws IOException {
        Files.createDirectories(folder.resolve("strict"));
        Files.createDirectories(folder.resolve("odd"));
        Files.writeString(folder.resolve("strict/Servicefile"), """
                Name: strict
                Domains: {HOST: {http: app}}
                app:
                  image: IMAGE
                  env: {NAME: app, VERSION: "VERSION_NUMBER", STRICT_HOST: HOST}
                  ports: {http: 8000}
                  health: {http: /up, interval: 500ms, start_interval: 100ms, deadline: 10s}
                  scale: 2
                  rollout: {min_healthy: 300ms}
                """.replace("VERSION_NUMBER", String.valueOf(version))
                .replace("HOST: {", STRICT + ": {")
                .replace("STRICT_HOST: HOST", "STRICT_HOST: " + STRICT)
                .replace("IMAGE", ProofImages.SERVER));
        Files.writeString(folder.resolve("odd/Servicefile"), """
                Name: odd
                Domains: {FRAGILE: {http: fragile}, LINGERING: {http: lingering}}
                fragile:
                  image: IMAGE
                  env: {NAME: fragile, VERSION: "1", COUNT: /count/requests}
                  ports: {http: 8000}
                  volumes: {"FOLDER": /count}
                  health: {http: /up, interval: 500ms, start_interval: 100ms}
                  scale: INSTANCES
                  rollout: {strategy: rolling, min_healthy: 300ms}
                lingering:
                  image: IMAGE
                  env: {NAME: lingering, VERSION: "1", COUNT: /count/requests}
                  ports: {http: 8000}
                  volumes: {"FOLDER": /count}
                  health: {http: /up, interval: 500ms, start_interval: 100ms}
                  scale: 2
                  rollout: {strategy: rolling, min_healthy: 300ms}
                """.replace("FRAGILE", FRAGILE)
                .replace("LINGERING", LINGERING)
                .replace("FOLDER", folder.resolve("count").toString())
                .replace("INSTANCES", String.valueOf(FRAGILE_INSTANCES))
                .replace("IMAGE", ProofImages.SERVER));
    }

    Path strict() {
        return folder.resolve("strict");
    }

    Path odd() {
        return folder.resolve("odd");
    }

    /** Clients of the app with one Host. */
    void startStrict(ProofWorkers workers, double perSecond) {
        Target target = new Target(STRICT, "/", List.of("app"));
        workers.start(2, perSecond, Kind.STRICT, () -> () -> {
            String path = "/?n=" + next.incrementAndGet();
            long began = System.nanoTime();
            try (Connection connection = Connection.plain(ports.http())) {
                String fault = target.fault(connection.get(STRICT, path, "Connection: close\r\n"), path);
                count(Kind.STRICT, began, fault);
            }
        });
    }

    /** One client at whose requests instances exit, clients that leave, clients that upload over HTTP/2. */
    void start(ProofWorkers workers, double perSecond) {
        workers.start(1, 0.15, Kind.EXIT, () -> this::exit);
        workers.start(4, Math.min(8, perSecond / 10), Kind.LEAVING, () -> this::leave);
        workers.start(2, Math.min(20, perSecond / 10), Kind.UPLOAD_H2, () -> this::upload);
    }

    private void count(Kind kind, long began, String fault) {
        if (fault.isEmpty()) {
            tally.good(kind, System.nanoTime() - began);
        } else {
            tally.lost(kind, fault, began);
        }
    }

    /** A request that makes the application exit: it may be repeated once, if at all, and the service must live on. */
    private void exit() throws IOException, InterruptedException {
        long turn = next.incrementAndGet();
        String method = METHODS.get((int) (turn % METHODS.size()));
        String id = "exit-" + turn;
        long began = System.nanoTime();
        int status;
        try (Connection connection = Connection.plain(ports.http())) {
            connection.send(method + " /exit?id=" + id + " HTTP/1.1\r\nHost: " + FRAGILE + "\r\nConnection: close\r\n"
                    + (method.startsWith("P") ? "Content-Length: 0\r\n" : "") + "\r\n");
            status = connection.status();
        }
        long end = System.nanoTime() + ALIVE_MILLIS * 1_000_000;
        boolean serves = false;
        while (!serves && System.nanoTime() < end) {
            try (Connection connection = Connection.plain(ports.http())) {
                serves = connection
                                .get(FRAGILE, "/alive", "Connection: close\r\n")
                                .status()
                        == 200;
            }
            if (!serves) {
                Thread.sleep(100);
            }
        }
        int seen = count.requests(id).size();
        if (seen == 0 && status == 503 && serves) {
            // The instances that were tried had just exited at the request before: nothing was sent, and nothing is
            // lost but
            // what this proof itself broke. A service that is dead for good fails below.
            tally.good(Kind.EXIT, System.nanoTime() - began);
            return;
        }
        int most = REPEATABLE.contains(method) ? 2 : 1;
        count(
                Kind.EXIT,
                began,
                seen > most
                        ? method + " " + id + " reached the application " + seen + " times"
                        : seen == 0
                                ? method + " " + id + " never reached the application: answered " + status
                                : !serves
                                        ? "no instance of " + FRAGILE_INSTANCES + " served within " + ALIVE_MILLIS
                                                + " ms after " + method + " " + id + " had reached " + seen
                                        : status < 500 ? method + " " + id + " was answered " + status : "");
    }

    /** Asks for what takes long and leaves: over HTTP/1.1 by closing, over HTTP/2 also by cancelling. */
    private void leave() throws IOException, InterruptedException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String id = "leave-" + next.incrementAndGet();
        String path = (random.nextBoolean() ? "/wait" : "/sse") + "?id=" + id;
        long began = System.nanoTime();
        try (Connection connection = Connection.plain(ports.http())) {
            connection.send("GET " + path + " HTTP/1.1\r\nHost: " + LINGERING + "\r\n\r\n");
            if (path.startsWith("/sse")) {
                int status = connection.status();
                if (status != 200) {
                    count(Kind.LEAVING, began, path + " was answered " + status);
                    return;
                }
            }
            Thread.sleep(random.nextInt(300, 1500));
        }
        if (count.requests(id).isEmpty()) {
            // It left before an instance was asked, or an instance is being replaced: nobody need be told.
            return;
        }
        long leftAt = System.currentTimeMillis();
        while (count.left(id).isEmpty() && System.currentTimeMillis() - leftAt < SOON_MILLIS) {
            Thread.sleep(50);
        }
        count(
                Kind.LEAVING,
                began,
                count.left(id).isPresent()
                        ? ""
                        : path + ": the application was not told within " + SOON_MILLIS + " ms");
    }

    private void upload() throws IOException {
        String password = "Basic "
                + Base64.getEncoder()
                        .encodeToString((ProofSite.USER + ":" + ProofSite.PASSWORD).getBytes(StandardCharsets.UTF_8));
        Target target = new Target(ProofSite.SECURE, "/", List.of("web"));
        byte[] body = new byte[ThreadLocalRandom.current().nextInt(1, 400_000)];
        ThreadLocalRandom.current().nextBytes(body);
        long began = System.nanoTime();
        try (Http2 connection = Http2.open(ports.https(), ProofSite.SECURE)) {
            Connection.Answer answer = connection.send(
                    "POST",
                    ProofSite.SECURE,
                    "/h2?n=" + next.incrementAndGet(),
                    Map.of("authorization", password, "content-length", String.valueOf(body.length)),
                    body);
            count(
                    Kind.UPLOAD_H2,
                    began,
                    target.fault(answer, body.length + " " + Long.toHexString(ProofTraffic.hash(body))));
        } catch (IOException e) {
            throw new IOException("upload of " + body.length + " bytes over HTTP/2: " + e, e);
        }
    }
}
