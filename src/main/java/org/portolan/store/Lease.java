package org.portolan.store;

/** A lock that is held for a time and renewed until closed. */
public interface Lease extends AutoCloseable {
    String name();

    /** Greater than that of every earlier holder. */
    long token();

    /** False once it was lost, or could not be renewed for two thirds of its time: stop acting. */
    boolean held();

    @Override
    void close();
}
