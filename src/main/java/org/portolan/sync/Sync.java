package org.portolan.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.NeedsConsent;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.operate.TakenOver;
import org.portolan.plan.Action;
import org.portolan.plan.Departed;
import org.portolan.plan.JoinOrder;
import org.portolan.plan.Plan;
import org.portolan.plan.PlanMarkdown;
import org.portolan.plan.json.ShownPlan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.rollout.RoutesPreview;

/** Brings what runs to where a source says: each of its deployments, then what it named before and no longer does. */
public final class Sync implements Deploys {
    private final Installation installation;
    private final Operations operations;

    private final Predicate<String> kept;
    private final BiFunction<Request.Apply, DeployOptions, Outcome> deploying;

    public Sync(Installation installation) {
        this(installation, name -> false);
    }

    /**
     * One that leaves deployments alone which their source no longer names.
     *
     * @param kept tells which, by name
     */
    public Sync(Installation installation, Predicate<String> kept) {
        this(installation, kept, begun -> Optional.empty());
    }

    /**
     * One that continues what another process began.
     *
     * @param begun tells how what it began of a deployment ended; empty for what it did not begin
     */
    public Sync(Installation installation, Predicate<String> kept, Function<String, Optional<Outcome>> begun) {
        this.installation = installation;
        this.kept = kept;
        operations = new Operations(installation);
        deploying = (request, options) ->
                begun.apply(request.deployment()).orElseGet(() -> operations.perform(request, options));
    }

    /** Gets what happens, while it happens. */
    public interface Watcher {
        /** A deployment is where it should be. */
        void done(Outcome outcome);

        /** A deployment failed while others are still to come. */
        void failed(Failure failure);

        /** Whether somebody agrees to what needs consent; no deployment is locked while it is asked. */
        boolean agrees(NeedsConsent needs);

        /** The source moved meanwhile. */
        void moved(String text);
    }

    /**
     * How it ended.
     *
     * @param changes how many deployments were changed, removed, or failed
     * @param failed whether one failed
     * @param interrupted whether a person stopped it
     */
    public record Result(int changes, boolean failed, boolean interrupted) {}

    /**
     * What {@link #deploy} would do.
     *
     * @param departures deployments that the source named before and no longer does
     */
    public record Preview(List<Plan> plans, List<Action> departures) {
        public boolean isEmpty() {
            return departures.isEmpty() && plans.stream().allMatch(Plan::isEmpty);
        }
    }

    @Override
    public Result deploy(
            LoadedSource source,
            Optional<ExpectedPlans> expected,
            Request.Apply.Terms terms,
            Mandate mandate,
            DeployOptions options,
            Watcher watcher) {
        List<Desired> all = JoinOrder.of(source.withOrigin());
        FreshFiles files = new FreshFiles(source, all, watcher::moved);
        expected.ifPresent(plans -> plans.checkDeployments(all));
        int changes = 0;
        boolean failed = false;
        boolean interrupted = false;
        for (Desired desired : all) {
            if (options.interrupted().getAsBoolean()) {
                return new Result(changes, failed, true);
            }
            try {
                Request.Apply.Terms held = expected.map(plans -> terms.with(plans.fingerprint(desired.name())))
                        .orElse(terms);
                Outcome outcome = mandate.agreedBy(
                        watcher::agrees,
                        agreed -> deploying.apply(
                                new Request.Apply(desired, siblings(all, desired), files, held, agreed), options));
                watcher.done(outcome);
                changes += outcome.kind() == Outcome.Kind.NO_CHANGES ? 0 : 1;
                interrupted |= outcome.kind() == Outcome.Kind.INTERRUPTED;
            } catch (Failure failure) {
                if (all.size() == 1 || failure instanceof TakenOver) {
                    throw failure;
                }
                if (failure.kind() == Failure.Kind.LOCKED
                        && options.interrupted().getAsBoolean()) {
                    // It waited for its turn.
                    return new Result(changes, failed, true);
                }
                watcher.failed(failure);
                changes++;
                failed = true;
            }
        }
        if (!failed && !interrupted && source.complete()) {
            SourceId owner = all.getFirst().origin().source();
            changes += mandate.agreedBy(
                    watcher::agrees, agreed -> operations.prune(owner, all, files, kept, agreed, options));
        }
        return new Result(changes, failed, interrupted);
    }

    /** Plans everything that a source says. Changes nothing. */
    public Preview plan(LoadedSource source, Request.Apply.Terms terms) {
        List<Desired> all = JoinOrder.of(source.deployments());
        List<Plan> plans = new ArrayList<>();
        for (Desired desired : all) {
            plans.add(operations.plan(planned(all, desired, terms)));
        }
        return new Preview(plans, departures(source, all));
    }

    @Override
    public SourcePlan preview(LoadedSource source, Request.Apply.Terms terms) {
        return preview(source, terms, name -> true);
    }

    /** The same for somebody who sees these deployments. */
    public SourcePlan preview(LoadedSource source, Request.Apply.Terms terms, Predicate<String> sees) {
        Preview preview = plan(source, terms);
        List<Plan> plans =
                preview.plans().stream().map(plan -> plan.seenBy(sees)).toList();
        return new SourcePlan(
                plans.stream().map(ShownPlan::of).toList(),
                preview.departures(),
                () -> PlanMarkdown.render(source.source().path(), plans, preview.departures()));
    }

    @Override
    public ShownPlan drift(String deployment, Mandate mandate) {
        return ShownPlan.of(operations.drift(deployment, mandate));
    }

    /** Which deployments a source named before, and would have removed by {@link #deploy} as it is now. */
    public List<String> departing(LoadedSource source) {
        return departures(source, source.deployments()).stream()
                .map(Action::subject)
                .toList();
    }

    /** Every deployment's routes as they would be once the source is deployed. Changes nothing. */
    public SortedMap<String, RouteSet> routes(LoadedSource source) {
        SortedMap<String, RouteSet> routes = new TreeMap<>(installation.proxy().applied());
        for (Desired desired : source.deployments()) {
            Plan plan = operations.plan(planned(source.deployments(), desired, Request.Apply.Terms.ORDINARY));
            Optional<RouteSet> applied = Optional.ofNullable(routes.get(desired.name()));
            routes.put(desired.name(), RoutesPreview.of(plan.goal(), plan.domains(), applied));
        }
        return routes;
    }

    private List<Action> departures(LoadedSource source, List<Desired> all) {
        if (!source.complete() || all.isEmpty()) {
            return List.of();
        }
        Map<String, DeploymentState> states = installation.store().deployments();
        return Departed.of(states, source.located().source(), all).actions(states);
    }

    private static Request.Apply planned(List<Desired> all, Desired one, Request.Apply.Terms terms) {
        Mandate nobody = Mandate.of(new Caller.Person("plan"));
        return new Request.Apply(one, siblings(all, one), () -> all, terms, nobody);
    }

    /** The other deployments of the same file. */
    private static List<Desired> siblings(List<Desired> all, Desired one) {
        List<Desired> others = new ArrayList<>(all);
        others.removeIf(other -> other.name().equals(one.name()));
        return others;
    }
}
