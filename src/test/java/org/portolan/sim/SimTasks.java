package org.portolan.sim;

import java.time.Duration;
import org.portolan.rollout.Tasks;

/** Runs every task at once; waiting moves the clock. */
public final class SimTasks implements Tasks {
    private final VirtualClock clock;

    public SimTasks(VirtualClock clock) {
        this.clock = clock;
    }

    @Override
    public void submit(Runnable task) {
        task.run();
    }

    @Override
    public void await(Duration most) {
        clock.advance(most.compareTo(Duration.ofMillis(5)) < 0 ? Duration.ofMillis(5) : most);
    }

    @Override
    public void wake() {}
}
