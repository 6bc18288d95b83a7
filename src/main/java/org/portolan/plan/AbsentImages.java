package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.container.Image;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.ImageContent;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** The images that are pulled. */
final class AbsentImages {
    private AbsentImages() {}

    /** Images that are known to be absent and that new instances need. */
    static void add(PlanInput input, DesiredRelease desired, List<Action> changes, List<Action> actions) {
        SortedMap<String, List<String>> absent = new TreeMap<>();
        for (Action change : changes) {
            ServiceGoal goal = desired.services().get(change.subject());
            if (goal == null || !desired.makes(goal)) {
                continue;
            }
            DesiredService declared = input.desired().services().get(goal.name());
            Optional<ImageContent> kept = declared == null ? Optional.empty() : ImageContent.of(declared.definition());
            // A kept version's content is what counts, whatever its tag means today.
            String reference = kept.flatMap(
                            content -> content.pinned(goal.spec().image()))
                    .filter(input.images()::containsKey)
                    .orElse(goal.spec().image());
            Optional<Image> image =
                    kept.isPresent() && reference.equals(goal.spec().image())
                            ? null
                            : input.images().get(reference);
            if (image != null && image.isPresent()) {
                PlatformCheck.decide(goal.name(), goal.spec(), reference, image.get())
                        .ifPresent(actions::add);
            } else if (image != null) {
                if (goal.spec().pull() == ServiceSpec.Pull.NEVER) {
                    throw new Failure(
                                    Failure.Kind.REFUSED,
                                    "service " + goal.name() + ": the image " + reference
                                            + " is not on the engine and `pull: never` is set")
                            .withHint("build or load it on this engine, or set `pull: missing`");
                }
                absent.computeIfAbsent(reference, name -> new ArrayList<>()).add(goal.name());
            }
        }
        absent.forEach((reference, users) -> actions.add(new Action(
                Kind.PULL_IMAGE,
                reference,
                "image " + reference,
                List.of("not on the engine; needed by " + String.join(", ", users)))));
    }
}
