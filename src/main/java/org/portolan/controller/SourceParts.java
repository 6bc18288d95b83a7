package org.portolan.controller;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.portolan.model.service.SourceId;

/**
 * What the patterns of a source stand for now.
 *
 * @param all each Servicefile of each branch, which is followed by itself
 * @param commits in which each was found, by its name
 * @param left whether a deployment, by its owner and name, was of a part that is gone, unless another part declares it
 * @param pattern as people wrote it
 */
public record SourceParts(
        List<Followed> all, SortedMap<String, String> commits, BiPredicate<SourceId, String> left, String pattern) {

    /** The commit that all were found in; "" where they are of several. */
    String commit() {
        Set<String> different = new TreeSet<>(commits.values());
        return different.size() == 1 ? different.iterator().next() : "";
    }
}
