package org.portolan.model.state;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who asks the controller for something, and what they may do.
 *
 * @param name for history, locks and the audit log; of one credential only
 * @param deployments those that they may see and change; none: all, and what concerns the whole installation
 * @param expires when it ends by itself
 */
public record Principal(String name, Scope scope, SortedSet<String> deployments, Optional<Instant> expires) {
    private static final int LONGEST_NAME = 63;

    public Principal {
        deployments = Collections.unmodifiableSortedSet(new TreeSet<>(deployments));
    }

    /** One without an end. */
    public static Principal of(String name, Scope scope, Collection<String> deployments) {
        return new Principal(name, scope, new TreeSet<>(deployments), Optional.empty());
    }

    /** Whether a name can be a principal's: letters, digits and {@code . _ - @}, at most 63. */
    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > LONGEST_NAME || !isLetterOrDigit(text.charAt(0))) {
            return false;
        }
        return text.chars().allMatch(c -> isLetterOrDigit((char) c) || "._-@".indexOf(c) >= 0);
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Whether they may do what needs this scope, of the installation as a whole. */
    public boolean may(Scope needed) {
        return deployments.isEmpty() && scope.covers(needed);
    }

    /** Whether they may do what needs this scope to a deployment, which need not exist. */
    public boolean may(Scope needed, String deployment) {
        return sees(deployment) && scope.covers(needed);
    }

    /** Whether a deployment is one of theirs; any other does not exist for them. */
    public boolean sees(String deployment) {
        return deployments.isEmpty() || deployments.contains(deployment);
    }

    /** Whether it has ended. */
    public boolean expired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }
}
