package org.portolan.proof;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Clients without a password at domains that let nobody in: on kept and on new connections, over TLS and without, with the
 * domain's name in every way that it can be written. An answer of a service is one too many.
 */
final class Doors {
    /**
     * A domain that is closed.
     *
     * @param answers the statuses that it gives instead of its service's answer
     * @param open the service that may answer without a password, for a domain that is opened and closed again; else empty
     */
    record Door(String host, boolean tls, Set<Integer> answers, String open) {
        Door(String host, boolean tls, Set<Integer> answers) {
            this(host, tls, answers, "");
        }

        boolean permits(Connection.Answer answer) {
            return answer.status() == 200 && !open.isEmpty() && answer.body().startsWith(open + " ");
        }
    }

    private final Kind kind;
    private final Tally tally;
    private final ProofSite.Ports ports;
    private final boolean tricks;
    private final boolean watchful;

    /**
     * @param tricks whether to try Host values that are no name of one host, too
     * @param watchful as that of {@link ProofTraffic}
     */
    Doors(Kind kind, Tally tally, ProofSite.Ports ports, boolean tricks, boolean watchful) {
        this.kind = kind;
        this.watchful = watchful;
        this.tally = tally;
        this.ports = ports;
        this.tricks = tricks;
    }

    /** Starts clients: half of them on kept connections. */
    void start(ProofWorkers workers, List<Door> doors, double perSecond) {
        for (Door door : doors) {
            double each = perSecond / doors.size() / 2;
            workers.start(1, each, kind, () -> knocking(door, true));
            workers.start(1, each, kind, () -> knocking(door, false));
        }
    }

    private ProofWorkers.Worker knocking(Door door, boolean keep) {
        Connection[] kept = new Connection[1];
        long[] seen = new long[1];
        return () -> {
            Connection connection = kept[0];
            kept[0] = null;
            try {
                if (watchful && connection != null && connection.ended()) {
                    connection.close();
                    tally.closedIdle();
                    connection = null;
                }
                if (connection == null) {
                    seen[0] = System.nanoTime();
                    connection = door.tls ? Connection.tls(ports.https(), door.host) : Connection.plain(ports.http());
                }
                boolean last = knock(connection, door);
                seen[0] = System.nanoTime();
                if (keep && !last) {
                    kept[0] = connection;
                }
            } catch (IOException e) {
                tally.lost(kind, (keep ? "kept" : "new") + " connection, " + door.host + ": " + e, seen[0]);
            } finally {
                if (kept[0] == null && connection != null) {
                    connection.close();
                }
            }
        };
    }

    private boolean knock(Connection connection, Door door) throws IOException {
        boolean trick = tricks && ThreadLocalRandom.current().nextInt(4) == 0;
        String host = trick ? trick(door.host) : spelled(door);
        long began = System.nanoTime();
        Connection.Answer answer = connection.get(host, "/behind-the-door", "");
        if (door.permits(answer)) {
            tally.good(kind, System.nanoTime() - began);
        } else if (answer.status() < 300) {
            tally.open(
                    kind,
                    "'Host: " + host + "' got " + answer.status() + ": "
                            + answer.body().strip());
        } else if (!trick && !door.answers.contains(answer.status())) {
            tally.lost(kind, "'Host: " + host + "' got " + answer.status() + ", not " + door.answers, began);
        } else {
            tally.good(kind, System.nanoTime() - began);
        }
        return answer.last();
    }

    /** The same name, as it may be written too. */
    private String spelled(Door door) {
        return switch (ThreadLocalRandom.current().nextInt(4)) {
            case 0 -> door.host.toUpperCase(Locale.ROOT);
            case 1 -> door.host + ".";
            case 2 -> door.host + ":" + (door.tls ? ports.https() : ports.http());
            default -> door.host;
        };
    }

    /** No name of a host, but a careless comparison takes it for the domain. */
    private static String trick(String host) {
        List<String> tricks = List.of(
                "x," + host,
                host + ",x",
                "x, " + host,
                host + ":80,x",
                "x;" + host,
                host + "..",
                "[" + host + "]",
                host + ":");
        return tricks.get(ThreadLocalRandom.current().nextInt(tricks.size()));
    }
}
