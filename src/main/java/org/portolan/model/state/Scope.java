package org.portolan.model.state;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do through the controller; each includes those before it. */
public enum Scope {
    /** Look. */
    READ,
    /** Change deployments. */
    DEPLOY,
    /** Everything, also what concerns the whole installation. */
    ADMIN;

    /** As it is written in options, in the store and in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether who has this may do what needs the other. */
    public boolean covers(Scope needed) {
        return compareTo(needed) >= 0;
    }

    /** The scope of a word; empty for any other word. */
    public static Optional<Scope> of(String word) {
        for (Scope scope : values()) {
            if (scope.word().equals(word)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
