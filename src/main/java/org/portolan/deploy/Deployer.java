package org.portolan.deploy;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.engine.Container;
import org.portolan.engine.Image;
import org.portolan.model.Desired;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.Labels;
import org.portolan.model.SourceId;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanInput;
import org.portolan.plan.PlanOptions;
import org.portolan.plan.Planner;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.rollout.Reporter.Level;
import org.portolan.rollout.Reporter.Report;
import org.portolan.store.DeploymentState;
import org.portolan.store.Lease;

/**
 * Brings one deployment to where its files say, and no further: looks, plans, and only if there is something to do takes
 * the deployment's lock, looks and plans again, and lets a {@link ReleaseRun} act.
 */
public final class Deployer {
    private final Installation installation;

    public Deployer(Installation installation) {
        this.installation = installation;
    }

    /**
     * What {@link #deploy} would do. Changes nothing.
     *
     * @param siblings the other deployments of the same file
     */
    public Plan plan(Desired desired, List<Desired> siblings, DeployOptions options) {
        return plan(desired, siblings, options, Change.DEPLOY);
    }

    Plan plan(Desired desired, List<Desired> siblings, DeployOptions options, Change change) {
        return Planner.plan(input(desired, siblings, options, change, situation(desired)));
    }

    /** Deploys; a failure is thrown, with what was taken back. */
    public Outcome deploy(Desired desired, List<Desired> siblings, DeployOptions options) {
        return deploy(desired, siblings, options, Change.DEPLOY);
    }

    Outcome deploy(Desired desired, List<Desired> siblings, DeployOptions options, Change change) {
        Situation situation = situation(desired);
        Optional<Outcome> held = new Holds(installation).check(desired, state(desired, situation), options);
        if (held.isPresent()) {
            return held.get();
        }
        Plan plan = Planner.plan(input(desired, siblings, options, change, situation));
        boolean mayHaveMoved = new Freshness(desired).mayHaveMoved();
        boolean nothing = plan.isEmpty() && change.restart().isEmpty() && served(plan, situation);
        if (nothing && !mayHaveMoved && settled(desired, situation)) {
            checkFingerprint(plan, options);
            restoreProxies(desired.name());
            return new Outcome(Outcome.Kind.NO_CHANGES, desired.name(), 0);
        }
        checkFingerprint(plan, options);
        consent(plan, options);
        try (Lease lease = new Locks(installation).take(desired.name(), options, change)) {
            situation = situation(desired);
            Images images = new Images(installation);
            // The saved plan is compared with the world as it was planned for: before an image was fetched.
            if (options.fingerprint().isPresent()) {
                checkFingerprint(Planner.plan(input(desired, siblings, options, change, situation)), options);
            }
            if (images.fetch(
                    desired, situation.images(), state(desired, situation).stopped())) {
                situation = situation(desired);
            }
            plan = Planner.plan(input(desired, siblings, options, change, situation));
            consent(plan, options);
            DeploymentState state = state(desired, situation);
            ReleaseRun run = new ReleaseRun(installation, lease, desired.origin(), options)
                    .seeing(situation.observation().networks())
                    .replacing(containers(desired.name(), change, situation));
            change.pin().ifPresent(run::pinning);
            boolean stillNothing = plan.isEmpty() && change.restart().isEmpty() && served(plan, situation);
            if (stillNothing && state.running().isEmpty()) {
                if (!situation.states().containsKey(desired.name())) {
                    run.remember(state, plan);
                }
                restoreProxies(desired.name());
                return new Outcome(Outcome.Kind.NO_CHANGES, desired.name(), 0);
            }
            sayRenewal(desired.name());
            return run.release(state, plan, situation.states().containsKey(desired.name()), change.cause());
        }
    }

    private Set<String> containers(String deployment, Change change, Situation situation) {
        Set<String> containers = new HashSet<>();
        for (Container container : situation.observation().containers()) {
            boolean ours = container
                            .label(Labels.INSTALLATION)
                            .equals(installation.settings().installation())
                    && container.label(Labels.DEPLOYMENT).equals(deployment);
            if (ours && change.restart().contains(container.label(Labels.SERVICE))) {
                containers.add(container.id());
            }
        }
        return containers;
    }

