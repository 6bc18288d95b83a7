package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.rollout.FileState;
import org.portolan.rollout.InstanceState;

/** Looks which content running instances have loaded of the files that they reload, once for each, elsewhere than on the loop's thread. */
final class FileLooks {
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Engine engine;
    private final ReleaseRequest run;
    private final Instances instances;
    private final Background work;
    private final InstantSource clock;
    private final Set<String> underWay = new HashSet<>();
    private final Map<String, Instant> retryAt = new TreeMap<>();

    FileLooks(Engine engine, ReleaseRequest run, Instances instances, Tasks tasks, InstantSource clock) {
        this.engine = engine;
        this.run = run;
        this.instances = instances;
        this.work = new Background(tasks);
        this.clock = clock;
    }

    /** Takes over what was seen; on the loop's thread. */
    void collect() {
        work.collect();
    }

    /** Looks at each instance of the goal of which nothing is known yet. */
    void look(Instant now) {
        for (InstanceState instance : instances.all()) {
            InstanceId id = instance.id();
            ServiceGoal goal = run.goal().services().get(id.service());
            if (goal == null) {
                continue;
            }
            String container = instance.container().id();
            boolean wanted = goal.version() == id.version()
                    && instance.files() == FileState.UNKNOWN
                    && instance.awaitsFiles(goal.spec())
                    && instances.underWay(id).isEmpty()
                    && !now.isBefore(retryAt.getOrDefault(container, now));
            if (wanted && underWay.add(container)) {
                ServiceSpec spec = goal.spec();
                work.submit(() -> look(id, container, spec));
            }
        }
    }

    private void look(InstanceId id, String container, ServiceSpec spec) {
        try {
            boolean current = Reloads.current(engine, container, spec);
            work.arrive(() -> {
                underWay.remove(container);
                instances.looked(id, container, current);
            });
        } catch (Failure unanswered) {
            Instant again = clock.instant().plus(RETRY);
            work.arrive(() -> {
                underWay.remove(container);
                retryAt.put(container, again);
            });
        }
    }
}
