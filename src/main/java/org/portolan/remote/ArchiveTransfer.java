package org.portolan.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.socket.SocketWatchdog;

/** An operation's archive, of any size, in one direction or the other: a part at a time, each in time. */
final class ArchiveTransfer {
    /** An archive is as fast as a disk far away and the line to it, but something of it comes. */
    private static final Duration UNMOVED = Duration.ofMinutes(5);

    private static final String TAR = "application/x-tar";
    private static final int PART = 64 * 1024;

    private final ApiClient client;
    private final String path;
    private final Map<String, String> who;

    ArchiveTransfer(ApiClient client, String operation, String who) {
        this.client = client;
        this.path = "/v1/operations/" + ApiClient.segment(operation) + "/archive";
        this.who = ApiClient.onBehalfOf(who);
    }

    /** Takes a part of an archive. */
    @FunctionalInterface
    interface Taking {
        void take(byte[] bytes, int length);
    }

    /**
     * Takes it.
     *
     * @throws Failure also when it ended before its end
     */
    void take(Taking taking) {
        client.ask(new Asking("GET", path, TAR, who, ApiClient.NOTHING, ApiClient.ANSWERING), UNMOVED, reply -> {
            byte[] part = new byte[PART];
            for (int read = reply.read(part); read >= 0; read = reply.read(part)) {
                taking.take(part, read);
            }
            return part;
        });
    }

    /** Gives the next part of an archive; -1 when there is no more. */
    @FunctionalInterface
    interface Giving {
        int next(byte[] into);
    }

    /**
     * Sends it.
     *
     * @param bytes how many there are
     */
    void send(long bytes, Giving giving) {
        Map<String, String> headers = new LinkedHashMap<>(who);
        headers.put(Asking.CONTENT_TYPE, TAR);
        headers.put(Asking.CONTENT_LENGTH, String.valueOf(bytes));
        Asking asking = new Asking("PUT", path, Asking.JSON, headers, ApiClient.NOTHING, ApiClient.ANSWERING);
        client.send(asking, (link, watchdog) -> {
            byte[] part = new byte[PART];
            for (int count = giving.next(part); count >= 0; count = giving.next(part)) {
                send(link, watchdog, part, count);
            }
        });
    }

    private static void send(Link link, SocketWatchdog watchdog, byte[] part, int count) throws IOException {
        try (SocketWatchdog.Guard guard = watchdog.guard(UNMOVED, link)) {
            link.out().write(part, 0, count);
            link.out().flush();
        }
    }
}
