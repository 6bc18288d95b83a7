package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.container.Container;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.Deadlines;

/**
 * Turns what is wanted of an instance into the next step towards it; the only place that does. Whatever a strategy wants,
 * nothing is stopped before the proxy said that it is drained, and nothing gets traffic that is not healthy. Pure.
 */
final class TargetSteps {
    private TargetSteps() {}

    /**
     * What is to be done with one instance now.
     *
     * @param step on the engine
     * @param serverTarget what the proxy is to do with it; empty: it leaves the proxy
     * @param awaits what is waited for
     * @param failure why its target cannot be reached
     */
    record Effect(
            Optional<Step> step,
            Optional<ServerTarget> serverTarget,
            Optional<String> awaits,
            Optional<String> failure) {
        private static final Effect NOTHING =
                new Effect(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        private static Effect does(Step step) {
            return NOTHING.with(step);
        }

        private static Effect routes(InstanceView instance, ServerTarget serverTarget) {
            return instance.ports()
                    ? new Effect(Optional.empty(), Optional.of(serverTarget), Optional.empty(), Optional.empty())
                    : NOTHING;
        }

        private Effect with(Step next) {
            return new Effect(Optional.of(next), serverTarget, awaits, failure);
        }

        private Effect until(String what) {
            return new Effect(step, serverTarget, Optional.of(what), failure);
        }

        private Effect fails(String why) {
            return new Effect(step, serverTarget, awaits, Optional.of(why));
        }
    }

    /** @param stop how the service's instances are stopped */
    static Effect of(InstanceView view, InstanceTarget target, ServiceSpec.Stop stop, Instant now) {
        // By instanceof, as it is on the way of every release (ADR 38).
        if (target instanceof InstanceTarget.Serving serving) {
            return advance(view, serving.ready());
        }
        if (target instanceof InstanceTarget.Routed routed) {
            return Effect.routes(view, routed.serverTarget());
        }
        if (target instanceof InstanceTarget.Unchanged) {
            return unchanged(view);
        }
        if (target instanceof InstanceTarget.NotYet later) {
            return Effect.NOTHING.until(later.why());
        }
        boolean gone = target instanceof InstanceTarget.Gone;
        return gone && !view.running() && view.state() != Container.State.REMOVING
                ? Effect.does(new Step.Remove(view.id(), view.container()))
                : leave(view, stop, now);
    }

    private static Effect unchanged(InstanceView view) {
        return view.route()
                .serverTarget()
                .map(serverTarget -> Effect.routes(view, serverTarget))
                .orElse(Effect.NOTHING);
    }

    private static Effect advance(InstanceView view, ServerTarget ready) {
        Effect effect = healthy(view, ready);
        if (!view.awaitsFiles() || view.phase() == Phase.FAILED) {
            return effect;
        }
        Effect waits = effect.until("waiting for " + view.id() + " to reload its files");
        return switch (view.files()) {
            case CURRENT, LOADING -> waits;
            case UNKNOWN -> effect.until("looking which files " + view.id() + " has loaded");
            case OUTDATED ->
                waits.with(new Step.Reload(view.id(), view.container(), view.state() == Container.State.RUNNING));
        };
    }

    private static Effect healthy(InstanceView view, ServerTarget ready) {
        return switch (view.phase()) {
            case CREATED, STOPPED -> Effect.does(new Step.Start(view.id(), view.container()));
            case STARTED -> unchanged(view).until("waiting for " + view.id() + " to become healthy");
            case HEALTHY, ROUTED, SERVING, DRAINING, DRAINED -> {
                Effect effect = Effect.routes(view, ready);
                if (view.lacksRestartPolicy()) {
                    effect = effect.with(new Step.KeepRunning(view.id(), view.container()));
                }
                if (view.phase() == Phase.SERVING) {
                    yield effect;
                }
                String trouble = view.route().trouble();
                yield effect.until(trouble.isEmpty() ? "waiting for HAProxy to mark " + view.id() + " UP" : trouble);
            }
            case FAILED -> unchanged(view);
        };
    }

    /** Drain; once the proxy says that it is drained, or the time is over, out of the proxy; once that is so, stop. */
    private static Effect leave(InstanceView view, ServiceSpec.Stop stop, Instant now) {
        if (!view.running()) {
            return Effect.NOTHING;
        }
        if (!view.ports() || view.route().serverTarget().isEmpty()) {
            return Effect.does(new Step.Stop(view.id(), view.container()));
        }
        if (!view.leaving()) {
            return Effect.routes(view, ServerTarget.DRAIN).until("waiting for HAProxy to drain " + view.id());
        }
        if (view.route().is(RouteSet.State.MAINT)) {
            return out(view, now);
        }
        boolean over = lasts(view, stop.drain(), now);
        boolean drained = view.route().acknowledged() && view.route().sessions() == 0;
        if (drained || over) {
            return Effect.routes(view, ServerTarget.OUT);
        }
        long open = view.route().sessions();
        return Effect.routes(view, ServerTarget.DRAIN)
                .until("draining " + view.id() + ", " + open + (open == 1 ? " session open" : " sessions open"));
    }

    private static Effect out(InstanceView view, Instant now) {
        Effect out = Effect.routes(view, ServerTarget.OUT);
        if (view.route().acknowledged()) {
            return out.with(new Step.Stop(view.id(), view.container()));
        }
        if (lasts(view, Deadlines.ACKNOWLEDGED, now)) {
            String time = Durations.format(Deadlines.ACKNOWLEDGED);
            return out.fails("cannot be stopped: HAProxy has not drained it for " + time);
        }
        return out.until("waiting for HAProxy to stop traffic to " + view.id());
    }

    /** Whether what the proxy is to do with it was asked for that long ago. */
    private static boolean lasts(InstanceView view, Duration time, Instant now) {
        return view.route()
                .since()
                .map(since -> !now.isBefore(since.plus(time)))
                .orElse(false);
    }
}
