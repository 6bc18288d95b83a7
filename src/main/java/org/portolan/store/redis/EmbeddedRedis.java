package org.portolan.store.redis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.process.Daemon;
import org.portolan.process.ExclusiveLock;
import org.portolan.process.Home;
import org.portolan.socket.SocketWatchdog;
import org.portolan.store.RedisAddress;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The Redis that an installation has for itself: it listens on a unix socket in a folder that only its owner can enter,
 * keeps an append-only file there, and outlives whoever started it. Whoever comes next adopts it by connecting.
 *
 * <p>Files in its folder: {@code redis.sock}, {@code redis.log}, {@code start.lock} (held while it is started), {@code
 * server/} (the bundled program, if it was needed), Redis's own append-only files, and {@code broken-…} folders with files
 * that could not be read.
 */
public final class EmbeddedRedis implements Connector {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final int LOG_LINES = 12;

    private final Path directory;
    private final Consumer<String> warnings;
    private final RedisPrograms programs;

    /**
     * Names the server; nothing is started yet.
     *
     * @param directory its folder, made when it is started
     * @param warnings gets what a person must be told: files that were put aside
     */
    public EmbeddedRedis(Path directory, Consumer<String> warnings) {
        this(directory, warnings, new RedisPrograms(directory));
    }

    EmbeddedRedis(Path directory, Consumer<String> warnings, RedisPrograms programs) {
        this.directory = directory.toAbsolutePath().normalize();
        this.warnings = warnings;
        this.programs = programs;
    }

    /** Makes sure that it runs. */
    public void ensure() {
        try (SocketWatchdog watchdog = new SocketWatchdog()) {
            connect(ANSWER_LIMIT, watchdog).close();
        } catch (IOException | RedisLink.Broken problem) {
            throw new Failure(Kind.UNREACHABLE, "the embedded store does not answer: " + problem.getMessage())
                    .withHint("check its log " + log())
                    .withCause(problem);
        }
    }

    /** Whether it runs and answers; starts nothing. */
    public boolean isRunning() {
        try (SocketWatchdog watchdog = new SocketWatchdog();
                RedisLink link = RedisLink.open(address(SocketPath.of(directory)), ANSWER_LIMIT, watchdog)) {
            return link.call(ANSWER_LIMIT, Command.PING) != null;
        } catch (IOException | RedisLink.Broken | JedisDataException notUsable) {
            return false;
        }
    }

    /** Its process's number, if it runs. */
    public Optional<Long> pid() {
        return StoreProcesses.of(directory).stream().map(ProcessHandle::pid).findFirst();
    }

    /** Ends it; what it holds is on the disk. Gives whether it ran. */
    public boolean stop() {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (ExclusiveLock lock = startLock()) {
            List<ProcessHandle> running = StoreProcesses.of(directory);
            running.forEach(process -> StoreProcesses.end(process, STOP_LIMIT));
            return !running.isEmpty();
        }
    }

    @Override
    public RedisLink connect(Duration limit, SocketWatchdog watchdog) throws IOException, RedisLink.Broken {
        Optional<RedisLink> running = tryConnect(limit, watchdog);
        if (running.isPresent()) {
            return running.get();
        }
        Home.makeFolder(directory);
        try (ExclusiveLock lock = startLock()) {
            Optional<RedisLink> startedMeanwhile = tryConnect(limit, watchdog);
            if (startedMeanwhile.isPresent()) {
                return startedMeanwhile.get();
            }
            // One that runs but whose socket is gone must end first: two writers would ruin the append-only file.
            for (ProcessHandle lost : StoreProcesses.of(directory)) {
                StoreProcesses.end(lost, STOP_LIMIT);
            }
            return start(watchdog);
        }
    }

    @Override
    public String address() {
        return "unix://" + SocketPath.of(directory);
    }

    @Override
    public Remedy hint() {
        return Remedy.of("check " + log() + "; ")
                .and(Call.of(Verb.SYSTEM_DOWN))
                .and(" and ")
                .and(Call.of(Verb.SYSTEM_UP))
                .and(" restart it");
    }

    private ExclusiveLock startLock() {
        return ExclusiveLock.hold(directory.resolve("start.lock"), START_LIMIT.plus(STOP_LIMIT));
    }

    private Path log() {
        return directory.resolve("redis.log");
    }

    private Optional<RedisLink> tryConnect(Duration limit, SocketWatchdog watchdog)
            throws IOException, RedisLink.Broken {
        Path socket = SocketPath.of(directory);
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try {
            return Optional.of(RedisLink.open(address(socket), limit, watchdog));
        } catch (ConnectException nobodyListens) {
            return Optional.empty();
        } catch (SocketException problem) {
            if (Files.exists(socket)) {
                throw problem;
            }
            return Optional.empty();
        }
    }

