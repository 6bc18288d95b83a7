package org.portolan.proof;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.testing.PrivateDocker;

/**
 * The program of {@code scripts/upgrade-check}, to be run within {@code scripts/sandbox}: an old program deploys a site with
 * a history; under traffic the new one takes it over. It must find nothing to change, recreate no container, lose no
 * answer, open no door, know the history, and continue from it.
 */
public final class UpgradeCheck {
    private static final ProofSite.Ports PORTS = new ProofSite.Ports(8080, 8443, 7070);
    private static final int RATE = 150;

    private final PrivateDocker docker;
    private final Path folder;
    private final Map<String, String> environment;
    private final UpgradeSite site;
    private final Tally tally = new Tally();
    private final PrintStream log;
    private final List<String> faults = new ArrayList<>();

    private UpgradeCheck(PrivateDocker docker, PrintStream log) throws IOException {
        this.docker = docker;
        this.folder = Files.createDirectories(docker.folder().resolve("site"));
        this.environment = new TreeMap<>(Map.of(
                "DOCKER_HOST", docker.host(),
                "PORTOLAN_HOME", home().toString(),
                "PORTOLAN_EDGE_HTTP", String.valueOf(PORTS.http()),
                "PORTOLAN_EDGE_HTTPS", String.valueOf(PORTS.https())));
        this.site = new UpgradeSite(folder, PORTS);
        this.log = log;
    }

    /** The program: the folder of the built old program, then perhaps {@code --record} and a folder for its state. */
    public static void main(String[] arguments) throws Exception {
        Path record = arguments.length == 3 && arguments[1].equals("--record") ? Path.of(arguments[2]) : null;
        Path root = Path.of("").toAbsolutePath();
        String report = "";
        try (PrivateDocker docker = PrivateDocker.start()) {
            ProofImages.build(docker, root);
            UpgradeCheck check = new UpgradeCheck(docker, System.out);
            String old = Path.of(arguments[0])
                    .resolve("scripts/portolan")
                    .toAbsolutePath()
                    .toString();
            String present = root.resolve("scripts/portolan").toString();
            try {
                if (record != null) {
                    // No key of a real kind in what is kept.
                    Files.writeString(Files.createDirectories(check.home()).resolve("key"), "0".repeat(64) + "\n");
                }
                check.install(old);
                if (record != null) {
                    new Recording(docker, check.folder, check.home()).write(record);
                } else if (check.faults.isEmpty()) {
                    check.upgrade(present);
                }
            } finally {
                ProofPrograms.run(check.folder, check.environment, List.of(present, "system", "down", "--yes"));
            }
            report = check.report();
        }
        System.out.println(report);
        System.exit(report.contains("FAILED") ? 1 : 0);
    }

    private Path home() {
        return docker.folder().resolve("home");
    }

    /** What the old program makes: two releases and one that was rolled back. */
    private void install(String old) throws IOException, InterruptedException {
        site.write(1, true);
        run(old, 0, "deploy");
        site.write(2, true);
        run(old, 0, "deploy");
        site.write(3, false);
        run(old, 1, "deploy");
        site.write(2, true);
        says(run(old, 0, "plan"), "No changes.");
    }

