package org.portolan.plan;

import java.util.List;
import java.util.Optional;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.Action.Kind;

/** What a plan says of a release that is not over. */
final class InterruptedRelease {
    private InterruptedRelease() {}

    /**
     * Of a release that went forward it is said only where something is left to do: one that had reached everything needs no
     * more than its end. A rollback is continued in any case.
     */
    static void add(PlanInput input, List<Action> actions, List<Problem> problems) {
        Optional<DeploymentState.Running> running = input.state().flatMap(DeploymentState::running);
        if (running.isPresent() && input.holder().isPresent()) {
            problems.add(Problem.warning(
                    Position.of("release " + running.get().release()),
                    (running.get().back() ? "it is being rolled back" : "it is in progress") + " by "
                            + input.holder().get()
                            + "; a deploy waits for it, and this plan may have"
                            + " changed by then"));
        } else if (running.isPresent() && running.get().back()) {
            String release = "release " + running.get().release();
            actions.addFirst(new Action(
                    Kind.RESUME_RELEASE,
                    String.valueOf(running.get().release()),
                    release + "  finish its rollback first",
                    List.of(release + " failed, and its rollback was interrupted")));
        } else if (running.isPresent() && !actions.isEmpty()) {
            String release = "release " + running.get().release();
            actions.addFirst(new Action(
                    Kind.RESUME_RELEASE,
                    String.valueOf(running.get().release()),
                    release + "  continue",
                    List.of(release + " was interrupted")));
        }
    }
}
