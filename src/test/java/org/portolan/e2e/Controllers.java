package org.portolan.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The controllers that a test starts, which end with it. */
final class Controllers implements AutoCloseable {
    private final List<Program> started = new ArrayList<>();

    Program serve(TrialSite site) {
        Program controller = site.start("serve");
        started.add(controller);
        return controller;
    }

    /** Ends those that live, without leave. */
    @Override
    public void close() {
        for (Program controller : started) {
            if (controller.alive()) {
                controller.signal("KILL");
                controller.end(Duration.ofSeconds(10));
            }
        }
    }
}