    private void upgrade(String present) throws IOException, InterruptedException {
        String containers = containers();
        try (ProofTraffic traffic = new ProofTraffic(tally, PORTS, UpgradeSite.TARGETS, true);
                ProofWorkers others = new ProofWorkers(tally)) {
            traffic.start(RATE);
            traffic.startDirect("direct", new InetSocketAddress("127.0.0.1", UpgradeSite.DIRECT), 10);
            new Doors(Kind.DOOR, tally, PORTS, false, true).start(others, UpgradeSite.DOORS, 60);
            Thread.sleep(2000);
            tally.changesBegin();
            says(run(present, 0, "plan"), "No changes.");
            run(present, 0, "system", "status");
            run(present, 0, "status");
            run(present, 0, "doctor");
            same(containers, "plan, status and doctor");
            says(run(present, 0, "deploy"), "No changes.");
            same(containers, "deploy");
            says(run(present, 0, "history"), "3", "2", "1");
            run(present, 0, "history", "1");
            says(run(present, 0, "system", "up"));
            Thread.sleep(1000);
            same(containers, "system up");
            run(present, 0, "rollback");
            answers(1);
            site.write(2, true);
            run(present, 0, "deploy");
            answers(2);
            site.write(4, true);
            run(present, 0, "deploy");
            answers(4);
            run(present, 0, "rollback");
            answers(2);
            site.write(5, false);
            run(present, 1, "deploy");
            answers(2);
            site.write(6, true);
            run(present, 0, "deploy");
            answers(6);
            says(run(present, 0, "plan"), "No changes.");
            run(present, 0, "doctor");
            Thread.sleep(1000);
        }
        // From here on every part is the new program's: Host values that the old one let through are refused.
        try (ProofWorkers others = new ProofWorkers(tally)) {
            new Doors(Kind.DOOR, tally, PORTS, true, true).start(others, UpgradeSite.DOORS, 60);
            Thread.sleep(2000);
        }
    }

    private ProofPrograms.Ended run(String portolan, int wanted, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(portolan, "-D", "proof"));
        command.addAll(List.of(words));
        String what = String.join(" ", words);
        tally.during(what);
        long faultsBefore = tally.faults();
        long began = System.nanoTime();
        ProofPrograms.Ended ended = ProofPrograms.run(folder, environment, command);
        log.println("portolan " + what + ": exit " + ended.status() + ", " + (System.nanoTime() - began) / 1_000_000
                + " ms, " + tally.requests() + " requests, " + tally.lost() + " lost, " + tally.open() + " open");
        if (ended.status() != wanted) {
            faults.add(
                    "portolan " + what + ": exit " + ended.status() + " instead of " + wanted + ":\n" + ended.output());
        } else if (tally.faults() > faultsBefore) {
            log.println(ended.output().indent(6));
        }
        tally.during("after " + what);
        return ended;
    }

    private void says(ProofPrograms.Ended ended, String... words) {
        for (String word : words) {
            if (!ended.output().contains(word)) {
                faults.add("'" + word + "' is not in:\n" + ended.output());
            }
        }
    }

    /** Each container's name, id and start. */
    private String containers() {
        StringBuilder text = new StringBuilder();
        for (String id : docker.docker("ps", "-aq", "--no-trunc").strip().split("\n", -1)) {
            text.append(docker.docker("inspect", "-f", "{{.Name}} {{.Id}} {{.State.StartedAt}} {{.RestartCount}}", id));
        }
        return text.toString();
    }

    private void same(String before, String after) {
        String now = containers();
        if (!now.equals(before)) {
            faults.add("the containers changed with " + after + ":\n" + before + "became\n" + now);
        }
    }

    /** Services that a release replaces answer with its version. */
    private void answers(int version) throws IOException {
        for (Target target : UpgradeSite.TARGETS) {
            String service = target.services().getFirst();
            if (service.equals("chat") || target.services().size() > 1) {
                continue;
            }
            try (Connection connection = Connection.plain(PORTS.http())) {
                Connection.Answer answer = connection.get(target.host(), target.path(), "Connection: close\r\n");
                if (!answer.body().startsWith(service + " " + version + " ")) {
                    faults.add(target.host() + target.path() + " says '"
                            + answer.body().strip() + "', not version " + version);
                }
            }
        }
    }

    private String report() {
        StringBuilder text = new StringBuilder("\n").append(tally.table());
        text.append(tally.idle())
                .append(
                        " kept connections were closed while they were idle (an older nginx does that when it is reloaded).\n");
        tally.losses().forEach(loss -> text.append(loss).append('\n'));
        faults.forEach(fault -> text.append("WRONG ").append(fault).append('\n'));
        return text.append(
                        tally.faults() == 0 && faults.isEmpty()
                                ? "The upgrade changed nothing, lost nothing and opened nothing.\n"
                                : "FAILED: " + tally.lost() + " lost, " + tally.open() + " open, " + faults.size()
                                        + " other faults.\n")
                .toString();
    }
}
