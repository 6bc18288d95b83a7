package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.portolan.engine.Engine;
import org.portolan.model.container.Container;

/**
 * What a run sees of the engine's containers: all of them first, last and twice a second; in between those of the services that
 * it has in hand, since the engine takes longer to list a hundred containers than for most of the steps. Used by the loop's
 * thread only.
 */
final class ContainerLooks {
    /** For how long what is not in hand is taken for what it was. */
    private static final Duration WHOLE = Duration.ofMillis(500);

    /** With more names than that all are asked for: the question would be as long as the answer. */
    private static final int MOST_NAMES = 60;

    private final Engine engine;
    private final Instances instances;
    private final JobRunner jobs;
    private final InstantSource clock;
    /** When all were asked for last; empty: they have to be now. */
    private Optional<Instant> whole = Optional.empty();

    private boolean partial;

    ContainerLooks(Engine engine, Instances instances, JobRunner jobs, InstantSource clock) {
        this.engine = engine;
        this.instances = instances;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** Asks the engine, and tells what it shows. */
    void look() {
        Set<String> names = instances.inHand();
        // Before the goal is reached all are looked at: that may as well be now.
        partial = !names.isEmpty()
                && !instances.mayRest(clock.instant())
                && names.size() <= MOST_NAMES
                && !jobs.any()
                && whole.filter(last -> clock.instant().isBefore(last.plus(WHOLE)))
                        .isPresent();
        if (partial) {
            instances.observe(names, engine.containers(names), clock.instant());
            return;
        }
        whole = Optional.empty();
        Collection<Container> seen = engine.containers();
        whole = Optional.of(clock.instant());
        instances.observe(seen, clock.instant());
        jobs.observe(seen, clock.instant());
    }

    /** Whether the last look was at some containers only: enough for a next step, not to say that the goal is reached. */
    boolean partial() {
        return partial;
    }

    /** Has the next look be at all. */
    void forget() {
        whole = Optional.empty();
    }
}
