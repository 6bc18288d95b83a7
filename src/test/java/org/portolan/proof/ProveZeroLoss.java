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
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.portolan.testing.PrivateDocker;

/**
 * The program of {@code scripts/prove-zero-loss}, to be run within {@code scripts/sandbox}: starts an engine, deploys a
 * site, asks it without and with changes, asks what other tools put up, prints a table. Exit 1 if an answer was lost, a
 * closed domain was open, a command ended wrongly or a version did not answer.
 */
public final class ProveZeroLoss {
    /** How large the proof is. */
    record Size(long requests, int deploys, int rollbacks, int rate, boolean others, long seed) {
        static final Size FULL = new Size(1_000_000, 100, 10, 1200, true, 0);
        static final Size SMALL = new Size(20_000, 22, 1, 400, false, 0);

        static Size of(String[] arguments) {
            Size base = List.of(arguments).contains("--ci") ? SMALL : FULL;
            Map<String, Long> numbers = new TreeMap<>();
            for (int i = 0; i < arguments.length; i++) {
                switch (arguments[i]) {
                    case "--ci", "--no-others" -> {}
                    case "--program" -> i++;
                    case "--requests", "--deploys", "--rollbacks", "--rate", "--seed" ->
                        numbers.put(arguments[i], Long.parseLong(arguments[++i]));
                    default -> throw new IllegalArgumentException("unknown argument " + arguments[i]);
                }
            }
            return new Size(
                    numbers.getOrDefault("--requests", base.requests),
                    Math.toIntExact(numbers.getOrDefault("--deploys", (long) base.deploys)),
                    Math.toIntExact(numbers.getOrDefault("--rollbacks", (long) base.rollbacks)),
                    Math.toIntExact(numbers.getOrDefault("--rate", (long) base.rate)),
                    base.others && !List.of(arguments).contains("--no-others"),
                    numbers.getOrDefault("--seed", base.seed));
        }
    }

    /** What came of it. */
    record Result(long requests, long lost, long open, List<String> faults, String report) {
        boolean proved() {
            return lost == 0 && open == 0 && faults.isEmpty();
        }
    }

    private static final ProofSite.Ports PORTS = new ProofSite.Ports(8080, 8443, 7070);

    private final Size size;
    private final PrivateDocker docker;
    private final PrintStream log;
    private final Tally tally = new Tally();
    private final Map<String, String> environment;
    private final String portolan;
    private final Campaign campaign;
    private final ProofFaults breaking;
    private final Odd odd;
    private final List<String> faults = new ArrayList<>();
    private final long began = System.nanoTime();

    private ProveZeroLoss(Size size, PrivateDocker docker, Path program, PrintStream log, long seed)
            throws IOException {
        this.size = size;
        this.docker = docker;
        this.log = log;
        Path folder = Files.createDirectories(docker.folder().resolve("site"));
        Path home = docker.folder().resolve("home");
        environment = new TreeMap<>(Map.of(
                "DOCKER_HOST", docker.host(),
                "PORTOLAN_HOME", home.toString(),
                "PORTOLAN_EDGE_HTTP", String.valueOf(PORTS.http()),
                "PORTOLAN_EDGE_HTTPS", String.valueOf(PORTS.https())));
        portolan = program.resolve("scripts/portolan").toString();
        Random random = new Random(seed);
        breaking = new ProofFaults(docker, home, PORTS, tally, log, random);
        campaign = new Campaign(
                new ProofSite(folder, PORTS), folder, PORTS, environment, portolan, tally, log, random, breaking);
        odd = new Odd(tally, PORTS, docker.folder().resolve("odd"));
    }

