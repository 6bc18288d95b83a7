package org.portolan.store.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.store.StoreFinding;

/** What a Redis server says of itself (INFO), and what of it does not suit a store. Pure. */
final class ServerInfo {
    private static final double NEARLY_FULL = 0.9;

    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Optional<String> save;
    private final boolean found;

    /**
     * @param info the reply to INFO
     * @param save the schedule of snapshots ({@code CONFIG GET save}), "" for none; empty where the server does not tell it
     */
    ServerInfo(String info, Optional<String> save) {
        this(info, save, false);
    }

    /**
     * The same.
     *
     * @param found whether the server is one of several, of which any may become the primary
     */
    ServerInfo(String info, Optional<String> save, boolean found) {
        this.save = save;
        this.found = found;
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
    }

    /** Version and persistence, for people. */
    String describe() {
        return "Redis " + fields.getOrDefault("redis_version", "?") + ", " + persistence();
    }

    private String persistence() {
        if (is("aof_enabled", "1")) {
            return "append-only file";
        }
        return nothingSaved() ? "no persistence" : "snapshots only: a crash may lose the latest changes";
    }

    private boolean nothingSaved() {
        return !is("aof_enabled", "1") && save.filter(String::isEmpty).isPresent();
    }

    private boolean is(String field, String value) {
        return value.equals(fields.get(field));
    }

    private long number(String field) {
        try {
            return Long.parseLong(fields.getOrDefault(field, "0"));
        } catch (NumberFormatException unknown) {
            return 0;
        }
    }

    /** What does not suit. */
    List<StoreFinding> findings() {
        List<StoreFinding> findings = new ArrayList<>();
        String mode = fields.getOrDefault("redis_mode", "standalone");
        if (!mode.equals("standalone") && !found) {
            findings.add(new StoreFinding(
                    true,
                    "the server is " + (mode.equals("sentinel") ? "a Sentinel" : "part of a Redis " + mode)
                            + ", but its address is given as that of a single server",
                    mode.equals("sentinel") ? "Use sentinel://host:port,…/name." : "Use cluster://host:port,…."));
        }
        if (found) {
            replication(findings);
        }
        if (is("role", "slave")) {
            findings.add(new StoreFinding(
                    true,
                    "the server is a replica of " + fields.getOrDefault("master_host", "?") + ":"
                            + fields.getOrDefault("master_port", "?") + ": it rejects or loses writes",
                    "Use the primary's address, or make this server the primary (REPLICAOF NO ONE)."));
        }
        if (is("loading", "1")) {
            findings.add(new StoreFinding(
                    true,
                    "the server is still loading its data",
                    "Wait until it has finished; its log shows the progress."));
        }
        version(findings);
        memory(findings);
        persistence(findings);
        return findings;
    }

    /** What a fail-over needs. */
    private void replication(List<StoreFinding> findings) {
        if (number("connected_slaves") == 0) {
            findings.add(new StoreFinding(
                    false,
                    "the primary has no replica: nothing takes over when it fails",
                    "Start a replica, and check that it is connected (INFO replication)."));
        }
        // The server shows this field only where it is set.
        if (!fields.containsKey("min_slaves_good_slaves")) {
            findings.add(new StoreFinding(
                    false,
                    "the primary takes writes without a replica: one that is cut off continues to take them, and they are lost",
                    "Set min-replicas-to-write 1 and min-replicas-max-lag 5 on all servers."));
        }
    }

    private void version(List<StoreFinding> findings) {
        String[] parts = fields.getOrDefault("redis_version", "").split("\\.", -1);
        try {
            int major = Integer.parseInt(parts[0]);
            if (major < 6 || (major == 6 && parts.length > 1 && Integer.parseInt(parts[1]) < 2)) {
                findings.add(new StoreFinding(
                        true, "the server is Redis " + fields.get("redis_version"), "Use Redis 6.2 or newer."));
            }
        } catch (NumberFormatException unknown) {
            // Then it is some other server that speaks the protocol; the write that is tried tells.
        }
    }

    private void memory(List<StoreFinding> findings) {
        long limit = number("maxmemory");
        long used = number("used_memory");
        String policy = fields.getOrDefault("maxmemory_policy", "noeviction");
        if (!policy.equals("noeviction")) {
            boolean all = policy.startsWith("allkeys");
            findings.add(new StoreFinding(
                    limit > 0 && all,
                    "maxmemory-policy is " + policy
                            + (limit == 0
                                    ? ": with a limit (maxmemory) the server would evict Portolan's keys"
                                    : all
                                            ? ": at " + mebibytes(limit)
                                                    + " the server evicts keys, including Portolan's state"
                                            : ": at " + mebibytes(limit)
                                                    + " the server evicts keys that expire, such as"
                                                    + " the locks of releases"),
                    "CONFIG SET maxmemory-policy noeviction, and the same in the server's configuration."));
        }
        if (limit > 0 && used >= limit * NEARLY_FULL) {
            findings.add(new StoreFinding(
                    used >= limit,
                    "memory is " + (used >= limit ? "full" : "nearly full") + ": " + mebibytes(used) + " of "
                            + mebibytes(limit),
                    "Raise maxmemory, or free memory: a full server rejects writes, and releases fail."));
        }
    }

    private static String mebibytes(long bytes) {
        return Math.round(bytes / 104857.6) / 10.0 + " MiB";
    }

    private void persistence(List<StoreFinding> findings) {
        if (is("aof_enabled", "1")) {
            if (is("aof_last_write_status", "err")) {
                findings.add(new StoreFinding(
                        true,
                        "the server cannot write its append-only file, and rejects writes",
                        "Check its log; its disk may be full."));
            }
            return;
        }
        if (is("rdb_last_bgsave_status", "err")) {
            findings.add(new StoreFinding(
                    true,
                    "the server's last snapshot failed; by default it now rejects writes",
                    "Check its log; its disk may be full, or it has too little memory for the fork."));
        }
        findings.add(
                nothingSaved()
                        ? new StoreFinding(
                                false,
                                "the server has no persistence: when it stops, the history of releases is lost",
                                "CONFIG SET appendonly yes, and the same in the server's configuration.")
                        : new StoreFinding(
                                false,
                                "the server writes snapshots only: a crash loses changes since the last one",
                                "CONFIG SET appendonly yes, and the same in the server's configuration."));
    }
}
