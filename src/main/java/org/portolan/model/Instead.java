package org.portolan.model;

import java.util.Set;
import java.util.function.Predicate;

/**
 * What is said to whoever does not see all the deployments that something speaks of.
 *
 * @param deployments that it speaks of beside its own; {@code ""} among them: any of them, or what concerns the whole installation
 * @param words without anything that is theirs; "": it is not said at all
 */
public record Instead(Set<String> deployments, String words) {
    public Instead {
        deployments = Set.copyOf(deployments);
    }

    /** Of one deployment, or {@code ""}. */
    public static Instead of(String deployment, String words) {
        return new Instead(Set.of(deployment), words);
    }

    /** Whether somebody who sees these deployments is shown all of it. */
    public boolean isSeen(Predicate<String> sees) {
        return deployments.stream().allMatch(sees);
    }
}
