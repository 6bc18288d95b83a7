package org.portolan.probe;

/** Tries whether a running container reaches an address of this machine, as a firewall may keep it from. Changes nothing. */
@FunctionalInterface
public interface ReachProbe {
    /**
     * Connects from a container.
     *
     * @param container the engine's id of a running one
     */
    Trial tryFrom(String container, String address, int port);

    /** What a try gave. */
    enum Reach {
        REACHES,
        BLOCKED,
        UNKNOWN
    }

    /**
     * A try.
     *
     * @param how with what it was tried, or why it was not
     */
    record Trial(Reach answer, String how) {}
}
