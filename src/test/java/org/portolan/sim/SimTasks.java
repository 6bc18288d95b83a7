package org.portolan.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.portolan.release.Tasks;

/**
 * The tasks of one process on virtual time; waiting moves the clock. They run at once, or, {@link #scattered}, at moments
 * that a seed decides: at once, during a later wait, in any order, or in the middle of an observation, as calls that are
 * in progress do.
 */
public final class SimTasks implements Tasks {
    private static final Duration SHORTEST = Duration.ofMillis(5);

    private final VirtualClock clock;
    private final @Nullable Random random;
    private final List<Runnable> underWay = new ArrayList<>();

    private SimTasks(VirtualClock clock, @Nullable Random random) {
        this.clock = clock;
        this.random = random;
    }

    static SimTasks prompt(VirtualClock clock) {
        return new SimTasks(clock, null);
    }

    static SimTasks scattered(VirtualClock clock, Random random) {
        return new SimTasks(clock, random);
    }

    @Override
    public void submit(Runnable task) {
        if (random == null || random.nextInt(3) == 0) {
            task.run();
        } else {
            underWay.add(task);
        }
    }

    @Override
    public void await(Duration most) {
        clock.advance(most.compareTo(SHORTEST) < 0 ? SHORTEST : most);
        progress();
    }

    @Override
    public void wake() {}

    /** Lets some of what is in progress come to its end. */
    void progress() {
        if (random == null) {
            return;
        }
        int count = underWay.isEmpty() ? 0 : 1 + random.nextInt(underWay.size());
        for (int i = 0; i < count && !underWay.isEmpty(); i++) {
            underWay.remove(random.nextInt(underWay.size())).run();
        }
    }

    /** What is in progress is never heard of again. */
    void drop() {
        underWay.clear();
    }
}
