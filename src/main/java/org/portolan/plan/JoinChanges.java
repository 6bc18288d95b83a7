package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.container.Container;
import org.portolan.model.container.Network;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * The networks of other deployments that services join, and the other deployments that may join this one's. Who owns a
 * network says who may join it: what it does not allow is refused here.
 */
final class JoinChanges {
    private final PlanInput input;
    private final DeploymentInventory inventory;
    private final Versions versions;
    private final String own;

    JoinChanges(PlanInput input, DeploymentInventory inventory, Versions versions) {
        this.input = input;
        this.inventory = inventory;
        this.versions = versions;
        own = input.desired().name();
    }

    /**
     * Checks what the services join.
     *
     * @return by service, why it cannot start yet: {@code joins the network of postgres, which is not there}
     */
    SortedMap<String, String> check(Iterable<ServiceGoal> services, List<Problem> problems) {
        SortedMap<String, String> missing = new TreeMap<>();
        for (ServiceGoal goal : services) {
            for (String other : goal.spec().options().joins()) {
                check(goal, other, problems);
                if (network(other).isEmpty() && !JoinOrder.before(other, input.desired(), input.siblings())) {
                    missing.put(goal.name(), "joins the network of " + other + ", which is not there");
                }
            }
        }
        return missing;
    }

    private void check(ServiceGoal goal, String other, List<Problem> problems) {
        DesiredService declared = input.desired().services().get(goal.name());
        Position at = declared == null ? Position.of(goal.name()) : declared.at();
        if (other.equals(own)) {
            problems.add(Problem.error(at, goal.name() + " joins the network of " + own + ", which is its deployment")
                    .withHint("remove " + own + " from join: the service is attached to it anyway"));
            return;
        }
        if (!Attachment.wanted(goal.spec())) {
            problems.add(Problem.error(at, goal.name() + " joins a network, but is not attached to its deployment's")
                    .withHint("remove join, or the network under docker"));
            return;
        }
        refusal(goal, other).ifPresent(hint -> {
            String what = goal.name() + " joins the network of " + other + ", which does not allow it";
            problems.add((settled(goal) ? Problem.warning(at, what) : Problem.error(at, what))
                    .withHint(hint)
                    .naming(other, what));
        });
        SortedSet<String> both = new TreeSet<>(services(other));
        both.retainAll(input.desired().services().keySet());
        both.forEach(name -> problems.add(Problem.warning(
                        at,
                        goal.name() + " joins the network of " + other + ", and both deployments have a service "
                                + name)
                .withHint("in " + goal.name() + " the name " + name + " may lead to either; rename one of the services")
                .naming(other, "")));
    }

    /** Whether nothing of it is new: what only a person's scale or restart asks for does not fail for a later refusal. */
    private boolean settled(ServiceGoal goal) {
        return !ofFiles()
                && goal.version() == versions.current(goal.name())
                && !inventory.of(goal.name()).isEmpty();
    }

    /** What to do where the owner of a network does not allow it; empty where it does, or is not known. */
    private Optional<String> refusal(ServiceGoal goal, String other) {
        String allow = "`Network: {allow: [" + own + "]}`";
        Desired sibling = sibling(other);
        if (sibling != null) {
            return sibling.allows().contains(own)
                    ? Optional.empty()
                    : Optional.of("write " + allow + " into "
                            + (sibling.template().isEmpty() ? "the file of " + other : sibling.template()));
        }
        DeploymentState state = input.all().get(other);
        if (state == null) {
            return network(other).isEmpty() || joined(goal, other)
                    ? Optional.empty()
                    : Optional.of("the store has no entry of " + other + "; deploy it again, with " + allow);
        }
        if (state.allows().contains(own)) {
            return Optional.empty();
        }
        return Optional.of(
                state.owner().equals(SourceId.HAND)
                        ? "the services of " + other + " were set manually; deploy it from a file with " + allow
                        : "write " + allow + " into " + state.owner() + ", and deploy " + other);
    }

    /** Whether an instance is attached already: what runs counts where the store lost who allowed it. */
    private boolean joined(ServiceGoal goal, String other) {
        String network = network(other).orElse("");
        return inventory.of(goal.name()).stream().anyMatch(seen -> seen.container()
                .networks()
                .filter(attached -> attached.contains(network))
                .isPresent());
    }

    private boolean ofFiles() {
        return input.options().basis() instanceof Basis.Files;
    }

    private @Nullable Desired sibling(String name) {
        for (Desired sibling : input.siblings()) {
            if (sibling.name().equals(name)) {
                return sibling;
            }
        }
        return null;
    }

    private SortedSet<String> services(String other) {
        Desired sibling = sibling(other);
        DeploymentState state = input.all().get(other);
        SortedSet<String> names = new TreeSet<>();
        if (sibling != null) {
            names.addAll(sibling.services().keySet());
        } else if (state != null) {
            names.addAll(state.services().keySet());
        }
        return names;
    }

    private Optional<String> network(String deployment) {
        return name(input.observation().networks(), input.installation(), deployment);
    }

    /** The engine's name of a deployment's network; empty when it is not there. */
    static Optional<String> name(List<Network> networks, String installation, String deployment) {
        for (Network network : networks) {
            if (Labels.areOf(network.labels(), installation, deployment)) {
                return Optional.of(network.name());
            }
        }
        return Optional.empty();
    }

    /** The deployments that may join this one's network once the plan is carried out. */
    SortedSet<String> allows() {
        return ofFiles()
                ? input.desired().allows()
                : input.state().map(DeploymentState::allows).orElse(Collections.emptySortedSet());
    }

    /** Says that others may join the network now, or no longer. */
    Optional<Action> decide() {
        DeploymentState stored = input.all().get(own);
        if (stored == null || stored.allows().equals(allows())) {
            return Optional.empty();
        }
        List<String> reasons = new ArrayList<>();
        for (String added : allows()) {
            if (!stored.allows().contains(added)) {
                reasons.add(added + " may join it");
            }
        }
        for (String removed : stored.allows()) {
            if (!allows().contains(removed)) {
                List<String> attached = attached(removed);
                reasons.add(removed + " may no longer join it"
                        + (attached.isEmpty()
                                ? ""
                                : "; until " + removed + " is deployed without the join, attached: "
                                        + String.join(", ", attached)));
            }
        }
        String who = allows().isEmpty() ? "nobody" : String.join(", ", allows());
        return Optional.of(new Action(Kind.CHANGE_NETWORK, own, "network of " + own + "  allows " + who, reasons));
    }

    /** The containers of a deployment that are attached to this one's network. */
    private List<String> attached(String deployment) {
        return input.observation().joining(input.installation(), own).stream()
                .filter(container -> container.isOf(input.installation(), deployment))
                .map(Container::name)
                .sorted()
                .toList();
    }
}
