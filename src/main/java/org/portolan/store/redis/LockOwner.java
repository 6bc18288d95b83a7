package org.portolan.store.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.json.StrictJson;
import org.portolan.model.LocalTimes;
import org.portolan.model.json.MomentJson;
import org.portolan.process.ProcessIdentity;
import org.portolan.process.ProcessTable;
import org.portolan.store.StoreException;

/**
 * Who holds a lock, as one line of JSON.
 *
 * @param process the holder's process, as {@link ProcessIdentity#text()} writes it
 * @param nonce tells one taking from all others of the same process
 */
record LockOwner(String user, String host, String process, String purpose, Instant since, String nonce) {
    private static final AtomicLong TAKINGS = new AtomicLong();

    static LockOwner self(String purpose) {
        return new LockOwner(
                System.getProperty("user.name", "?"),
                hostName(),
                ProcessIdentity.self().text(),
                purpose,
                Instant.now(),
                System.nanoTime() + "-" + TAKINGS.incrementAndGet());
    }

    byte[] write() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("user", user);
        tree.put("host", host);
        tree.put("process", process);
        tree.put("purpose", purpose);
        tree.put("since", MomentJson.write(since));
        tree.put("nonce", nonce);
        return StoreJson.write(tree);
    }

    /** Reads a lock's value, {@code <token> <owner>}; empty when it is not one. */
    static Optional<LockOwner> ofValue(String value) {
        int space = value.indexOf(' ');
        try {
            byte[] text = value.substring(space + 1).getBytes(StandardCharsets.UTF_8);
            return Optional.of(StoreJson.read("lock", text, LockOwner::read));
        } catch (StoreException unreadable) {
            return Optional.empty();
        }
    }

    private static LockOwner read(StrictJson tree) {
        return new LockOwner(
                tree.text("user"),
                tree.text("host"),
                tree.text("process"),
                tree.text("purpose"),
                MomentJson.read(tree.at("since")),
                tree.text("nonce"));
    }

    /** Whether it is a process of this machine that has ended. */
    boolean isDead() {
        return ProcessIdentity.parse(process)
                .filter(identity -> identity.life() == ProcessIdentity.Life.DEAD)
                .isPresent();
    }

    /** For people: {@code alice@box, process 4711: deploys shop, since 2026-11-27 17:03:11}. */
    String describe() {
        int space = process.indexOf(' ');
        String pid = space < 0 ? process : process.substring(0, space);
        boolean stopped = ProcessIdentity.parse(process)
                .filter(identity -> identity.life() == ProcessIdentity.Life.ALIVE)
                .filter(identity -> ProcessTable.isStopped(identity.pid()))
                .isPresent();
        return user + "@" + host + ", process " + pid + (stopped ? ", which is suspended (state T)" : "")
                + (purpose.isEmpty() ? "" : ": " + purpose) + ", since "
                + LocalTimes.toTheSecond(since.atZone(ZoneId.systemDefault()));
    }

    // Asking the resolver for this machine's name can take seconds.
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException notLinux) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("?");
        }
    }
}
