package org.portolan.release;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Holds tasks until they are let run. */
final class HeldTasks implements Tasks {
    final List<Runnable> held = new ArrayList<>();

    @Override
    public void submit(Runnable task) {
        held.add(task);
    }

    /** Lets those that are held run, in their order; what they submit is held. */
    void run() {
        List<Runnable> now = List.copyOf(held);
        held.clear();
        now.forEach(Runnable::run);
    }

    @Override
    public void await(Duration most) {}

    @Override
    public void wake() {}
}
