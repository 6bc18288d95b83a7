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
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.routing.Policy;

/** Compares how nginx treats names, by asking it for each, with what is declared; the names are asked for side by side. */
final class SiteCheck {
    /** Many more at the same time would wait for nginx's workers anyway. */
    private static final int AT_ONCE = 8;

    private final SiteFiles files;
    private final EdgeProbe probe;

    SiteCheck(SiteFiles files, EdgeProbe probe) {
        this.files = files;
        this.probe = probe;
    }

    /** What is otherwise than declared, one for each name. */
    List<ProxyDefect> differences(Collection<Policy> policies) {
        List<Future<Optional<ProxyDefect>>> answers = new ArrayList<>();
        // Threads of the system: a virtual one's poller would keep the JVM from ending for 300 ms.
        try (ExecutorService threads = Executors.newFixedThreadPool(
                Math.clamp(policies.size(), 1, AT_ONCE),
                task -> Thread.ofPlatform().daemon().name("edge").unstarted(task))) {
            for (Policy policy : policies) {
                answers.add(threads.submit(() -> difference(policy)));
            }
        }
        List<ProxyDefect> found = new ArrayList<>();
        for (Future<Optional<ProxyDefect>> answer : answers) {
            try {
                answer.get().ifPresent(found::add);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return found;
            } catch (ExecutionException failed) {
                found.add(defect("domains cannot be checked: " + failed.getCause()));
            }
        }
        return found;
    }

    private static ProxyDefect defect(String found) {
        return ProxyDefect.repairable(Subject.EDGE, found, "write the files of the domains again");
    }

    private Optional<ProxyDefect> difference(Policy policy) {
        Optional<String> differs = files.difference(policy);
        if (differs.isPresent()) {
            return differs.map(SiteCheck::defect);
        }
        try {
            return probe.difference(policy).map(found -> treated(policy, found));
        } catch (IOException problem) {
            return Optional.of(
                    defect("nginx does not answer for " + policy.site().host() + ": " + problem.getMessage()));
        }
    }

    private static ProxyDefect treated(Policy policy, EdgeProbe.Difference found) {
        String what = " does not serve " + policy.site().host() + " as declared: " + found.text();
        return found.unchecked(policy)
                ? ProxyDefect.repairable(Subject.MESH, "HAProxy" + what, "reload HAProxy")
                : defect("nginx" + what);
    }

    /** That the folder which nginx reads is not there. */
    static ProxyDefect folderMissing() {
        return defect("the folder of names that nginx reads is missing");
    }
}
