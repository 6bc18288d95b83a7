package org.portolan.controller;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.portolan.engine.Engine.EngineEvent;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.UnhealthyInstances;
import org.portolan.reconcile.CrashLog;
import org.portolan.reconcile.HealthPolicy;
import org.portolan.reconcile.HealthWatch;
import org.portolan.reconcile.HealthWatch.Finding;
import org.portolan.reconcile.HealthWatch.Sick;
import org.portolan.release.Installation;

/**
 * How instances that run are: those that are unhealthy by the engine's or the mesh's word, and those that end again and again. Goes
 * with a leadership; what it does not know any more it sees again. What was tried, and since when one is unhealthy, is kept with the
 * deployment's standing.
 */
final class InstanceHealth {
    private final Installation installation;
    private final HealthWatch watch;
    private final CrashLog crashes = new CrashLog();
    private final Map<String, Instant> looks = new HashMap<>();

    /** Begins with what the leader before tried and saw. */
    InstanceHealth(Installation installation, HealthPolicy policy, List<Standing> known) {
        this.installation = installation;
        watch = new HealthWatch(policy);
        known.stream()
                .filter(standing -> standing.subject() == Subject.DEPLOYMENT)
                .forEach(standing -> watch.resume(
                        standing.name(),
                        standing.replaced(),
                        standing.unhealthy(),
                        installation.clock().instant()));
    }

    /** An event of one of the installation's containers. */
    synchronized void happened(String deployment, EngineEvent event) {
        Map<String, String> told = event.attributes();
        if (event.action().equals("die")) {
            crashes.ended(
                    deployment,
                    event.container(),
                    told.getOrDefault("name", event.container()),
                    told.getOrDefault("exitCode", ""),
                    event.at());
        } else if (event.action().equals("destroy")) {
            crashes.gone(deployment, event.container());
        }
    }

    /** Looks at a deployment that is as the store says it is to be. */
    Finding look(String deployment) {
        List<Sick> sick = sick(deployment);
        synchronized (this) {
            Instant now = installation.clock().instant();
            Finding found = watch.look(deployment, sick, now);
            String words = crashes.words(deployment, now);
            Optional<Instant> next = crashes.next(deployment)
                    .filter(time -> found.next().filter(time::isAfter).isEmpty())
                    .or(found::next);
            looks.remove(deployment);
            next.ifPresent(time -> looks.put(deployment, time));
            String all =
                    found.words().isEmpty() || words.isEmpty() ? found.words() + words : found.words() + "; " + words;
            return new Finding(found.replace(), next, all);
        }
    }

    synchronized void replacing(String deployment, Sick one) {
        watch.replacing(deployment, one, installation.clock().instant());
    }

    /** What was tried, to be kept for the next leader. */
    synchronized List<Standing.Replaced> replaced(String deployment) {
        return watch.replaced(deployment);
    }

    /** Which are unhealthy since when, to be kept for the next leader. */
    synchronized List<Standing.Unhealthy> unhealthy(String deployment) {
        return watch.unhealthy(deployment);
    }

    /** Takes the deployments that are to be looked at now. */
    synchronized Set<String> due(Instant now) {
        Set<String> due = new TreeSet<>();
        looks.forEach((deployment, time) -> {
            if (!time.isAfter(now)) {
                due.add(deployment);
            }
        });
        looks.keySet().removeAll(due);
        return due;
    }

    /** The clock was set back to this time: what was to be looked at later is looked at now. */
    synchronized void clockSetBack(Instant now) {
        watch.clockSetBack(now);
        crashes.clockSetBack(now);
        looks.replaceAll((deployment, time) -> time.isAfter(now) ? now : time);
    }

    /** When the next is to be looked at. */
    synchronized Optional<Instant> wakeAt() {
        return looks.values().stream().min(Instant::compareTo);
    }

    private List<Sick> sick(String deployment) {
        List<Sick> sick = new ArrayList<>();
        for (Container container : UnhealthyInstances.of(installation, deployment)) {
            container
                    .instance()
                    .ifPresent(id -> sick.add(new Sick(container.id(), id.name(), id.service(), id.version())));
        }
        return sick;
    }

    /** Which deployment an event is of; "" for none of the installation's. */
    static String deployment(Installation installation, EngineEvent event) {
        boolean ours = Labels.areOf(event.attributes(), installation.settings().installation());
        return ours ? event.attributes().getOrDefault(Labels.DEPLOYMENT, "") : "";
    }
}
