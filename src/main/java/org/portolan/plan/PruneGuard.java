package org.portolan.plan;

import java.util.Collection;

/** Promise 7: what leaves a source is removed, but never most of it, or the last, without a person's consent. */
public final class PruneGuard {
    private PruneGuard() {}

    /**
     * Whether a removal needs consent.
     *
     * @param before how many (services of a deployment, or deployments of a source) the source declared before
     * @param removed how many of them would go
     */
    public static boolean needsConsent(int before, int removed) {
        return removed > 0 && (removed * 2 > before || removed >= before);
    }

    static String text(String deployment, int before, Collection<String> removed) {
        return "removes " + removed.size() + " of " + PlanWording.count(before, "service") + " of " + deployment + ": "
                + String.join(", ", removed);
    }
}
