package org.portolan.operate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.portolan.model.NeedsConsent;

/**
 * What whoever asks for a change agreed to beforehand.
 *
 * @param everything whatever it may be
 * @param named what was named as needing consent, word for word
 */
public record Agreement(boolean everything, Set<String> named) {
    public static final Agreement NONE = new Agreement(false, Set.of());

    public static final Agreement EVERYTHING = new Agreement(true, Set.of());

    /** That something new is deployed in a freeze window; whoever agrees to everything does not agree to this. */
    public static final String IN_FREEZE = "deploy in a freeze window";

    public Agreement {
        named = Set.copyOf(named);
    }

    /** The same, and this too. */
    public Agreement and(List<String> more) {
        Set<String> all = new HashSet<>(named);
        all.addAll(more);
        return new Agreement(everything, all);
    }

    /**
     * Goes on only if everything that is needed was agreed to.
     *
     * @param otherwise what is the case and what to do if it was not
     * @throws NeedsConsent if it was not
     */
    public void require(List<String> needed, String otherwise) {
        if (!everything && !named.containsAll(needed)) {
            throw new NeedsConsent(needed).withHint(otherwise);
        }
    }
}
