package org.portolan.controller;

/** Reads what a source says now. */
@FunctionalInterface
public interface SourceReader {
    /**
     * Fetches and reads it.
     *
     * @param source what the configuration calls it
     * @throws org.portolan.model.Failure when it cannot be fetched, or its files are not valid
     */
    Declared read(String source);
}