    /** The program: see the script for its arguments. */
    public static void main(String[] arguments) throws Exception {
        AtomicReference<ProveZeroLoss> running = new AtomicReference<>();
        // Whoever interrupts it wants to know what was found so far.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ProveZeroLoss proof = running.get();
            if (proof != null) {
                System.out.println("\nINTERRUPTED\n" + proof.report(""));
            }
        }));
        Path root = Path.of("").toAbsolutePath();
        int other = List.of(arguments).indexOf("--program");
        Path program = other < 0 ? root : Path.of(arguments[other + 1]).toAbsolutePath();
        Result result = prove(Size.of(arguments), root, program, System.out, running);
        System.out.println(result.report());
        System.exit(result.proved() ? 0 : 1);
    }

    /**
     * Runs the proof.
     *
     * @param root the project's folder, with the packaged program in {@code target}
     * @param log where its course is reported
     */
    static Result prove(Size size, Path root, PrintStream log) throws IOException, InterruptedException {
        return prove(size, root, root, log, new AtomicReference<>());
    }

    private static Result prove(
            Size size, Path root, Path program, PrintStream log, AtomicReference<ProveZeroLoss> running)
            throws IOException, InterruptedException {
        long seed = size.seed == 0 ? System.nanoTime() & 0xFFFF : size.seed;
        log.println("seed " + seed);
        try (PrivateDocker docker = PrivateDocker.start()) {
            ProofImages.build(docker, root);
            ProveZeroLoss proof = new ProveZeroLoss(size, docker, program, log, seed);
            running.set(proof);
            String others = "";
            try {
                proof.run();
                others = proof.others();
            } catch (IOException | IllegalStateException | java.io.UncheckedIOException problem) {
                proof.faults.add("the proof broke off: " + problem);
            } finally {
                ProofPrograms.run(
                        docker.folder(), proof.environment, List.of(proof.portolan, "system", "down", "--yes"));
            }
            running.set(null);
            return new Result(
                    proof.tally.requests(),
                    proof.tally.lost(),
                    proof.tally.open(),
                    proof.wrong(),
                    proof.report(others));
        }
    }

    private void run() throws IOException, InterruptedException {
        campaign.begin();
        if (!campaign.faults().isEmpty()) {
            return;
        }
        odd.write(1);
        boolean strict = deployed(odd.strict(), "an app with a strict Host");
        boolean fragile = deployed(odd.odd(), "an app that exits, one whose clients leave");
        try (ProofTraffic traffic = new ProofTraffic(tally, PORTS, ProofSite.TARGETS);
                ProofWorkers others = new ProofWorkers(tally)) {
            traffic.start(size.rate);
            for (String service : List.of("api", "shop", "web")) {
                traffic.startMesh(service, mesh(service), size.rate / 60.0);
            }
            new Doors(Kind.DOOR, tally, PORTS, true, false).start(others, ProofSite.DOORS, size.rate / 10.0);
            new Doors(Kind.TURNING_DOOR, tally, PORTS, false, false).start(others, ProofSite.VAULTS, size.rate / 4.0);
            if (strict) {
                odd.startStrict(others, size.rate / 60.0);
            }
            if (fragile) {
                odd.start(others, size.rate / 10.0);
            }
            await(size.requests / 10);
            log.println("without changes: " + tally.requests() + " requests, " + tally.lost() + " lost, " + tally.open()
                    + " open");
            tally.changesBegin();
            campaign.run(size.deploys, size.rollbacks, size.requests);
            if (strict) {
                odd.write(2);
                deployed(odd.strict(), "a release of the app with a strict Host");
            }
            await(size.requests);
        }
        // Told at once: what comes after, the others and the end of the engine, may fail by itself.
        log.println(tally.table());
    }

    private boolean deployed(Path folder, String what) throws IOException, InterruptedException {
        tally.during(what);
        ProofPrograms.Ended ended = ProofPrograms.run(folder, environment, List.of(portolan, "deploy"));
        log.println(what + ": exit " + ended.status());
        if (ended.status() != 0) {
            faults.add(what + ": exit " + ended.status() + ":\n" + ended.output());
        }
        return ended.status() == 0;
    }

    private String others() throws IOException, InterruptedException {
        return size.others && tally.requests() > 0
                ? new Comparison(docker, environment, portolan, PORTS, log).run()
                : "";
    }

    /** Where a service of the site finds another one: what Portolan put into its environment. */
    private InetSocketAddress mesh(String service) {
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

    private void await(long requests) throws InterruptedException {
        while (tally.requests() < requests) {
            Thread.sleep(20);
        }
    }

    private List<String> wrong() {
        List<String> all = new ArrayList<>(campaign.faults());
        all.addAll(faults);
        return all;
    }

    private String report(String others) {
        StringBuilder text = new StringBuilder("\n");
        text.append(String.format(
                Locale.ROOT,
                "%,d requests in %d s, %s\n\n",
                tally.requests(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                campaign.summary()));
        text.append(tally.table()).append('\n');
        breaking.outages().forEach(outage -> text.append("- ").append(outage).append('\n'));
        text.append('\n').append(others);
        tally.losses().forEach(loss -> text.append(loss).append('\n'));
        List<String> wrong = wrong();
        wrong.forEach(fault -> text.append("WRONG ").append(fault).append('\n'));
        text.append(
                tally.faults() == 0 && wrong.isEmpty()
                        ? "Not one answer was lost or wrong, no closed domain was open.\n"
                        : "FAILED: " + tally.lost() + " answers lost or wrong, " + tally.open()
                                + " given without the password, " + wrong.size() + " other faults.\n");
        return text.toString();
    }
}
