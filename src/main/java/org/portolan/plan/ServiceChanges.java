package org.portolan.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Container;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.Release;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Says what is to be done for one service, and why. */
final class ServiceChanges {
    private final PlanInput input;
    private final DeploymentInventory inventory;
    private final boolean stopped;

    ServiceChanges(PlanInput input, DeploymentInventory inventory, boolean stopped) {
        this.input = input;
        this.inventory = inventory;
        this.stopped = stopped;
    }

    /**
     * The service's action; empty when it is as it shall be.
     *
     * @param current the version in place; 0 when the service is new
     * @param placed version and scale in the last good release, if any
     */
    Optional<Action> decide(ServiceGoal goal, int current, Release.@Nullable Placed placed) {
        Optional<String> was = input.state()
                .map(state -> state.held().get(goal.name()))
                .filter(why -> goal.held().isEmpty() && goal.scale() > 0);
        if (current == 0 || (was.isPresent() && inventory.of(goal.name()).isEmpty())) {
            String summary = goal.name() + "  version " + goal.version() + ", "
                    + (goal.held().isPresent() ? "held" : PlanWording.count(goal.scale(), "instance"));
            List<String> reasons =
                    was.map(why -> List.of("it was held: it " + why)).orElseGet(this::newReasons);
            List<String> all = new ArrayList<>(reasons);
            goal.held().ifPresent(held -> all.add("it is held: it " + held.why()));
            return Optional.of(new Action(Kind.ADD_SERVICE, goal.name(), summary, all));
        }
        if (current != goal.version()) {
            return Optional.of(replace(goal, current, placed));
        }
        return converge(goal, placed);
    }

    private List<String> newReasons() {
        List<String> reasons = new ArrayList<>();
        reasons.add("not deployed yet");
        addStopped(reasons);
        return reasons;
    }

    private Action replace(ServiceGoal goal, int current, Release.@Nullable Placed placed) {
        List<DeploymentInventory.Seen> seen = inventory.of(goal.name());
        List<String> reasons = new ArrayList<>();
        boolean adopted = false;
        for (DeploymentInventory.Seen instance : seen) {
            adopted |= instance.adopted();
        }
        Optional<Definition> before = adopted ? Optional.empty() : input.kept().definition(goal.name(), current);
        if (adopted) {
            reasons.add("its instances belong to another installation");
        } else if (before.isEmpty()
                || before.get().recalled()
                || goal.definition().recalled()) {
            reasons.add("its definition changed; that of version " + current + " is not kept");
        } else {
            addChanges(before.get(), goal.definition(), reasons);
        }
        if (input.options().basis().force() && goal.fresh()) {
            reasons.add("--force creates a new version");
        } else if (!goal.fresh() && goal.version() < current) {
            reasons.add("its definition is that of version " + goal.version() + " again");
        }
        String scale = PlanWording.count(goal.scale(), "instance");
        if (placed != null && placed.scale() != goal.scale()) {
            scale = placed.scale() + " → " + scale;
        }
        addStopped(reasons);
        boolean replaces = !seen.isEmpty() && goal.scale() > 0;
        if (replaces) {
            addStrategy(goal.spec(), reasons);
        }
        String summary = goal.name() + "  version " + current + " → " + goal.version() + ", " + scale
                + (replaces ? ", " + word(goal.spec().strategy()) : "");
        return new Action(Kind.REPLACE_SERVICE, goal.name(), summary, reasons);
    }

    private static void addChanges(Definition before, Definition after, List<String> reasons) {
        List<Definition.Change> changes = after.versioned().diff(before.versioned());
        boolean otherImage = false;
        for (Definition.Change change : changes) {
            otherImage |= change.path().equals("image");
        }
        for (Definition.Change change : changes) {
            if (FileChanges.isOne(change)) {
                continue;
            }
            if (!change.path().equals(Versions.IMAGE_ID)) {
                reasons.add(named(change));
            } else if (!otherImage) {
                reasons.add(content(before.get("image"), change));
            }
        }
        reasons.addAll(FileChanges.reasons(before, after));
    }

    private static String named(Definition.Change change) {
        String inherited = "inherited_env.";
        String path = change.path().startsWith(inherited)
                ? "Env." + change.path().substring(inherited.length())
                : change.path();
        // Two values that differ only in what is masked: it changed, and no more is said.
        return new Definition.Change(path, PlanWording.line(change.from()), PlanWording.line(change.to())).toString();
    }

