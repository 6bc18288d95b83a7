package org.portolan.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * A lock on a file, between the processes of this machine and between the threads of this one. The kernel frees it when its
 * holder dies, however that happens.
 */
public final class ExclusiveLock implements AutoCloseable {
    // File locks belong to the whole process, so threads need a separate lock in front.
    private static final Map<Path, Semaphore> THREADS = new ConcurrentHashMap<>();
    private static final long LONGEST_PAUSE_MILLIS = 50;
    private static final long LOOK_EVERY_NANOS = 1_000_000_000L;
    private static final int MOST_STOPPED_LOOKS = 5;

    private final Semaphore threads;
    private final FileChannel channel;
    private boolean open = true;

    private ExclusiveLock(Semaphore threads, FileChannel channel) {
        this.threads = threads;
        this.channel = channel;
    }

    /**
     * Takes the lock, waiting for other holders.
     *
     * @param file made if it is missing; it stays when the lock is freed
     * @throws Failure when it is not free within the time, or the file cannot be opened
     */
    public static ExclusiveLock hold(Path file, Duration wait) {
        long began = System.nanoTime();
        return tryHold(file, wait)
                .orElseThrow(() -> held(file, Duration.ofNanos(Math.min(System.nanoTime() - began, wait.toNanos()))));
    }

    private static Failure held(Path file, Duration waited) {
        OptionalLong pid = LockHolder.of(file);
        String who = pid.isPresent() ? LockHolder.describe(pid.getAsLong()) : "another process";
        boolean stopped = pid.isPresent() && ProcessTable.isStopped(pid.getAsLong());
        return new Failure(Kind.LOCKED, file + " is locked by " + who + " (waited " + Durations.rough(waited) + ")")
                .withHint(
                        stopped
                                ? "continue it (`fg` in its terminal, or kill -CONT " + pid.getAsLong() + ") or kill it"
                                        + " (kill -9 " + pid.getAsLong() + "), then run the command again"
                                : "wait until it has finished, or stop it, then run the command again"
                                        + (pid.isPresent() ? "" : "; to find it: fuser -v " + file));
    }

    /** As {@link #hold}, but empty when it is not free within the time, or its holder is stopped (Ctrl-Z) for long. */
    public static Optional<ExclusiveLock> tryHold(Path file, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        Semaphore threads = THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new Semaphore(1));
        boolean entered = false;
        FileChannel channel = null;
        boolean held = false;
        try {
            entered = threads.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (!entered) {
                return Optional.empty();
            }
            channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            held = lock(file, channel, end);
            return held ? Optional.of(new ExclusiveLock(threads, channel)) : Optional.empty();
        } catch (IOException problem) {
            throw FileProblems.failure("lock", file, problem);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            if (!held) {
                closeQuietly(channel);
                if (entered) {
                    threads.release();
                }
            }
        }
    }

    private static boolean lock(Path file, FileChannel channel, long end) throws IOException, InterruptedException {
        long pause = 2;
        long look = System.nanoTime() + LOOK_EVERY_NANOS;
        int stopped = 0;
        while (true) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return true;
            }
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            if (System.nanoTime() - look >= 0) {
                // A process that is stopped may stay so for days: it is not worth the whole wait.
                OptionalLong holder = LockHolder.of(file);
                boolean isStopped = holder.isPresent() && ProcessTable.isStopped(holder.getAsLong());
                stopped = isStopped ? stopped + 1 : 0;
                if (stopped >= MOST_STOPPED_LOOKS) {
                    return false;
                }
                look = System.nanoTime() + LOOK_EVERY_NANOS;
            }
            Thread.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            closeQuietly(channel);
            threads.release();
        }
    }

    private static void closeQuietly(@org.jspecify.annotations.Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException closedAnyway) {
                // The kernel frees the lock with the descriptor, whatever close reports.
            }
        }
    }
}
