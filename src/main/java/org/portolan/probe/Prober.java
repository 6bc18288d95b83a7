package org.portolan.probe;

import org.portolan.model.service.ServiceSpec.Health;

/** Asks an instance whether it works. */
@FunctionalInterface
public interface Prober {
    /**
     * Asks once, within the check's timeout.
     *
     * @param container the engine's id, for a check that runs in the container
     * @param address where the port is published; "" when the check needs none
     */
    Answer ask(String container, String address, int hostPort, Health health);

    /** What came back: passed, or why not. */
    record Answer(boolean passed, String text) {}
}
