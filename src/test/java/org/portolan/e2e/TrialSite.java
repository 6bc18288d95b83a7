package org.portolan.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.testing.FreePorts;
import org.portolan.testing.PrivateDocker;

/**
 * An installation of the packaged program: a state directory, ports for its proxies and a folder for Servicefiles, all of
 * its own. Ends what it started when closed.
 */
final class TrialSite implements AutoCloseable {
    /** {@code -Dportolan.program=FOLDER/bin/portolan} tries an unpacked package instead. */
    private static final Path LAUNCHER =
            Path.of(System.getProperty("portolan.program", "scripts/portolan")).toAbsolutePath();

    private final PrivateDocker engine;
    private final Path folder;
    private final int http = freePort();
    private final int https = freePort();
    private final int statistics = freePort();
    private final Map<String, String> environment = new TreeMap<>();

    private TrialSite(PrivateDocker engine) {
        if (!Files.exists(Path.of("target/portolan.jar"))) {
            throw new IllegalStateException("target/portolan.jar is missing; build it first: mvn -DskipTests package");
        }
        this.engine = engine;
        try {
            this.folder = Files.createTempDirectory(engine.folder(), "site");
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
        environment.put("HOME", folder.toString());
        environment.put("DOCKER_HOST", engine.host());
        environment.put("PORTOLAN_HOME", home().toString());
        environment.put("PORTOLAN_EDGE_HTTP", String.valueOf(http));
        environment.put("PORTOLAN_EDGE_HTTPS", String.valueOf(https));
        environment.put("PORTOLAN_STATS_PORT", String.valueOf(statistics));
    }

    /** Whether an unpacked package is tried, whose runtime trusts the authorities of the system. */
    static boolean isPackage() {
        return System.getProperty("portolan.program") != null;
    }

    /** An installation on the engine that all tests share. */
    static TrialSite open() {
        TestImages.make(PrivateDocker.shared());
        return new TrialSite(PrivateDocker.shared());
    }

    /** An installation on a separate engine, which has {@code web:1} and {@code web:2} only. */
    static TrialSite on(PrivateDocker engine) {
        TestImages.good(engine);
        return new TrialSite(engine);
    }

    /** What starts the program. */
    static Path launcher() {
        return LAUNCHER;
    }

    PrivateDocker engine() {
        return engine;
    }

    /** The folder with the Servicefiles, in which commands run. */
    Path folder() {
        return folder;
    }

    Path home() {
        return folder.resolve("home");
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Starts {@code portolan} with one variable more or changed. */
    Program startWith(String variable, String value, String... arguments) {
        Map<String, String> changed = new TreeMap<>(environment);
        changed.put(variable, value);
        return Program.start(folder, changed, command(arguments));
    }

    /** Starts {@code portolan} in a network namespace. */
    Program startIn(String namespace, String... arguments) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command(arguments));
        return Program.start(folder, environment, all);
    }

    /** Writes a file, such as {@code shop/Servicefile}. */
    TrialSite write(String path, String text) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    String read(String path) {
        try {
            return Files.readString(folder.resolve(path));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Writes {@code name/Servicefile}: the deployment {@code name} with one web service at {@code name.test}. */
    TrialSite writeWeb(String name, String image, String message, String... furtherKeys) {
        StringBuilder text = new StringBuilder("Name: " + name + "\n");
        text.append("Domains: {").append(name).append(".test: {http: web}}\n");
        text.append("web:\n  image: ").append(image).append('\n');
        text.append("  env: {MESSAGE: ").append(message).append("}\n");
        text.append("  ports: {http: 8000}\n");
        List<String> lines = new ArrayList<>(List.of(furtherKeys));
        for (String usual :
                List.of("health: {http: /up, interval: 500ms, deadline: 4s}", "rollout: {min_healthy: 200ms}")) {
            String key = usual.substring(0, usual.indexOf(' '));
            if (lines.stream().noneMatch(line -> line.startsWith(key))) {
                lines.add(usual);
            }
        }
        for (String line : lines) {
            text.append("  ").append(line).append('\n');
        }
        return write(name + "/Servicefile", text.toString());
    }

    Program start(String... arguments) {
        return Program.start(folder, environment, command(arguments));
    }

    /** Runs {@code portolan} to its end. */
    Ran run(String... arguments) {
        return start(arguments).end();
    }

    /** Asks the edge for a domain. */
    Answer get(String host) {
        return get(host, "/");
    }

    /** Asks the edge for a path of a domain. */
    Answer get(String host, String path) {
        return Answer.of(http, host, path);
    }

    /** A connection to the edge on which a domain was asked, and nothing is read. */
    Socket asking(String host, String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), http);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Asks again and again while something else is done. */
    Traffic traffic(String host) {
        return new Traffic(() -> get(host), Set.of(200));
    }

    /** Asks for a path again and again; answers with these statuses are none that were lost. */
    Traffic traffic(String host, String path, Set<Integer> expected) {
        return new Traffic(() -> get(host, path), expected);
    }

    /** What the engine shows of a deployment's containers, sorted: name, id, and when it was started. */
    List<String> containers(String deployment) {
        List<String> ids = ids(deployment);
        if (ids.isEmpty()) {
            return List.of();
        }
        List<String> command =
                new ArrayList<>(List.of("inspect", "-f", "{{.Name}} {{.Id}} {{.State.Status}} {{.State.StartedAt}}"));
        command.addAll(ids);
        return engine.docker(command.toArray(String[]::new))
                .lines()
                .map(line -> line.substring(1))
                .sorted()
                .toList();
    }

    /** Kills a container's first process behind the engine's back. */
    void kill(String container) {
        long pid = Long.parseLong(
                engine.docker("inspect", "-f", "{{.State.Pid}}", container).strip());
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    /** The names of a deployment's running containers, sorted. */
    List<String> running(String deployment) {
        return containers(deployment).stream()
                .filter(line -> line.split(" ", -1)[2].equals("running"))
                .map(line -> line.split(" ", -1)[0])
                .toList();
    }

    /** The names of all of a deployment's containers, sorted. */
    List<String> names(String deployment) {
        return containers(deployment).stream()
                .map(line -> line.split(" ", -1)[0])
                .toList();
    }

    private List<String> ids(String deployment) {
        String ids = engine.docker("ps", "-aq", "--no-trunc", "--filter", "label=org.portolan.deployment=" + deployment)
                .strip();
        return ids.isEmpty() ? List.of() : List.of(ids.split("\n", -1));
    }

    /** The id of a process that Portolan started for this installation, found by its command line. */
    List<Long> processes(String word) {
        String own = home().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    String line = commandLine(process.pid());
                    return line.contains(own) && line.contains(word);
                })
                .map(ProcessHandle::pid)
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException ended) {
            return "";
        }
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    static int freePort() {
        return FreePorts.next();
    }

    @Override
    public void close() {
        run("system", "down", "--yes");
        String mine = "label=org.portolan.installation=" + installation();
        remove("rm -f -v", engine.docker("ps", "-aq", "--filter", mine));
        remove("network rm", engine.docker("network", "ls", "-q", "--filter", mine));
    }

    private void remove(String command, String ids) {
        if (!ids.isBlank()) {
            engine.docker((command + " " + ids.strip().replace("\n", " ")).split(" ", -1));
        }
    }

    private String installation() {
        try {
            Path file = home().resolve("installation");
            return Files.exists(file) ? Files.readString(file).strip() : "none";
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
