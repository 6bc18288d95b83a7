package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.state.DeploymentState;
import org.portolan.query.CanaryStatus;

/** What who looks may do about a deployment, each as a form. */
final class DeploymentActions {
    private static final String SEEN = "seen";

    private DeploymentActions() {}

    /** What is about the deployment as a whole. */
    static List<PageAction> whole(DeploymentLook look) {
        List<PageAction> actions = new ArrayList<>();
        String base = "/deployments/" + look.name();
        if (look.may().deploys()) {
            promote(look, base).ifPresent(actions::add);
            if (look.releasing()) {
                actions.add(PageAction.of(
                                "abort",
                                "Abort the release",
                                base + "/abort",
                                "Rolls back to what ran before.",
                                Map.of(SEEN, look.seen().state()))
                        .withReason());
            }
            look.status()
                    .state()
                    .flatMap(DeploymentState::pinned)
                    .ifPresent(release -> actions.add(PageAction.of(
                            "unpin",
                            "Unpin",
                            base + "/unpin",
                            "Release " + release + " is held by a rollback. New commits are deployed again.",
                            Map.of(SEEN, look.seen().state()))));
        }
        actions.addAll(PageAction.steering(
                base,
                Map.of(),
                look.standing(),
                look.suspended(),
                "The controller neither repairs it nor deploys commits of it until it is resumed.",
                look.next().map(NextPlan::digest).orElse(""),
                look.may()));
        return actions;
    }

    /** All canaries of a release continue together, so that one form is for all. */
    private static Optional<PageAction> promote(DeploymentLook look, String base) {
        List<CanaryStatus> open =
                look.canaries().stream().filter(canary -> !canary.promoted()).toList();
        if (open.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(PageAction.of(
                        "promote",
                        "Promote",
                        base + "/promote",
                        "Continues after this step:",
                        Map.of(SEEN, look.seen().canaries()))
                .pointing(open.stream()
                        .map(canary -> canary.service() + " version " + canary.version() + ": step " + canary.step()
                                + ", " + canary.weight() + " % of the traffic")
                        .toList())
                .withReason());
    }

    /** The way back to a release; empty where there is none. */
    static List<PageAction> rollback(String deployment, ReleaseRow release, String seen, boolean may) {
        if (!may || !release.restorable()) {
            return List.of();
        }
        int number = release.number();
        return List.of(PageAction.of(
                        "back-" + number,
                        "Roll back to release " + number,
                        "/deployments/" + deployment + "/rollback",
                        "Brings back release " + number
                                + ", and holds it until a newer commit, a deploy by hand, or Unpin.",
                        Map.of("to", String.valueOf(number), SEEN, seen))
                .shortly("Roll back", "to release " + number)
                .withReason());
    }
}
