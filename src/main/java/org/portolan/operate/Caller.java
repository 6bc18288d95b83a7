package org.portolan.operate;

/** Who asks for a change. */
public sealed interface Caller {
    /** For history and locks: {@code user@host}. */
    String name();

    /** Somebody who decides: an earlier rollback or failure does not hold the deploy. */
    record Person(String name) implements Caller {}

    /**
     * A program that nobody watches: it takes over no other source's deployment and undoes no rollback.
     *
     * @param retries whether it deploys a commit again that failed before
     */
    record Hook(String name, boolean retries) implements Caller {}
}
