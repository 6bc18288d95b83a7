package org.portolan.source;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The branches of a repository that receives pushes.
 *
 * @param head the branch of its HEAD, which need not be there
 * @param commits the last commit of each, by its full id
 */
public record PushedBranches(String head, SortedMap<String, String> commits) {
    public PushedBranches {
        commits = Collections.unmodifiableSortedMap(new TreeMap<>(commits));
    }

    /**
     * As they are after a push.
     *
     * @param moved where each branch of the push goes; empty: it is deleted
     */
    public PushedBranches after(String newHead, Map<String, Optional<String>> moved) {
        SortedMap<String, String> after = new TreeMap<>(commits);
        moved.forEach((branch, commit) -> {
            if (commit.isPresent()) {
                after.put(branch, commit.get());
            } else {
                after.remove(branch);
            }
        });
        return new PushedBranches(newHead, after);
    }
}
