package org.portolan.proof;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.testing.PrivateDocker;

/**
 * The program of {@code scripts/prove-zero-loss}, to be run within {@code scripts/sandbox}: starts an engine, deploys a
 * site, asks it without and with changes, asks what other tools put up, prints a table. Exit 1 if an answer was lost, a
 * command ended wrongly or a version did not answer.
 */
public final class ProveZeroLoss {
    /** How large the proof is. */
    record Size(long requests, int deploys, int rollbacks, int rate, boolean others, long seed) {
        static final Size FULL = new Size(1_000_000, 100, 10, 1200, true, 0);
        static final Size SMALL = new Size(20_000, 10, 1, 400, false, 0);
    }

    /** What came of it. */
    record Result(long requests, long lost, List<String> faults, String report) {
        boolean proved() {
            return lost == 0 && faults.isEmpty();
        }
    }

    private static final Site.Ports PORTS = new Site.Ports(8080, 8443, 7070);

    private ProveZeroLoss() {}

    /** The program: see the script for its arguments. */
    public static void main(String[] arguments) throws Exception {
        Size size = Size.FULL;
        for (int i = 0; i < arguments.length; i++) {
            size = switch (arguments[i]) {
                case "--ci" -> Size.SMALL;
                case "--requests" ->
                    new Size(
                            Long.parseLong(arguments[++i]),
                            size.deploys,
                            size.rollbacks,
                            size.rate,
                            size.others,
                            size.seed);
                case "--deploys" ->
                    new Size(
                            size.requests,
                            Integer.parseInt(arguments[++i]),
                            size.rollbacks,
                            size.rate,
                            size.others,
                            size.seed);
                case "--rollbacks" ->
                    new Size(
                            size.requests,
                            size.deploys,
                            Integer.parseInt(arguments[++i]),
                            size.rate,
                            size.others,
                            size.seed);
                case "--rate" ->
                    new Size(
                            size.requests,
                            size.deploys,
                            size.rollbacks,
                            Integer.parseInt(arguments[++i]),
                            size.others,
                            size.seed);
                case "--seed" ->
                    new Size(
                            size.requests,
                            size.deploys,
                            size.rollbacks,
                            size.rate,
                            size.others,
                            Long.parseLong(arguments[++i]));
                case "--no-others" ->
                    new Size(size.requests, size.deploys, size.rollbacks, size.rate, false, size.seed);
                default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
            };
        }
        Result result = prove(size, Path.of("").toAbsolutePath(), System.out);
        System.out.println(result.report());
        System.exit(result.proved() ? 0 : 1);
    }

    /**
     * Runs the proof.
     *
     * @param root the project's folder, with the packaged program in {@code target}
     * @param log where its course is told
     */
    static Result prove(Size size, Path root, PrintStream log) throws IOException, InterruptedException {
        long seed = size.seed == 0 ? System.nanoTime() & 0xFFFF : size.seed;
        log.println("seed " + seed);
        try (PrivateDocker docker = PrivateDocker.start()) {
            Images.build(docker, root);
            Path folder = Files.createDirectories(docker.folder().resolve("site"));
            Map<String, String> environment = new TreeMap<>(Map.of(
                    "DOCKER_HOST", docker.host(),
                    "PORTOLAN_HOME", docker.folder().resolve("home").toString(),
                    "PORTOLAN_EDGE_HTTP", String.valueOf(PORTS.http()),
                    "PORTOLAN_EDGE_HTTPS", String.valueOf(PORTS.https())));
            String portolan = root.resolve("scripts/portolan").toString();
            Tally tally = new Tally();
            Campaign campaign =
                    new Campaign(new Site(folder, PORTS), folder, PORTS, environment, portolan, tally, log, seed);
            try {
                campaign.begin();
                long began = System.nanoTime();
                if (campaign.faults().isEmpty()) {
                    try (Traffic traffic = new Traffic(tally, PORTS, Site.TARGETS)) {
                        traffic.start(size.rate);
                        for (String service : List.of("api", "shop", "web")) {
                            traffic.startMesh(service, mesh(docker, service), size.rate / 60.0);
                        }
                        await(tally, size.requests / 10);
                        log.println("without changes: " + tally.requests() + " requests, " + tally.lost() + " lost");
                        tally.changesBegin();
                        campaign.run(size.deploys, size.rollbacks, size.requests);
                        await(tally, size.requests);
                    }
                }
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                // Told at once: what comes after, the others and the end of the engine, may fail by itself.
                log.println(tally.table());
                List<String> faults = new ArrayList<>(campaign.faults());
                String others = size.others && tally.requests() > 0
                        ? new Comparison(docker, environment, portolan, PORTS, log).run()
                        : "";
                return new Result(
                        tally.requests(), tally.lost(), faults, report(tally, campaign, took, faults, others));
            } finally {
                Programs.run(folder, environment, List.of(portolan, "system", "down"));
            }
        }
    }

    /** Where a service of the site finds another one: what Portolan put into its environment. */
    private static InetSocketAddress mesh(PrivateDocker docker, String service) {
        String name = service.toUpperCase(Locale.ROOT);
        String host = "";
        int port = 0;
        for (String line : docker.docker("inspect", "-f", "{{range .Config.Env}}{{println .}}{{end}}", "proof-chat-1-1")
                .split("\n", -1)) {
            if (line.startsWith(name + "_HOST=")) {
                host = line.substring(name.length() + 6);
            } else if (line.startsWith(name + "_PORT=")) {
                port = Integer.parseInt(line.substring(name.length() + 6));
            }
        }
        return new InetSocketAddress(host, port);
    }

    private static void await(Tally tally, long requests) throws InterruptedException {
        while (tally.requests() < requests) {
            Thread.sleep(20);
        }
    }

    private static String report(Tally tally, Campaign campaign, Duration took, List<String> faults, String others) {
        StringBuilder text = new StringBuilder("\n");
        text.append(String.format(
                Locale.ROOT, "%,d requests in %d s, %s\n\n", tally.requests(), took.toSeconds(), campaign.summary()));
        text.append(tally.table()).append('\n').append(others);
        for (String loss : tally.losses()) {
            text.append(loss).append('\n');
        }
        for (String fault : faults) {
            text.append("WRONG ").append(fault).append('\n');
        }
        text.append(
                tally.lost() == 0 && faults.isEmpty()
                        ? "Not one answer was lost or wrong.\n"
                        : "FAILED: " + tally.lost() + " answers lost or wrong, " + faults.size() + " other faults.\n");
        return text.toString();
    }
}
