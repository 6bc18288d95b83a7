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
 * What a run sees of the engine's containers: all of them first, once after its last step, and twice a second; in between those of
 * the services that it has in hand, since the engine takes longer to list a hundred containers than for most of the steps. Used by
 * the loop's thread only.
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
    /** How many steps had begun or ended when all were seen at rest; -1: they were not. */
    private int settledAt = -1;

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
        boolean last = instances.mayRest(clock.instant()) && !settled();
        partial = !names.isEmpty()
                && !last
                && names.size() <= MOST_NAMES
                && !jobs.any()
                && whole.filter(at -> clock.instant().isBefore(at.plus(WHOLE))).isPresent();
        if (partial) {
            instances.observe(names, engine.containers(names), clock.instant());
            return;
        }
        whole = Optional.empty();
        settledAt = -1;
        Collection<Container> seen = engine.containers();
        whole = Optional.of(clock.instant());
        settledAt = instances.underWay().isEmpty() ? instances.moves() : -1;
        instances.observe(seen, clock.instant());
        jobs.observe(seen, clock.instant());
    }

    /** Whether all were seen since the last step ended. */
    private boolean settled() {
        return settledAt == instances.moves();
    }

    /** Whether what was seen is enough to say that the goal is reached. */
    boolean whole() {
        return !partial || settled();
    }

    /** Has the next look be at all. */
    void forget() {
        whole = Optional.empty();
    }

    /**
     * There is nothing to do but to wait: has the next look be at all, unless they were seen since the last step ended. Then the
     * look that the wait is for need not be.
     *
     * @return whether it will be, so that it may be made at once
     */
    boolean beforeWaiting() {
        boolean unseen = !settled();
        if (unseen) {
            forget();
        }
        return unseen;
    }
}
