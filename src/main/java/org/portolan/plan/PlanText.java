package org.portolan.plan;

import java.util.List;
import java.util.Optional;
import org.portolan.model.Problem;

/** Writes a plan for people: a line an action with its mark, the reasons below it, a summary at the end. */
public final class PlanText {
    private static final int FEW = 6;

    private PlanText() {}

    /**
     * The plan's lines, each ended by a line feed. An empty plan is {@code No changes.}
     *
     * @param verbose all reasons (else the first six of each action), and what stays as it is
     */
    public static String render(Plan plan, boolean verbose) {
        StringBuilder out = new StringBuilder();
        for (Problem warning : plan.warnings()) {
            out.append(warning.render()).append('\n');
        }
        if (plan.isEmpty()) {
            return out.append("No changes.\n").toString();
        }
        for (Action action : plan.actions()) {
            out.append(action.kind().mark())
                    .append(' ')
                    .append(action.summary())
                    .append('\n');
            renderReasons(action.reasons(), verbose, out);
        }
        if (verbose) {
            renderUnchanged(plan, out);
        }
        for (String consent : plan.consent()) {
            out.append("! ").append(consent).append("; needs consent (--yes)\n");
        }
        return out.append(summary(plan)).append('\n').toString();
    }

    /** {@code Plan: 2 to add, 1 to change, 1 to remove.} */
    public static String summary(Plan plan) {
        return "Plan: " + count(plan, "+") + " to add, " + count(plan, "~") + " to change, " + count(plan, "-")
                + " to remove.";
    }

    /** How many of the plan's actions have a mark. */
    public static int count(Plan plan, String mark) {
        int count = 0;
        for (Action action : plan.actions()) {
            count += action.kind().mark().equals(mark) ? 1 : 0;
        }
        return count;
    }

    private static void renderReasons(List<String> reasons, boolean verbose, StringBuilder out) {
        int shown = verbose || reasons.size() <= FEW ? reasons.size() : FEW - 1;
        for (int i = 0; i < shown; i++) {
            out.append("    ").append(reasons.get(i)).append('\n');
        }
        if (shown < reasons.size()) {
            out.append("    … and ").append(reasons.size() - shown).append(" more (--verbose)\n");
        }
    }

    /** How long is waited at most for the services that the plan touches; "" when it touches none. */
    public static String deadlines(Plan plan) {
        StringBuilder out = new StringBuilder();
        for (Action action : plan.actions()) {
            service(plan, action).ifPresent(goal -> out.append("  ")
                    .append(goal.name())
                    .append("  ")
                    .append(Deadlines.describe(goal.spec()))
                    .append('\n'));
        }
        return out.isEmpty() ? "" : "Longest waits:\n" + out;
    }

    /** The service whose instances an action makes or replaces. */
    public static Optional<DesiredRelease.ServiceGoal> service(Plan plan, Action action) {
        return switch (action.kind()) {
            case ADD_SERVICE, REPLACE_SERVICE, SCALE_SERVICE, REPAIR_SERVICE ->
                Optional.ofNullable(plan.goal().services().get(action.subject()));
            default -> Optional.empty();
        };
    }

    private static void renderUnchanged(Plan plan, StringBuilder out) {
        for (DesiredRelease.ServiceGoal goal : plan.goal().services().values()) {
            boolean touched = false;
            for (Action action : plan.actions()) {
                touched |= action.subject().equals(goal.name());
            }
            if (!touched) {
                out.append("  ").append(goal.name()).append("  version ").append(goal.version());
                out.append(", ")
                        .append(PlanWording.count(goal.scale(), "instance"))
                        .append(", unchanged\n");
            }
        }
    }
}