    private Situation situation(Desired desired) {
        return Situation.of(installation, List.of(desired));
    }

    /** The deployment's state as the store has it, else as the labels tell it, else an empty one. */
    private DeploymentState state(Desired desired, Situation situation) {
        return known(desired, situation)
                .orElseGet(() -> DeploymentState.empty(
                        desired.name(),
                        desired.origin().source(),
                        installation.clock().instant()));
    }

    private Optional<DeploymentState> known(Desired desired, Situation situation) {
        DeploymentState stored = situation.states().get(desired.name());
        if (stored != null) {
            return Optional.of(stored);
        }
        SourceId owner = desired.origin().source();
        Instant now = installation.clock().instant();
        return Rebuilt.of(
                desired.name(),
                owner,
                situation.observation(),
                installation.settings().installation(),
                now);
    }

    /** Whether the proxies serve every instance that they should: a run that died may have left one out. */
    private boolean served(Plan plan, Situation situation) {
        return new Served(installation.settings().installation(), plan.goal(), situation.observation())
                .by(installation.proxy().applied(plan.deployment()));
    }

    /** Whether the store knows the deployment and no release was left in the middle. */
    private static boolean settled(Desired desired, Situation situation) {
        DeploymentState state = situation.states().get(desired.name());
        return state != null && state.running().isEmpty();
    }

    private PlanInput input(
            Desired desired, List<Desired> siblings, DeployOptions options, Change change, Situation situation) {
        Settings settings = installation.settings();
        SortedMap<String, Optional<Image>> images = new TreeMap<>(situation.images());
        Set<String> stopped = state(desired, situation).stopped();
        KeptImages.missing(installation.engine(), desired, images, stopped)
                .values()
                .forEach(pinned -> images.put(pinned, Optional.empty()));
        PlanOptions planOptions = new PlanOptions(
                options.force(),
                options.adopt(),
                change.byHand(),
                change.kept(),
                options.automatic(),
                settings.meshPorts().first(),
                settings.meshPorts().last());
        Map<String, DeploymentState> all = situation.states();
        Optional<DeploymentRoutes> applied = installation.proxy().applied(desired.name());
        return new PlanInput(
                desired,
                siblings,
                known(desired, situation),
                all,
                situation.observation(),
                settings.installation(),
                images,
                (service, version) -> installation.store().definition(desired.name(), service, version),
                applied,
                planOptions);
    }

    private static void checkFingerprint(Plan plan, DeployOptions options) {
        if (options.fingerprint().isPresent() && !options.fingerprint().get().equals(plan.fingerprint())) {
            throw new Failure(
                            ExitStatus.FAILED,
                            "the saved plan of " + plan.deployment() + " is stale: files, images or"
                                    + " what runs changed since it was made")
                    .withHint("make a new one with `portolan plan -o FILE`, look at it, and deploy that");
        }
    }

    private static void consent(Plan plan, DeployOptions options) {
        if (!plan.consent().isEmpty() && !options.consent().test(plan.consent())) {
            throw new Failure(
                            ExitStatus.FAILED,
                            "refused without consent: " + plan.consent().getFirst())
                    .withDetails(plan.consent())
                    .withHint("nothing was changed; say `--yes` when this is meant");
        }
    }

    /** After a reboot the containers are back by themselves; the proxies come back here. */
    private void restoreProxies(String deployment) {
        if (installation.proxy().applied(deployment).isPresent()) {
            sayRenewal(deployment);
            installation.proxy().ensureRunning();
        }
    }

    /** An upgrade may cost connections although it changes nothing that was asked for: so it is said. */
    private void sayRenewal(String deployment) {
        installation
                .proxy()
                .renewal()
                .ifPresent(what -> report(installation, Level.WARNING, "proxies-renewed", deployment, what));
    }

    /** For other classes of the package: one line to whoever watches. */
    static void report(Installation installation, Level level, String kind, String deployment, String message) {
        installation
                .reporter()
                .report(new Report(installation.clock().instant(), level, kind, deployment, "", "", message));
    }
}
