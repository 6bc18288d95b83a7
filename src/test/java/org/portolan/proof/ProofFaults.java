package org.portolan.proof;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.portolan.testing.PrivateDocker;

/**
 * What happens to a machine while the site is changed: a proxy's process is killed, an instance is frozen, packets to one
 * vanish for a moment, its network is taken away.
 *
 * <p>What a killed process carried is cut off, and counted as that until the site serves again, which is measured. The other
 * faults must lose nothing: nothing of them ends a connection, and requests can wait or go to another instance.
 */
final class ProofFaults {
    private static final int FREEZE_MILLIS = 4000;
    private static final int SILENCE_MILLIS = 3000;

    /** A command of Portolan that must succeed. */
    interface Repair {
        void run(String... words) throws IOException, InterruptedException;
    }

    private final PrivateDocker docker;
    private final Path run;
    private final ProofSite.Ports ports;
    private final Tally tally;
    private final PrintStream log;
    private final Random random;
    private final List<String> outages = new ArrayList<>();

    ProofFaults(PrivateDocker docker, Path home, ProofSite.Ports ports, Tally tally, PrintStream log, Random random) {
        this.docker = docker;
        this.run = home.resolve("proxies/run");
        this.ports = ports;
        this.tally = tally;
        this.log = log;
        this.random = random;
    }

    /** What was killed, what it cut off, and how long it took until the site served again. */
    List<String> outages() {
        return List.copyOf(outages);
    }

    /** Kills a worker of nginx, whose master starts another one by itself. */
    void nginxWorker() throws IOException, InterruptedException {
        long master = pid("nginx");
        List<ProcessHandle> workers =
                ProcessHandle.of(master).orElseThrow().children().toList();
        killed("an nginx worker", List.of(workers.get(random.nextInt(workers.size()))), () -> {});
    }

    /** Kills nginx, master and workers at once. */
    void nginx(Repair repair) throws IOException, InterruptedException {
        ProcessHandle master = ProcessHandle.of(pid("nginx")).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(List.of(master));
        all.addAll(master.children().toList());
        killed("nginx, master and workers", all, () -> repair.run("system", "up"));
    }

    /** Kills nginx's master alone: its workers serve on, and are replaced without a loss of more than they carry. */
    void nginxMaster(Repair repair) throws IOException, InterruptedException {
        killed(
                "nginx's master",
                List.of(ProcessHandle.of(pid("nginx")).orElseThrow()),
                () -> repair.run("system", "up"));
    }

    /** Kills HAProxy's master, with which its workers end. */
    void haproxy(Repair repair) throws IOException, InterruptedException {
        killed(
                "HAProxy's master",
                List.of(ProcessHandle.of(pid("haproxy")).orElseThrow()),
                () -> repair.run("system", "up"));
    }

