package org.portolan.rollout;

/** How far an instance is on its way from nothing to serving and out again, as the facts show it. */
public enum Phase {
    /** Made, not started. */
    CREATED,
    /** Runs, and has not yet shown that it is healthy. */
    STARTED,
    /** Has been healthy for as long as asked; gets no traffic yet. */
    HEALTHY,
    /** Given to the proxy, which has not marked it UP yet. */
    ROUTED,
    /** The proxy says UP (a service without ports: healthy). */
    SERVING,
    /** Gets nothing new; waits for the proxy's word and for its sessions to end. */
    DRAINING,
    /** The proxy has it out of service; it may be stopped. */
    DRAINED,
    /** Ended, and not by itself during its startup check. */
    STOPPED,
    /** Did not pass its startup check. */
    FAILED
}
