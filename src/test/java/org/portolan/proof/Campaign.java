package org.portolan.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The changes that are made under traffic, one after another, spread over the requests that are to be asked. Each must end
 * as it should (a broken release with exit 1, all else with 0), and leave the site answering with the versions it names.
 */
final class Campaign {
    private final ProofSite site;
    private final Path folder;
    private final ProofSite.Ports ports;
    private final Map<String, String> environment;
    private final String portolan;
    private final Tally tally;
    private final PrintStream log;
    private final Random random;
    private final ProofFaults breaking;
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private int deploys;
    private int rollbacks;
    private int kills;
    private int brokenReleases;
    private int atOnce;
    private int troubles;

    Campaign(
            ProofSite site,
            Path folder,
            ProofSite.Ports ports,
            Map<String, String> environment,
            String portolan,
            Tally tally,
            PrintStream log,
            Random random,
            ProofFaults breaking) {
        this.site = site;
        this.folder = folder;
        this.ports = ports;
        this.environment = environment;
        this.portolan = portolan;
        this.tally = tally;
        this.log = log;
        this.random = random;
        this.breaking = breaking;
    }

    /** What went wrong beside lost answers: a command's wrong end, a version that does not answer. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    private void fault(String what) {
        faults.add(what);
        log.println("WRONG " + what);
    }

    String summary() {
        return deploys + " deploys (" + kills + " of them killed with -9 at a random moment and run again, "
                + brokenReleases + " broken and rolled back), " + rollbacks + " rollbacks, " + atOnce
                + " times several commands at once, " + troubles + " faults of processes and networks";
    }

    /** The first deploy, without traffic. */
    void begin() throws IOException, InterruptedException {
        site.write();
        portolan(0, "first deploy", "deploy");
        deploys--;
    }

    /**
     * Makes the changes.
     *
     * @param wantedRequests the number of requests over which they are spread
     */
    void run(int wantedDeploys, int wantedRollbacks, long wantedRequests) throws IOException, InterruptedException {
        long began = tally.requests();
        int step = 0;
        while (deploys < wantedDeploys || rollbacks < wantedRollbacks) {
            long due = began + (wantedRequests - began) * deploys / Math.max(1, wantedDeploys);
            while (tally.requests() < due) {
                Thread.sleep(20);
            }
            if (rollbacks < wantedRollbacks && rollbacks * (long) wantedDeploys <= (long) deploys * wantedRollbacks) {
                rollback();
            }
            change(step);
            trouble(step++);
            if (step % 20 == 0) {
                // A long run that is killed has told this much.
                log.println(tally.table());
            }
        }
    }

    /** One deploy; every twelfth is of the same sort. */
    private void change(int step) throws IOException, InterruptedException {
        switch (step % 12) {
            case 0 -> release("every strategy at once", "web", "api", "shop", "chat", "echo", "store");
            case 1 -> killed("web", "api", "chat", "echo");
            case 2 -> domains();
            case 3 -> broken("web", "HEALTH: never");
            case 4 -> {
                site.toggleGuest();
                release(
                        "a service and its domain come or go (reload of HAProxy), others are replaced",
                        "web",
                        "chat",
                        "echo");
                release("canary", "shop");
            }
            case 5 -> {
                site.scale("web", 5);
                deploy("scale up");
                portolan(0, "scale down by hand", "scale", "web=2", "api=3");
                site.scale("web", 3);
            }
            case 6 -> killed("shop", "web");
            case 7 -> release("rolling of TCP and websockets", "echo", "chat");
            case 8 -> {
                portolan(0, "restart", "restart", "web", "chat");
                broken("api", "EXIT_AFTER: \"100\"");
            }
            case 9 -> domains();
            case 10 -> {
                site.reshape();
                deploy("blue-green, other ports and health check, slow start");
                broken("chat", "HTTP: \"8001\"");
            }
            default -> killed("web", "api", "shop", "chat", "echo", "store");
        }
    }

