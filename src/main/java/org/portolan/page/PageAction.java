package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;

/**
 * Something that who looks may do, as a form.
 *
 * @param label on the button
 * @param path that the form is sent to
 * @param says what it does, and how that ends
 * @param id of what is agreed to, so that nobody agrees to something that came in its place; "" for none
 * @param reasoned whether a reason can be given
 */
public record PageAction(String label, String path, String says, String id, boolean reasoned) {

    /**
     * What can be done about a source or a deployment.
     *
     * @param base the path that the forms' paths begin with
     * @param standing empty: no controller has looked at it
     * @param releasing whether a release of it is in progress
     * @param deploys whether who looks may deploy
     * @param approves whether who looks may give consent
     */
    public static List<PageAction> of(
            String base,
            Optional<Standing> standing,
            boolean suspended,
            boolean releasing,
            boolean deploys,
            boolean approves) {
        List<PageAction> actions = new ArrayList<>();
        if (approves) {
            standing.filter(known -> known.condition() == Condition.PENDING_APPROVAL)
                    .ifPresent(known -> actions.add(new PageAction(
                            "Approve",
                            base + "/approve",
                            "Agrees to just this, once: " + known.what(),
                            known.asks(),
                            true)));
        }
        if (deploys && releasing) {
            actions.add(
                    new PageAction("Abort the release", base + "/abort", "Rolls back to what ran before.", "", false));
        }
        if (deploys && suspended) {
            actions.add(new PageAction("Resume", base + "/resume", "The controller looks after it again.", "", false));
        }
        if (deploys && !suspended && standing.isPresent()) {
            actions.add(new PageAction(
                    "Suspend",
                    base + "/suspend",
                    "The controller neither repairs it nor deploys commits of it until it is resumed.",
                    "",
                    true));
        }
        return actions;
    }

    /** Whether it is about something that has an id. */
    public boolean identified() {
        return !id.isEmpty();
    }
}