    /** Kills a worker of HAProxy, with which its master ends. */
    void haproxyWorker(Repair repair) throws IOException, InterruptedException {
        List<ProcessHandle> workers =
                ProcessHandle.of(pid("haproxy")).orElseThrow().children().toList();
        killed("a HAProxy worker", List.of(workers.getLast()), () -> repair.run("system", "up"));
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void killed(String what, List<ProcessHandle> processes, Step repair)
            throws IOException, InterruptedException {
        tally.during("kill -9 of " + what);
        long before = tally.cut();
        long began = System.nanoTime();
        tally.cutBegins();
        try {
            processes.forEach(ProcessHandle::destroyForcibly);
            repair.run();
            boolean serves = served();
            long millis = (System.nanoTime() - began) / 1_000_000;
            // Connections that waited for their turn in the killed process learn of it now.
            Thread.sleep(300);
            outages.add("kill -9 of " + what + ": served again after " + millis + " ms");
            if (!serves) {
                throw new IOException("the site did not serve again after kill -9 of " + what);
            }
        } finally {
            tally.cutEnds();
        }
        String line = outages.removeLast() + ", " + (tally.cut() - before) + " requests cut off";
        outages.add(line);
        log.println(line);
        tally.during("after kill -9 of " + what);
    }

    private boolean served() throws InterruptedException {
        Target target = ProofSite.TARGETS.getFirst();
        long end = System.nanoTime() + 30_000_000_000L;
        while (System.nanoTime() < end) {
            try (Connection connection = Connection.plain(ports.http())) {
                if (connection.get(target.host(), "/", "Connection: close\r\n").status() == 200) {
                    return true;
                }
            } catch (IOException notYet) {
                // Asked again below.
            }
            Thread.sleep(10);
        }
        return false;
    }

    private long pid(String proxy) throws IOException {
        return Long.parseLong(
                Files.readString(run.resolve(proxy + ".pid")).strip().split("\\s", 2)[0]);
    }

    /** Freezes an instance for some seconds, by the engine or by a signal; gives what thaws it. */
    AutoCloseable freeze(String service) throws IOException, InterruptedException {
        String container = instance(service);
        boolean engine = random.nextBoolean();
        tally.during("a frozen instance, " + container);
        String pid = docker.docker("inspect", "-f", "{{.State.Pid}}", container).strip();
        if (engine) {
            docker.docker("pause", container);
        } else {
            ProofPrograms.run(run, "kill", "-STOP", pid);
        }
        log.println(container + " is frozen by " + (engine ? "docker pause" : "SIGSTOP"));
        Thread thaw = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(FREEZE_MILLIS);
                if (engine) {
                    docker.docker("unpause", container);
                } else {
                    ProofPrograms.run(run, "kill", "-CONT", pid);
                }
            } catch (IOException | InterruptedException | IllegalStateException gone) {
                log.println(container + " was gone before it was to be thawed: " + gone.getMessage());
            }
        });
        return thaw::join;
    }

    /** Packets to an instance vanish for some seconds, without a word. */
    void silence(String service) throws IOException, InterruptedException {
        String container = instance(service);
        String address = docker.docker(
                        "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container)
                .strip();
        tally.during("packets to " + container + " vanish");
        ProofPrograms.run(run, "iptables", "-w", "-I", "OUTPUT", "-d", address, "-j", "DROP");
        try {
            Thread.sleep(SILENCE_MILLIS);
        } finally {
            ProofPrograms.run(run, "iptables", "-w", "-D", "OUTPUT", "-d", address, "-j", "DROP");
        }
        log.println("packets to " + container + " vanished for " + SILENCE_MILLIS + " ms");
        tally.during("after packets to " + container + " vanished");
    }

    /** Takes an instance off its network and puts it back: what it was about to answer is cut off. */
    void disconnect(String service) throws IOException, InterruptedException {
        String container = instance(service);
        String network = docker.docker(
                        "inspect",
                        "-f",
                        "{{range $name, $value := .NetworkSettings.Networks}}{{$name}}{{end}}",
                        container)
                .strip();
        tally.during("docker network disconnect of " + container);
        long before = tally.cut();
        tally.cutBegins();
        try {
            docker.docker("network", "disconnect", network, container);
        } finally {
            // Only what was asked before can have been cut off.
            tally.cutEnds();
        }
        Thread.sleep(SILENCE_MILLIS);
        docker.docker("network", "connect", network, container);
        Thread.sleep(500);
        String line = "docker network disconnect of " + container + " for " + SILENCE_MILLIS + " ms: "
                + (tally.cut() - before) + " requests cut off";
        outages.add(line);
        log.println(line);
        tally.during("after docker network disconnect of " + container);
    }

    private String instance(String service) {
        String[] names = docker.docker(
                        "ps",
                        "--format",
                        "{{.Names}}",
                        "--filter",
                        "label=org.portolan.deployment=proof",
                        "--filter",
                        "label=org.portolan.service=" + service)
                .strip()
                .split("\n", -1);
        return names[random.nextInt(names.length)];
    }
}
