package org.portolan.controller;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/** The sources of a configuration's file: looked at, added and removed as a person would. */
public interface SourceBook {
    /**
     * A source as the file has it.
     *
     * @param location its address, without credentials
     * @param ref a branch, tag or commit, if one is named
     * @param branches that are deployed, with their patterns
     */
    record Entry(
            String name,
            String location,
            Optional<String> path,
            Optional<String> ref,
            List<String> branches,
            boolean followed) {}

    /**
     * What there is.
     *
     * @param tag of the file's text, for changes that must not undo another one
     */
    record Listed(List<Entry> sources, String tag) {}

    /** Whether the file is of this machine, where the user's paths count. */
    boolean here();

    Listed list();

    /**
     * Adds one.
     *
     * @param keys below its name, joined by dots, in the order of the file
     * @param seen whether the file may be changed with this tag
     * @return the file, for people
     * @throws org.portolan.model.Failure when there is one of that name, or the configuration would not be valid; {@link
     *     org.portolan.model.Failure.Kind#STALE} when the file is another one; nothing was written then
     */
    String add(String name, SequencedMap<String, String> keys, Predicate<String> seen);

    /**
     * Removes one; what it deployed stays.
     *
     * @return the file, for people
     * @throws org.portolan.model.Failure when there is none of that name, or it cannot be taken out; as for {@link #add}
     */
    String remove(String name, Predicate<String> seen);
}
