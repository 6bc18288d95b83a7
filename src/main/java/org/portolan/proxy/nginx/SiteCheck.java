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

    /** For as many names one connection takes less time than a second thread. */
    private static final int FEW = 10;

    private final SiteFiles files;
    private final EdgeProbe probe;

    SiteCheck(SiteFiles files, EdgeProbe probe) {
        this.files = files;
        this.probe = probe;
    }

    /** What is otherwise than declared, one for each name. */
    List<ProxyDefect> differences(Collection<Policy> policies) {
        List<Policy> all = List.copyOf(policies);
        int share = Math.clamp(Math.ceilDiv(all.size(), AT_ONCE), FEW, EdgeProbe.TOGETHER);
        if (all.size() <= share) {
            return some(all);
        }
        List<Future<List<ProxyDefect>>> answers = new ArrayList<>();
        // Threads of the system: a virtual one's poller would keep the JVM from ending for 300 ms.
        try (ExecutorService threads = Executors.newFixedThreadPool(
                AT_ONCE, task -> Thread.ofPlatform().daemon().name("edge").unstarted(task))) {
            for (int from = 0; from < all.size(); from += share) {
                List<Policy> some = all.subList(from, Math.min(all.size(), from + share));
                answers.add(threads.submit(() -> some(some)));
            }
        }
        List<ProxyDefect> found = new ArrayList<>();
        for (Future<List<ProxyDefect>> answer : answers) {
            try {
                found.addAll(answer.get());
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

    /** Those whose files are as declared are asked for on one connection. */
    private List<ProxyDefect> some(List<Policy> policies) {
        List<ProxyDefect> found = new ArrayList<>();
        List<Policy> asked = new ArrayList<>();
        for (Policy policy : policies) {
            Optional<String> differs = files.difference(policy);
            if (differs.isPresent()) {
                found.add(defect(differs.get()));
            } else {
                asked.add(policy);
            }
        }
        List<String> names = asked.stream()
                .map(policy -> EdgeProbe.nameUnder(policy.site().host()))
                .toList();
        List<EdgeProbe.Answer> answers = names.isEmpty() ? List.of() : probe.together(names);
        for (int i = 0; i < asked.size(); i++) {
            Optional<EdgeProbe.Answer> answer = i < answers.size() ? Optional.of(answers.get(i)) : Optional.empty();
            difference(asked.get(i), answer).ifPresent(found::add);
        }
        return found;
    }

    private Optional<ProxyDefect> difference(Policy policy, Optional<EdgeProbe.Answer> answer) {
        try {
            return probe.difference(policy, answer).map(found -> treated(policy, found));
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