    private static RedisAddress address(Path socket) {
        return RedisAddress.unix(socket);
    }

    /** Starts it and waits until it answers. Files that it cannot read are put aside, once, and said. */
    private RedisLink start(SocketWatchdog watchdog) {
        RedisPrograms.Program program = programs.choose();
        if (program.olderThanFiles()) {
            putAside("they were written by a newer redis-server, which is no longer installed");
        }
        StartAttempt first = attempt(program, watchdog);
        if (first.link().isPresent()) {
            return first.link().get();
        }
        if (first.exitCode().filter(code -> code == 1).isPresent()
                && DataFiles.blamedBy(first.lastLines())
                && DataFiles.present(directory)) {
            putAside("redis-server cannot read them (" + first.lastLines().getLast() + ")");
            StartAttempt second = attempt(program, watchdog);
            if (second.link().isPresent()) {
                return second.link().get();
            }
            throw failure(program, second);
        }
        throw failure(program, first);
    }

    private void putAside(String why) {
        Path aside = DataFiles.putAside(directory);
        warnings.accept("The store's files were moved to " + aside + ": " + why
                + ". The store is empty now: running services are not affected and are restored from labels of containers; the history"
                + " of releases is lost.");
    }

    /**
     * How a start went.
     *
     * @param lastLines the end of the log when it did not answer
     */
    private record StartAttempt(Optional<RedisLink> link, Optional<Integer> exitCode, List<String> lastLines) {}

    private StartAttempt attempt(RedisPrograms.Program program, SocketWatchdog watchdog) {
        Path socket = SocketPath.make(directory);
        long logged = DataFiles.size(log());
        Daemon daemon = Daemon.start(command(program, socket), directory, log(), java.util.Map.of());
        long end = System.nanoTime() + START_LIMIT.toNanos();
        long pause = 1;
        while (System.nanoTime() - end < 0) {
            Optional<Integer> exitCode = daemon.exitCode();
            if (exitCode.isPresent()) {
                return new StartAttempt(Optional.empty(), exitCode, DataFiles.linesSince(log(), logged, LOG_LINES));
            }
            Optional<RedisLink> link = tryPing(socket, watchdog);
            if (link.isPresent()) {
                daemon.release();
                return new StartAttempt(link, Optional.empty(), List.of());
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
            pause = Math.min(pause * 2, 20);
        }
        ProcessHandle.of(daemon.pid()).ifPresent(ProcessHandle::destroy);
        return new StartAttempt(Optional.empty(), Optional.empty(), DataFiles.linesSince(log(), logged, LOG_LINES));
    }

    private static Optional<RedisLink> tryPing(Path socket, SocketWatchdog watchdog) {
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try {
            RedisLink link = RedisLink.open(address(socket), ANSWER_LIMIT, watchdog);
            try {
                link.call(ANSWER_LIMIT, Command.PING);
                return Optional.of(link);
            } catch (RedisLink.Broken | JedisDataException stillLoading) {
                link.close();
                return Optional.empty();
            }
        } catch (IOException | RedisLink.Broken notYet) {
            return Optional.empty();
        }
    }

    private static List<String> command(RedisPrograms.Program program, Path socket) {
        List<String> line = new ArrayList<>();
        line.add(program.file().toString());
        line.addAll(List.of("--port", "0", "--unixsocket", socket.toString(), "--unixsocketperm", "700"));
        line.addAll(List.of("--daemonize", "no", "--databases", "1", "--maxmemory-policy", "noeviction"));
        line.addAll(List.of("--appendonly", "yes", "--appendfsync", "everysec", "--aof-load-truncated", "yes"));
        line.addAll(List.of("--auto-aof-rewrite-min-size", "8mb", "--save", ""));
        return line;
    }

    private Failure failure(RedisPrograms.Program program, StartAttempt attempt) {
        List<String> lines = attempt.lastLines();
        for (String line : lines) {
            if (line.contains("error while loading shared libraries") || line.contains("' not found (required by")) {
                return new Failure(Kind.UNAVAILABLE, "the bundled Redis does not run on this system: " + line.strip())
                        .withHint("install redis-server (6.2 or newer), or set PORTOLAN_REDIS to a server's address");
            }
        }
        String how = attempt.exitCode()
                .map(code -> "it exited with status " + code)
                .orElse("it did not answer within " + Durations.format(START_LIMIT));
        return new Failure(Kind.UNAVAILABLE, "cannot start the embedded store (" + program.file() + "): " + how)
                .withDetails(lines)
                .withHint("check its log " + log() + ", or set PORTOLAN_REDIS to another server's address");
    }
}