    private static String content(@Nullable Object image, Definition.Change change) {
        String name = image == null ? "the image" : "the image " + image;
        if (change.to().isEmpty()) {
            return name + " is no longer on the engine; its digest is known after the pull";
        }
        return change.from().isEmpty()
                ? name + " is now identified as " + PlanWording.shortId(change.to())
                : name + " has new content: " + PlanWording.shortId(change.from()) + " → "
                        + PlanWording.shortId(change.to());
    }

    private void addStopped(List<String> reasons) {
        if (stopped) {
            reasons.add("was stopped manually and stays stopped");
        }
    }

    /** Who else writes to the volumes that a service shares: nobody waits for anybody there. */
    private String sharing(ServiceSpec spec) {
        Set<String> shared = new HashSet<>();
        for (ServiceSpec.Volume volume : spec.volumes()) {
            if (volume.kind() == ServiceSpec.Volume.Kind.SHARED && !volume.readOnly()) {
                shared.add(volume.name());
            }
        }
        SortedSet<String> writers = new TreeSet<>();
        if (!shared.isEmpty()) {
            input.desired().services().forEach((name, other) -> {
                boolean writes = ServiceSpec.from(name, other.definition()).volumes().stream()
                        .anyMatch(volume -> volume.kind() == ServiceSpec.Volume.Kind.SHARED
                                && !volume.readOnly()
                                && shared.contains(volume.name()));
                if (writes && !name.equals(spec.name())) {
                    writers.add(name);
                }
            });
        }
        return writers.isEmpty() ? "" : ", and so does " + String.join(", ", writers) + ", which it does not wait for";
    }

    private void addStrategy(ServiceSpec spec, List<String> reasons) {
        boolean said = spec.rollout().strategy().isPresent();
        switch (spec.strategy()) {
            case RECREATE ->
                reasons.add("stops old instances first, one at a time: "
                        + (said ? "set by rollout.strategy" : whyExclusive(spec) + sharing(spec)));
            case ROLLING -> {
                if (spec.exclusive()) {
                    reasons.add("starts new instances first, set by rollout.strategy, although " + whyExclusive(spec));
                }
            }
            case BLUE_GREEN ->
                reasons.add("all new instances beside all old, then one switch: set by rollout.strategy");
            case CANARY -> reasons.add("in steps of " + steps(spec) + " of the traffic: set by rollout.strategy");
        }
    }

    private static String whyExclusive(ServiceSpec spec) {
        List<String> writable = new ArrayList<>();
        for (ServiceSpec.Volume volume : spec.volumes()) {
            if (!volume.readOnly()) {
                writable.add(volume.name());
            }
        }
        return writable.isEmpty()
                ? "it has a fixed host port"
                : "it writes to " + (writable.size() == 1 ? "volume " : "volumes ") + String.join(", ", writable);
    }

    private static String steps(ServiceSpec spec) {
        StringBuilder text = new StringBuilder();
        for (ServiceSpec.CanaryStep step : spec.rollout().steps()) {
            text.append(text.isEmpty() ? "" : ", ").append(step.weight());
        }
        return text.append(" %").toString();
    }

    private static String word(ServiceSpec.Strategy strategy) {
        return switch (strategy) {
            case ROLLING -> "rolling";
            case BLUE_GREEN -> "blue-green";
            case CANARY -> "canary";
            case RECREATE -> "recreate";
        };
    }