    /** What happens beside and between changes; every tenth is of the same sort. */
    private void trouble(int step) throws IOException, InterruptedException {
        int sort = step % 10;
        if (sort == 0 || sort == 7) {
            atOnce(step);
            return;
        }
        troubles++;
        ProofFaults.Repair repair = words -> portolan(0, String.join(" ", words), words);
        switch (sort) {
            case 1 -> breaking.nginxWorker();
            case 2 -> {
                site.release("web", "api");
                try (AutoCloseable frozen = breaking.freeze("web")) {
                    deploy("beside a frozen instance");
                } catch (IOException | InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }
            case 3 -> breaking.silence("api");
            case 4 -> breaking.haproxy(repair);
            case 5 -> breaking.disconnect("web");
            case 6 -> breaking.nginx(repair);
            case 8 -> breaking.nginxMaster(repair);
            default -> breaking.haproxyWorker(repair);
        }
        deploy("after a fault");
    }

    /** Two commands at once: each must come to what it was asked for, whoever was first. */
    private void atOnce(int step) throws IOException, InterruptedException {
        atOnce++;
        int after = random.nextInt(1500);
        boolean stop = random.nextBoolean();
        switch ((step / 10 * 2 + (step % 10 == 0 ? 0 : 1)) % 4) {
            case 0 -> {
                site.release("web", "shop", "chat");
                beside("scale beside a deploy", after, List.of("deploy"), List.of("scale", "web=4"));
                instances("web", 3, 4);
            }
            case 1 -> {
                beside("two scales at once", after / 10, List.of("scale", "web=4"), List.of("scale", "api=3"));
                instances("web", 4);
                instances("api", 3);
            }
            case 2 -> {
                site.release("api", "echo");
                beside("restart beside a deploy", after, List.of("deploy"), List.of("restart", "chat", "web"));
            }
            default -> {
                site.release("web", "store");
                beside("stop beside a deploy", after, List.of("deploy"), List.of(stop ? "stop" : "restart", "store"));
                portolan(0, "start what was stopped", "start", "store");
                instances("store", 1);
            }
        }
        answers("commands at once");
        deploy("back to what the file says");
        instances("web", 3);
    }

    private void beside(String what, int afterMillis, List<String> first, List<String> second)
            throws IOException, InterruptedException {
        site.write();
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(afterMillis);
                portolan(0, what + " (" + afterMillis + " ms later)", second.toArray(String[]::new));
            } catch (IOException | InterruptedException e) {
                fault(what + ": " + e);
            }
        });
        portolan(0, what, first.toArray(String[]::new));
        other.join();
    }

    /** So many instances of a service run, by the engine's own account. */
    private void instances(String service, Integer... wanted) throws IOException, InterruptedException {
        String names = ProofPrograms.run(
                        folder,
                        environment,
                        List.of(
                                "docker",
                                "ps",
                                "-q",
                                "--filter",
                                "label=org.portolan.deployment=proof",
                                "--filter",
                                "label=org.portolan.service=" + service))
                .output()
                .strip();
        int count = names.isEmpty() ? 0 : names.split("\n", -1).length;
        if (!List.of(wanted).contains(count)) {
            fault(count + " instances of " + service + " run, not " + List.of(wanted));
        }
    }

    private void domains() throws IOException, InterruptedException {
        site.toggleExtra();
        site.move();
        site.turnVault();
        deploy("a domain added or removed, a live one moved to another service");
        site.newCertificate();
        site.newPassword();
        site.toggleMaintenance();
        site.turnVault();
        deploy("certificate and passwords of a live domain, maintenance of another");
    }

    private void release(String what, String... services) throws IOException, InterruptedException {
        site.release(services);
        deploy(what);
    }

    private void rollback() throws IOException, InterruptedException {
        Map<String, String> before = site.versions();
        release("before a rollback", "web", "api", "echo");
        portolan(0, "rollback", "rollback");
        site.repair(before);
        rollbacks++;
        answers("rollback");
    }

    private void broken(String service, String variables) throws IOException, InterruptedException {
        Map<String, String> good = site.versions();
        site.breakService(service, variables);
        site.release("shop");
        site.write();
        portolan(1, "a broken release of " + service + " (" + variables + ")", "deploy");
        brokenReleases++;
        site.repair(good);
        answers("broken release");
    }

    /** A deploy killed with -9 at a random moment, then run again. */
    private void killed(String... services) throws IOException, InterruptedException {
        site.release(services);
        site.write();
        int after = 200 + random.nextInt(4500);
        List<String> command = List.of(portolan, "deploy");
        String what = "kill -9 after " + after + " ms";
        tally.during(what);
        Process process = ProofPrograms.start(folder, environment, command);
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                process.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException killedNow) {
                // Its output ends where it was killed.
            }
        });
        if (!process.waitFor(after, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
            kills++;
        }
        reader.interrupt();
        deploy(what + ", then run again");
    }

    private void deploy(String what) throws IOException, InterruptedException {
        site.write();
        portolan(0, what, "deploy");
        answers(what);
    }

    private void portolan(int wanted, String what, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(portolan, "-D", "proof"));
        command.addAll(List.of(words));
        tally.during(what);
        long lostBefore = tally.faults();
        long began = System.nanoTime();
        ProofPrograms.Ended ended = ProofPrograms.run(folder, environment, command);
        long millis = (System.nanoTime() - began) / 1_000_000;
        if (words[0].equals("deploy")) {
            deploys++;
        }
        log.println(deploys + "  " + what + ": exit " + ended.status() + ", " + millis + " ms, " + tally.requests()
                + " requests, " + tally.lost() + " lost, " + tally.open() + " open");
        if (tally.faults() > lostBefore || ended.status() != wanted) {
            log.println(ended.output().indent(6));
            tally.losses().stream().skip(lostBefore).limit(10).forEach(loss -> log.println("      " + loss));
        }
        log.flush();
        if (ended.status() != wanted) {
            fault(what + ": exit " + ended.status() + " instead of " + wanted + ":\n" + ended.output());
        }
        tally.during("after " + what);
    }

    /** Each service answers with the version that the Servicefile names. */
    private void answers(String after) throws IOException {
        Map<String, String> versions = site.versions();
        for (Target target : site.targetsNow()) {
            if (target.services().size() > 1) {
                continue;
            }
            String wanted = target.services().getFirst() + " "
                    + versions.getOrDefault(target.services().getFirst(), ProofSite.GUEST_VERSION);
            try (Connection connection = Connection.plain(ports.http())) {
                Connection.Answer answer = connection.get(target.host(), target.path(), "Connection: close\r\n");
                if (!answer.body().startsWith(wanted + " ")) {
                    fault("after " + after + ": " + target.host() + target.path() + " says '"
                            + answer.body().strip() + "' instead of '" + wanted + "'");
                }
            }
        }
    }
}
