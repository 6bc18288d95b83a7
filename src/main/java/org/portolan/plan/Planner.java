package org.portolan.plan;

/** Stands here only so that the tree compiles until helper plan's Planner replaces this file whole. */
public final class Planner {
    private Planner() {}

    public static Plan plan(PlanInput input) {
        if (input.installation() != null) {
            throw new UnsupportedOperationException("the planner is not merged yet");
        }
        return new Plan("", java.util.List.of(), null, null, null, null, null, null);
    }
}
