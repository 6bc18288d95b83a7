package org.portolan.proxy.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;
import org.portolan.process.Listeners;
import org.portolan.process.OpenFiles;
import org.portolan.process.StateFiles;
import org.portolan.proxy.nginx.WorkerUser;
import org.portolan.routing.Hashes;
import org.portolan.routing.NginxConfig;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RenderContext.Worker;

/** Where the proxies' files lie, and what was decided once and kept: secrets and the port between nginx and HAProxy. */
final class ProxyLayout {
    /** A unix socket's path has at most 108 bytes, and HAProxy binds under a longer name first. */
    private static final int LONGEST_SOCKET = 80;

    /** Holds a folder for each installation whose workers cannot enter its state directory. */
    private static final Path OUTSIDE = Path.of("/var/lib/portolan");

    private static final int FIRST_ROUTER_PORT = 14_000;
    private static final int ROUTER_PORTS = 1000;
    private static final int SECRET_BYTES = 24;
    private static final String SECRET = "[0-9a-f]{" + 2 * SECRET_BYTES + "}";

    private final Path folder;
    private final Path run;
    private final Path sites;
    private final Optional<Worker> worker;

    ProxyLayout(ProxySettings settings) {
        folder = settings.folder().toAbsolutePath().normalize();
        String mark = Hashes.shortHex(folder.toString());
        Path near = folder.resolve("run");
        run = near.toString().length() <= LONGEST_SOCKET
                ? near
                : Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "portolan-" + mark);
        worker = WorkerUser.choose(settings.workerUser());
        // The state directory is closed to others, and so, unless somebody opened it, to the workers of root's nginx.
        boolean reached = worker.isEmpty() || (Files.isDirectory(folder) && WorkerUser.reaches(worker.get(), folder));
        sites = reached ? folder.resolve("sites") : OUTSIDE.resolve(mark);
    }

    Path folder() {
        return folder;
    }

    Path run() {
        return run;
    }

    Path sites() {
        return sites;
    }

    Path parts() {
        return folder.resolve("parts");
    }

    Path lock() {
        return folder.resolve("lock");
    }

    /** There while a change is in progress; left behind by one that was broken off. */
    Path pending() {
        return folder.resolve("pending");
    }

    /** Room on the disk for the next start. */
    DiskReserve reserve() {
        return new DiskReserve(folder);
    }

    /** Writes down the settings that the proxies have now. */
    void applied(ProxySettings settings) {
        StringBuilder text = new StringBuilder();
        settings.values()
                .forEach((key, value) ->
                        text.append(key).append('=').append(value).append('\n'));
        if (!read(settingsFile()).equals(Optional.of(text.toString().strip()))) {
            AtomicFiles.write(settingsFile(), text.toString().getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        }
    }

    /** Settings that are others than the proxies have; an older Portolan wrote none down, and nothing is said of them. */
    List<String> changed(ProxySettings settings) {
        List<String> changed = new ArrayList<>();
        SortedMap<String, String> now = settings.values();
        SortedMap<String, String> before = new TreeMap<>();
        for (String line : read(settingsFile()).orElse("").split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                before.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        if (before.isEmpty()) {
            return changed;
        }
        SortedSet<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        for (String key : keys) {
            String from = before.getOrDefault(key, "default");
            String to = now.getOrDefault(key, "default");
            if (!from.equals(to)) {
                changed.add(key + " " + from + " → " + to);
            }
        }
        return changed;
    }

    private Path settingsFile() {
        return folder.resolve("settings");
    }

    Optional<Worker> worker() {
        return worker;
    }

    void prepare() {
        Home.makeFolder(folder);
        Home.makeFolder(parts());
        Home.makeFolder(run);
        try {
            if (!Files.getOwner(run).equals(Files.getOwner(folder))) {
                throw new Failure(Kind.CONFLICT, run + " belongs to another user")
                        .withHint("remove it, or set a shorter PORTOLAN_HOME");
            }
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot inspect " + run + ": " + problem.getMessage());
        }
    }

    /**
     * Takes away what lies outside of the state directory, passwords and certificates among it, but for access logs; no proxy
     * may run. The next start makes it again.
     */
    void clearOutside() {
        if (!sites.startsWith(OUTSIDE) || !Files.isDirectory(sites, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Path logs = sites.resolve(NginxConfig.ACCESS_LOG).resolveSibling("");
            try (Stream<Path> entries = Files.list(sites)) {
                for (Path entry : entries.filter(entry -> !entry.equals(logs)).toList()) {
                    StateFiles.delete(entry);
                }
            }
            if (!Files.isDirectory(logs, LinkOption.NOFOLLOW_LINKS)) {
                StateFiles.delete(sites);
            }
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot remove " + sites + ": " + problem.getMessage())
                    .withHint("the proxies are down; remove it, the next start creates it again")
                    .withCause(problem);
        }
        try {
            Files.deleteIfExists(OUTSIDE);
        } catch (IOException othersHaveTheirsThere) {
            // The last one takes the folder with it.
        }
    }

    /** A secret of this installation's proxies, made once. */
    String secret(String name) {
        Path file = folder.resolve("secret-" + name);
        Optional<String> kept = read(file);
        if (kept.isPresent() && !kept.get().matches(SECRET)) {
            // An empty or damaged word protects nothing.
            setAside(file);
            kept = Optional.empty();
        }
        if (kept.isEmpty()) {
            byte[] bytes = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(bytes);
            AtomicFiles.create(
                    file, HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
            kept = read(file);
        }
        return kept.orElseThrow(() -> new Failure(Kind.UNAVAILABLE, "cannot read " + file));
    }

    private static void setAside(Path file) {
        try {
            StateFiles.setAside(file);
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot rename " + file + ": " + problem.getMessage())
                    .withHint("it is damaged: delete it, and the next command creates a new one")
                    .withCause(problem);
        }
    }

    /** What HAProxy signs the nonces of HTTP Digest with, as it takes it. */
    String digestKey() {
        return Base64.getEncoder().encodeToString(secret("digest").getBytes(StandardCharsets.UTF_8));
    }

    byte[] key() {
        return secret("key").getBytes(StandardCharsets.UTF_8);
    }

    /** The loopback port on which nginx asks HAProxy; kept once chosen. */
    int routerPort() {
        Optional<Integer> known = knownRouterPort();
        return known.isPresent() ? known.get() : chooseRouterPort();
    }

    /** The port as it was chosen; empty when none was yet. */
    Optional<Integer> knownRouterPort() {
        return read(folder.resolve("router-port"))
                .filter(port -> port.matches("\\d{4,5}"))
                .map(Integer::parseInt);
    }

    /** Chooses another one: at a start, another process may use the kept one. */
    int chooseRouterPort() {
        int start = Math.floorMod(folder.hashCode(), ROUTER_PORTS);
        for (int i = 0; i < ROUTER_PORTS; i++) {
            int port = FIRST_ROUTER_PORT + (start + i) % ROUTER_PORTS;
            if (free(port)) {
                AtomicFiles.write(
                        folder.resolve("router-port"),
                        String.valueOf(port).getBytes(StandardCharsets.UTF_8),
                        AtomicFiles.PRIVATE);
                return port;
            }
        }
        throw new Failure(
                Kind.UNAVAILABLE,
                "no port from " + FIRST_ROUTER_PORT + " to " + (FIRST_ROUTER_PORT + ROUTER_PORTS - 1)
                        + " is free on 127.0.0.1 for the connection from nginx to HAProxy");
    }

    static boolean free(int port) {
        return Listeners.refusal("127.0.0.1", port).isEmpty();
    }

    /** Every address of this machine's interfaces, in one spelling. */
    static Set<String> addresses() {
        Set<String> addresses = new TreeSet<>();
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(network.getInetAddresses())) {
                    // Not by its text: to read the zone in that, all interfaces are listed again for each address.
                    addresses.add(Listeners.text(address));
                }
            }
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot list this machine's addresses: " + problem.getMessage());
        }
        return addresses;
    }

    /**
     * Whether an address is one of this machine's, however it is written. All of 127.0.0.0/8 is, though only one address
     * shows.
     */
    static boolean isHere(String address, Set<String> addresses) {
        return address.startsWith("127.") || addresses.contains(Listeners.canonical(address));
    }

    /** How many files each proxy's process may open, if that was decided. */
    Optional<Long> knownOpenFiles() {
        return read(folder.resolve("open-files"))
                .filter(text -> text.matches("\\d{3,7}"))
                .map(Long::parseLong);
    }

    /**
     * How many files each proxy's process may open: decided once and kept, so that the shell of a later command changes
     * nothing.
     *
     * @param running a process that was started before this was kept
     */
    long openFiles(Supplier<Optional<Long>> running) {
        return knownOpenFiles().orElseGet(() -> {
            long decided = running.get().flatMap(OpenFiles::most).orElseGet(OpenFiles::decide);
            AtomicFiles.write(
                    folder.resolve("open-files"),
                    String.valueOf(decided).getBytes(StandardCharsets.UTF_8),
                    AtomicFiles.PRIVATE);
            return decided;
        });
    }

    static Optional<String> read(Path file) {
        try {
            return StateFiles.text(file).map(String::strip);
        } catch (IOException problem) {
            throw FileProblems.failure("read", file, problem);
        }
    }
}
