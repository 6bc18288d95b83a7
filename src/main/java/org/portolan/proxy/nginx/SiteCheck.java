package org.portolan.proxy.nginx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.portolan.routing.Policy;
import org.portolan.routing.Site;

/** Compares how nginx treats names, by asking it for each, with what is declared; the names are asked for side by side. */
final class SiteCheck {
    /** Many more at the same time would wait for nginx's workers anyway. */
    private static final int AT_ONCE = 8;

    private final SiteFiles files;
    private final EdgeProbe probe;
    private final byte[] key;

    SiteCheck(SiteFiles files, EdgeProbe probe, byte[] key) {
        this.files = files;
        this.probe = probe;
        this.key = key.clone();
    }

    /** What is otherwise than declared, a line for each name. */
    List<String> differences(Collection<Site> sites) {
        List<Future<Optional<String>>> answers = new ArrayList<>();
        // Threads of the system: a virtual one's poller would keep the JVM from ending for 300 ms.
        try (ExecutorService threads = Executors.newFixedThreadPool(
                Math.clamp(sites.size(), 1, AT_ONCE),
                Thread.ofPlatform().daemon().name("edge-", 1).factory())) {
            for (Site site : sites) {
                answers.add(threads.submit(() -> difference(site)));
            }
        }
        List<String> found = new ArrayList<>();
        for (Future<Optional<String>> answer : answers) {
            try {
                answer.get().ifPresent(found::add);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return found;
            } catch (ExecutionException failed) {
                found.add("domains cannot be checked: " + failed.getCause());
            }
        }
        return found;
    }

    /** nginx passes HAProxy's refusal of what Digest could not check on: that is repaired by a reload. */
    private static String who(Policy policy, String what) {
        return policy.kind() == Policy.Kind.DIGEST && what.contains("503") ? "HAProxy" : "nginx";
    }

    private Optional<String> difference(Site site) {
        Policy policy = Policy.of(site, key);
        Optional<String> files = this.files.difference(policy);
        if (files.isPresent()) {
            return files;
        }
        try {
            return probe.difference(policy)
                    .map(what -> who(policy, what) + " does not serve " + site.host() + " as declared: " + what);
        } catch (IOException problem) {
            return Optional.of("nginx does not answer for " + site.host() + ": " + problem.getMessage());
        }
    }
}
