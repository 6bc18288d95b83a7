package org.portolan.gitserver;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.session.Session;

/** The commands of SSH sessions that are in progress, and whether more may begin. May be used from many threads. */
final class GitCommands {
    private static final long ROUND_MILLIS = 20;

    private final Map<GitCommand, Session> running = new HashMap<>();
    private boolean closing;

    /** Whether one may begin; it counts until {@link #ended}. */
    synchronized boolean begins(GitCommand command, Session session) {
        if (!closing) {
            running.put(command, session);
        }
        return !closing;
    }

    /** One has ended, and how was given to its session to be sent. */
    synchronized void ended(GitCommand command) {
        running.remove(command);
        notifyAll();
    }

    /** Whether those that only follow something shall end. */
    synchronized boolean closing() {
        return closing;
    }

    /**
     * Lets none begin any more, and waits for the others at most so long: until they have ended, and their clients have left. A client leaves by
     * itself once it has read how its command ended; what is still to be sent would be lost with its connection.
     */
    void close(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        try {
            List<Session> sessions = awaitEnds(end);
            while (sessions.stream().anyMatch(Session::isOpen) && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(ROUND_MILLIS);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those whose commands were in progress. */
    private synchronized List<Session> awaitEnds(long end) throws InterruptedException {
        closing = true;
        List<Session> sessions = List.copyOf(running.values());
        for (long left = end - System.nanoTime(); !running.isEmpty() && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return sessions;
    }
}