    /** The version is in place; its instances may be too few, too many or broken. */
    private Optional<Action> converge(ServiceGoal goal, Release.@Nullable Placed placed) {
        int there = 0;
        List<String> broken = new ArrayList<>();
        List<String> leftover = new ArrayList<>();
        Set<String> doubles = HandChanges.doubles(inventory.of(goal.name()).stream()
                .filter(seen -> !seen.adopted())
                .map(DeploymentInventory.Seen::container)
                .toList());
        for (DeploymentInventory.Seen seen : inventory.of(goal.name())) {
            if (doubles.contains(seen.container().id())) {
                leftover.add(seen.container().name() + " has the labels of "
                        + seen.id().name() + " and is not it");
            } else if (seen.adopted() || seen.id().version() != goal.version()) {
                leftover.add(
                        seen.container().name() + " of version " + seen.id().version() + " is still there");
            } else {
                there++;
                boolean completed = goal.spec().completes() && seen.container().completed();
                if (!seen.running() && !completed) {
                    broken.add(ailment(seen.container()));
                } else if (seen.container().state() == Container.State.PAUSED) {
                    broken.add(seen.container().name() + " is paused");
                } else if (!completed && detached(goal, seen.container())) {
                    broken.add(seen.container().name() + " is not attached to the deployment's network");
                } else if (!completed && unjoined(goal, seen.container()).isPresent()) {
                    broken.add(seen.container().name() + " is not attached to the network of "
                            + unjoined(goal, seen.container()).get());
                } else if (seen.container().restart().equals("no")
                        && !goal.spec().restart().equals("no")) {
                    broken.add(seen.container().name() + " has the restart policy no instead of "
                            + goal.spec().restart() + ": its release did not complete");
                } else if (!completed) {
                    byHand(goal, seen).ifPresent(broken::add);
                }
            }
        }
        boolean whole = there == goal.scale() && leftover.isEmpty() && (broken.isEmpty() || goal.scale() == 0);
        if (whole && (goal.scale() > 0 || there == 0)) {
            return Optional.empty();
        }
        boolean rescaled =
                there != goal.scale() && (there > goal.scale() || (placed != null && placed.scale() != goal.scale()));
        List<String> reasons = new ArrayList<>();
        if (rescaled) {
            addScale(goal, there, placed, reasons);
        } else if (there < goal.scale()) {
            int missing = goal.scale() - there;
            reasons.add(missing + " of " + PlanWording.count(goal.scale(), "instance") + (missing == 1 ? " is" : " are")
                    + " missing");
        }
        if (goal.scale() > 0) {
            reasons.addAll(broken);
        }
        reasons.addAll(leftover);
        if (rescaled) {
            String summary = goal.name() + "  " + there + " → " + PlanWording.count(goal.scale(), "instance");
            return Optional.of(new Action(Kind.SCALE_SERVICE, goal.name(), summary, reasons));
        }
        int ill = goal.scale() - there + broken.size();
        String summary = goal.name() + "  version " + goal.version() + ", "
                + (ill > 0
                        ? ill + " of " + PlanWording.count(goal.scale(), "instance") + " to repair"
                        : PlanWording.count(leftover.size(), "old instance") + " to remove");
        return Optional.of(new Action(Kind.REPAIR_SERVICE, goal.name(), summary, reasons));
    }

    private static Optional<String> byHand(ServiceGoal goal, DeploymentInventory.Seen seen) {
        Container container = seen.container();
        return HandChanges.renamed(container)
                ? Optional.of(
                        container.name() + " was renamed, it is " + seen.id().name())
                : HandChanges.policy(goal.spec(), container)
                        .or(() -> HandChanges.limits(goal.spec(), container))
                        .map(differs -> container.name() + " " + differs + ": it was changed by hand");
    }

    private boolean detached(ServiceGoal goal, Container container) {
        return Attachment.wanted(goal.spec())
                && container.detachedFrom(inventory.network().orElse(""));
    }

    /** A deployment whose network is there, and which an instance should be attached to and is not. */
    private Optional<String> unjoined(ServiceGoal goal, Container container) {
        return goal.spec().options().joins().stream()
                .filter(other -> JoinChanges.name(input.observation().networks(), input.installation(), other)
                        .filter(container::detachedFrom)
                        .isPresent())
                .findFirst();
    }

    private void addScale(ServiceGoal goal, int there, Release.@Nullable Placed placed, List<String> reasons) {
        if (stopped) {
            reasons.add("was stopped manually");
        } else if (placed != null && placed.scale() != goal.scale()) {
            reasons.add("scale: " + placed.scale() + " → " + goal.scale());
        } else {
            reasons.add(PlanWording.count(there, "instance") + (there == 1 ? " is" : " are") + " there, "
                    + (goal.scale() == 0 ? "none" : goal.scale()) + (goal.scale() == 1 ? " is" : " are") + " wanted");
        }
    }

    private static String ailment(Container container) {
        return container.name()
                + switch (container.state()) {
                    case EXITED ->
                        container.oomKilled()
                                ? " ran out of memory (exit code " + container.exitCode() + ")"
                                : " has exited (exit code " + container.exitCode() + ")";
                    case DEAD -> " is dead (exit code " + container.exitCode() + ")";
                    case CREATED -> " was created but never started";
                    case REMOVING -> " is being removed";
                    case RUNNING, PAUSED, RESTARTING -> " is running";
                };
    }
}
