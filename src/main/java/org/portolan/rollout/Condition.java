package org.portolan.rollout;

/** How far an instance can be relied on, by its startup check if it has one. */
public sealed interface Condition {
    /** Whether it has been healthy without a break for as long as asked. */
    default boolean healthy() {
        return false;
    }

    /**
     * One that ran before this run, without a startup check.
     *
     * @param healthy whether it runs, and nothing that is in progress may end it
     * @param impaired whether it is out of order without the run's doing, for longer than a moment: reported, not waited for
     */
    record Trusted(boolean healthy, boolean impaired) implements Condition {}

    /**
     * One whose startup check is in progress, or has passed.
     *
     * @param healthy whether it passed, and has not failed too often since
     * @param settled whether it was seen running for long enough to rule out that it exits at once
     * @param keepsRunning whether it already has its restart policy
     */
    record Checked(boolean healthy, boolean settled, boolean keepsRunning) implements Condition {}

    /** One that did not pass its startup check. */
    record Failed(String why) implements Condition {}
}
