package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.NeedsConsent;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;

/**
 * Whose the deployment and its services are, before and after (DESIGN.md section 5).
 *
 * @param owner the owner from now on
 * @param byHand the services that belong to the hand from now on
 * @param kept services that are not declared and stay as they are
 * @param removed services that left their source
 * @param actions takings-over, to be told
 * @param consent what a person must agree to
 */
record Ownership(
        SourceId owner,
        SortedSet<String> byHand,
        SortedSet<String> kept,
        SortedSet<String> removed,
        List<Action> actions,
        List<String> consent) {

    static Ownership decide(PlanInput input, DeploymentInventory inventory) {
        refuseForeign(input, inventory);
        // A state that the store does not hold was made of labels; who owns what, the labels know better.
        Optional<DeploymentState> state =
                input.state().filter(given -> input.all().containsKey(given.name()));
        Optional<SourceId> before = state.map(DeploymentState::owner).or(() -> ownerByLabels(input, inventory));
        SortedSet<String> known = new TreeSet<>(inventory.services().keySet());
        input.state().ifPresent(given -> known.addAll(given.services().keySet()));
        SortedSet<String> handBefore = state.map(DeploymentState::byHand).orElseGet(() -> byHandByLabels(inventory));
        SortedSet<String> undeclared = new TreeSet<>(known);
        undeclared.removeAll(input.desired().services().keySet());
        // By instanceof: each JVM would make a switch over types again (docs/adr/0038).
        Basis basis = input.options().basis();
        if (basis instanceof Basis.Files files) {
            return declared(input, files, inventory, before, known, handBefore, undeclared);
        }
        return basis instanceof Basis.Stored
                ? kept(input, before, handBefore, undeclared)
                : setByHand(input, before, handBefore, undeclared);
    }

    /** The deployment's own state with something changed: whose it is stays, and what is left out goes. */
    private static Ownership kept(
            PlanInput input, Optional<SourceId> before, SortedSet<String> handBefore, SortedSet<String> undeclared) {
        SortedSet<String> byHand = new TreeSet<>(handBefore);
        byHand.removeAll(undeclared);
        SourceId owner = before.orElse(input.desired().origin().source());
        return new Ownership(owner, byHand, new TreeSet<>(), undeclared, List.of(), List.of());
    }

    private static Ownership setByHand(
            PlanInput input, Optional<SourceId> before, SortedSet<String> handBefore, SortedSet<String> undeclared) {
        SortedSet<String> byHand = new TreeSet<>(handBefore);
        byHand.addAll(input.desired().services().keySet());
        return new Ownership(before.orElse(SourceId.HAND), byHand, undeclared, new TreeSet<>(), List.of(), List.of());
    }

    private static Ownership declared(
            PlanInput input,
            Basis.Files files,
            DeploymentInventory inventory,
            Optional<SourceId> before,
            SortedSet<String> known,
            SortedSet<String> handBefore,
            SortedSet<String> undeclared) {
        String deployment = input.desired().name();
        SourceId source = input.desired().origin().source();
        List<Action> actions = new ArrayList<>(adoption(input, inventory));
        SortedSet<String> byHand = new TreeSet<>();
        for (String service : handBefore) {
            if (undeclared.contains(service)) {
                byHand.add(service);
            } else if (input.desired().services().containsKey(service)) {
                actions.add(new Action(
                        Action.Kind.TAKE_OVER,
                        service,
                        service + "  now managed by the file",
                        List.of("was managed by set-service, now by " + source)));
            }
        }
        boolean another = before.isPresent()
                && !before.get().equals(source)
                && !before.get().equals(SourceId.HAND);
        SortedSet<String> removed = new TreeSet<>(undeclared);
        removed.removeAll(byHand);
        if (another) {
            if (files.automatic()) {
                requireAgreed(input, before.get(), files.agreed());
            }
            actions.add(takeOver(deployment, source, before.get(), removed));
            // What another source declared is not this one's to prune, now or later: it belongs to the hand from now
            // on.
            byHand.addAll(removed);
            removed = adopted(inventory, removed);
            byHand.removeAll(removed);
        }
        SortedSet<String> own = new TreeSet<>(known);
        own.removeAll(handBefore);
        List<String> consent = PruneGuard.needsConsent(own.size(), removed.size())
                ? List.of(PruneGuard.text(deployment, own.size(), removed))
                : List.of();
        SortedSet<String> kept = new TreeSet<>(undeclared);
        kept.removeAll(removed);
        return new Ownership(source, byHand, kept, removed, actions, consent);
    }

    private static Action takeOver(String deployment, SourceId source, SourceId before, SortedSet<String> left) {
        List<String> reasons = new ArrayList<>();
        reasons.add("was deployed from " + before + ", now from " + source);
        if (!left.isEmpty()) {
            reasons.add("not declared here, left unchanged: " + String.join(", ", left));
        }
        return new Action(Action.Kind.TAKE_OVER, deployment, "deployment " + deployment + "  take over", reasons);
    }

    private static List<Action> adoption(PlanInput input, DeploymentInventory inventory) {
        if (inventory.foreign().isEmpty()) {
            return List.of();
        }
        String deployment = input.desired().name();
        return List.of(new Action(
                Action.Kind.TAKE_OVER,
                deployment,
                "deployment " + deployment + "  adopt",
                List.of("--adopt: its " + PlanWording.count(inventory.foreign().size(), "instance")
                        + " of installation " + installations(inventory) + " are replaced")));
    }

    private static void refuseForeign(PlanInput input, DeploymentInventory inventory) {
        if (inventory.foreign().isEmpty() || input.options().basis().adopt()) {
            return;
        }
        List<String> details = new ArrayList<>();
        for (Container container : inventory.foreign()) {
            details.add(container.name());
        }
        throw new Failure(
                        Kind.CONFLICT,
                        "deployment " + input.desired().name() + " is run on this engine by another installation ("
                                + installations(inventory) + ")")
                .withDetails(details)
                .withHint("choose another name with -D, or take it over with --adopt");
    }

    private static void requireAgreed(PlanInput input, SourceId before, Set<String> agreed) {
        String deployment = input.desired().name();
        SourceId source = input.desired().origin().source();
        String needed = "takes deployment " + deployment + " over from " + before + ", for " + source;
        if (!agreed.contains(needed)) {
            String text = "deployment " + deployment + " belongs to " + before + "; an automatic deploy from " + source
                    + " does not take it over";
            throw new NeedsConsent(List.of(needed))
                    .shown(text, List.of(needed))
                    .withHint("to take it over, deploy that source once manually, without --automatic");
        }
    }

    private static String installations(DeploymentInventory inventory) {
        SortedSet<String> names = new TreeSet<>();
        for (Container container : inventory.foreign()) {
            String name = container.label(Labels.INSTALLATION);
            names.add(name.isEmpty() ? "unknown" : name);
        }
        return String.join(", ", names);
    }

    /** Adopted containers must go whole: what is left of another installation would stand in the way for ever. */
    private static SortedSet<String> adopted(DeploymentInventory inventory, SortedSet<String> services) {
        SortedSet<String> adopted = new TreeSet<>();
        for (String service : services) {
            for (DeploymentInventory.Seen seen : inventory.of(service)) {
                if (seen.adopted()) {
                    adopted.add(service);
                }
            }
        }
        return adopted;
    }

    /** Without a state: the desired source if any container came from it, else whichever source is named first. */
    private static Optional<SourceId> ownerByLabels(PlanInput input, DeploymentInventory inventory) {
        SourceId source = input.desired().origin().source();
        String other = "";
        for (List<DeploymentInventory.Seen> instances : inventory.services().values()) {
            for (DeploymentInventory.Seen seen : instances) {
                String label = seen.container().label(Labels.SOURCE);
                if (label.equals(source.toString())) {
                    return Optional.of(source);
                }
                boolean names = !seen.adopted() && !label.isEmpty() && !label.equals(SourceId.HAND.toString());
                if (names && other.isEmpty()) {
                    other = label;
                }
            }
        }
        return other.isEmpty() ? Optional.empty() : Optional.of(new SourceId(other, ""));
    }

    private static SortedSet<String> byHandByLabels(DeploymentInventory inventory) {
        SortedSet<String> byHand = new TreeSet<>();
        inventory.services().forEach((service, instances) -> {
            boolean hand = true;
            for (DeploymentInventory.Seen seen : instances) {
                hand &= !seen.adopted() && seen.container().label(Labels.SOURCE).equals(SourceId.HAND.toString());
            }
            if (hand) {
                byHand.add(service);
            }
        });
        return byHand;
    }
}
