package org.portolan.controller;

import java.util.Optional;

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

    /**
     * Fetches what the patterns of a source stand for. Its parts are read by their names then, without another fetch.
     *
     * @return empty: it has none, and is read as a whole
     * @throws org.portolan.model.Failure when it cannot be fetched, or when there are too many
     */
    default Optional<SourceParts> parts(String source) {
        return Optional.empty();
    }
}
