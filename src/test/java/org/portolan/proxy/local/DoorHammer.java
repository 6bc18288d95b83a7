package org.portolan.proxy.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.model.service.DigestCredential;

/**
 * Asks hosts without pause, without a password and with each that ever was one, and compares what comes with what is
 * declared, or, while a change is in progress, with what was and what will be. What comes is a word: the status, and the
 * service's name after 200.
 */
final class DoorHammer implements AutoCloseable {
    /** What somebody may get from a host: one word each, by what he says for a password ("" for none). */
    record Rule(TreeMap<String, String> words) {}

    private record Spell(long from, List<Rule> rules) {}

    /** What a password begins with that is given by HTTP Digest, and not by Basic. */
    static final String DIGEST = "digest-";

    final AtomicLong asked = new AtomicLong();
    final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final ConcurrentSkipListMap<String, ConcurrentLinkedQueue<Spell>> spells = new ConcurrentSkipListMap<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicBoolean lossy = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final int port;
    private final List<String> passwords;

    /** Asks at once, when hosts are known. */
    DoorHammer(int port, List<String> hosts, List<String> passwords) {
        this.port = port;
        this.passwords = passwords;
        for (String host : hosts) {
            spells.put(host, new ConcurrentLinkedQueue<>());
        }
        for (int i = 0; i < 4; i++) {
            int offset = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> run(hosts, offset)));
        }
    }

    /** From now on a host may get what any of the rules says. */
    void allow(String host, Rule... rules) {
        spells.get(host).add(new Spell(System.nanoTime(), List.of(rules)));
    }

    /** While proxies are missing no answer counts but one that lets somebody in. */
    void lossy(boolean on) {
        lossy.set(on);
    }

    /** Waits until everybody was asked a few times since. */
    void rounds(int more) throws InterruptedException {
        long goal = asked.get() + (long) more * spells.size() * passwords.size();
        while (asked.get() < goal) {
            Thread.sleep(1);
        }
    }

    private void run(List<String> hosts, int offset) {
        for (int turn = offset; !stop.get(); turn++) {
            String host = hosts.get(turn % hosts.size());
            String password = passwords.get(turn / hosts.size() % passwords.size());
            long from = System.nanoTime();
            boolean tolerant = lossy.get();
            String word = ask(host, password);
            tolerant |= lossy.get();
            Set<String> allowed = new TreeSet<>();
            boolean known = false;
            List<Spell> all = new ArrayList<>(spells.get(host));
            for (int i = 0; i < all.size(); i++) {
                if (i + 1 == all.size() || all.get(i + 1).from() >= from) {
                    known = true;
                    for (Rule rule : all.get(i).rules()) {
                        allowed.add(
                                rule.words().getOrDefault(password, rule.words().get("")));
                    }
                }
            }
            if (known && !allowed.contains(word) && !(tolerant && !word.startsWith("200"))) {
                faults.add(host + (password.isEmpty() ? "" : " with " + password) + ": " + word + " and not " + allowed
                        + " from " + from + " to " + System.nanoTime() + " of "
                        + all.subList(Math.max(0, all.size() - 6), all.size()));
            }
            asked.incrementAndGet();
        }
    }

    private String ask(String host, String password) {
        if (!password.startsWith(DIGEST)) {
            String user = password.isEmpty()
                    ? ""
                    : "Authorization: Basic "
                            + Base64.getEncoder()
                                    .encodeToString(("ann:" + password).getBytes(StandardCharsets.US_ASCII))
                            + "\r\n";
            return ask(host, user, new StringBuilder());
        }
        // As a browser: asks, answers the challenge, and answers again when only the nonce was refused.
        DigestUser ann = new DigestUser("ann", DigestCredential.REALM, password.substring(DIGEST.length()));
        StringBuilder head = new StringBuilder();
        String word = ask(host, "", head);
        for (int again = 0; again < 5; again++) {
            String nonce = DigestUser.nonce(head.toString(), "SHA-256");
            if (!word.equals("401") || nonce.isEmpty() || (again > 0 && !DigestUser.stale(head.toString()))) {
                return word;
            }
            head.setLength(0);
            word = ask(host, "Authorization: " + ann.header("SHA-256", "/x", nonce, 1) + "\r\n", head);
        }
        return word;
    }

    private String ask(String host, String user, StringBuilder head) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /x HTTP/1.1\r\nHost: " + host + "\r\n" + user + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String status = in.readLine();
            if (status == null || status.length() < 12) {
                return "cut";
            }
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append(line).append('\n');
            }
            String body = in.readLine();
            status = status.substring(9, 12);
            return status.equals("200") && body != null ? "200 " + body.split(" ", -1)[0] : status;
        } catch (IOException problem) {
            return "cut";
        }
    }

    @Override
    public void close() {
        stop.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(21_000);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
