package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.container.Container;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.plan.Deadlines;

/**
 * Judges an instance's startup check: has it been healthy for long enough, and can it still become so? From what engine,
 * checks and proxy have shown. Pure.
 */
final class StartupCheck {
    private StartupCheck() {}

    /**
     * How the check stands now.
     *
     * @param underWay the instance's step, if one is in progress: until that has ended and the engine was asked again nothing
     *     fails, and one that is being started proves nothing before it has started
     */
    static Startup judge(InstanceState instance, ServiceSpec spec, Optional<Step> underWay, Instant now) {
        if (!(instance.startup() instanceof Startup.Checked before)) {
            return instance.startup();
        }
        if (underWay.filter(Step::starts).isPresent()) {
            return before;
        }
        Startup.Checked heard = underWay.isEmpty() ? heard(before, instance, spec) : before;
        Startup.Checked checked =
                passes(heard, instance, spec) ? new Startup.Passed(heard.since(), heard.here(), heard.checks()) : heard;
        return underWay.isEmpty() ? verdict(checked, instance, spec, now) : checked;
    }

    /** Whether it is healthy: it runs, passed its check or had none to pass, and has not failed too often since. */
    static boolean healthy(InstanceState instance, ServiceSpec spec) {
        return instance.container().state() == Container.State.RUNNING
                && (instance.startup() instanceof Startup.None
                        || (instance.startup() instanceof Startup.Passed passed && keepsHealthy(passed, spec)));
    }

    private static boolean keepsHealthy(Startup.Checked check, ServiceSpec spec) {
        return spec.health()
                .filter(health -> check.checks().failuresInARow() >= health.unhealthy())
                .isEmpty();
    }

    /** Takes over what the engine's own check says, as an answer to a check. */
    private static Startup.Checked heard(Startup.Checked before, InstanceState instance, ServiceSpec spec) {
        if (spec.health().isEmpty() || InstanceState.probed(spec)) {
            return before;
        }
        Instant at = instance.observed();
        return switch (instance.container().verdict()) {
            case HEALTHY -> before.with(before.checks().passed(at));
            case UNHEALTHY -> before.with(before.checks().failed(at, "the image's health check reports unhealthy"));
            case NONE, STARTING -> before;
        };
    }

    private static boolean passes(Startup.Checked check, InstanceState instance, ServiceSpec spec) {
        if (instance.container().state() != Container.State.RUNNING) {
            return false;
        }
        Duration minHealthy = spec.rollout().minHealthy();
        return spec.health().isEmpty()
                ? !instance.observed().isBefore(check.since().plus(minHealthy))
                : check.checks().healthyFor(minHealthy);
    }

    private static Startup verdict(Startup.Checked check, InstanceState instance, ServiceSpec spec, Instant now) {
        Container container = instance.container();
        Duration deadline = Deadlines.healthy(spec);
        boolean late = now.isAfter(check.since().plus(deadline));
        return switch (container.state()) {
            case EXITED, DEAD ->
                // A step that the run before had in progress may have ended it; it gets a separate check.
                !check.here() && container.state() == Container.State.EXITED
                        ? Startup.None.IT
                        : new Startup.Failed("exited with status " + container.exitCode()
                                + (container.oomKilled() || container.exitCode() == 137
                                        ? " (killed; out of memory?)"
                                        : ""));
            case RESTARTING ->
                // One that served before gets its time: the engine restarts it after a pause that grows.
                failed(check.here() || late, check, "keeps exiting, last with status " + container.exitCode());
            case PAUSED -> failed(late, check, "is paused; to continue it: `docker unpause " + instance.id() + "`");
            case CREATED, REMOVING ->
                failed(
                        late,
                        check,
                        "is still " + container.state().name().toLowerCase(Locale.ROOT) + " after "
                                + Durations.format(deadline));
            case RUNNING -> running(check, instance, spec, now);
        };
    }

    private static Startup failed(boolean failed, Startup.Checked otherwise, String why) {
        return failed ? new Startup.Failed(why) : otherwise;
    }

    private static Startup running(Startup.Checked check, InstanceState instance, ServiceSpec spec, Instant now) {
        Optional<String> unhealthy = spec.health().flatMap(health -> unhealthy(check, instance, spec, health, now));
        if (unhealthy.isPresent()) {
            return new Startup.Failed(unhealthy.get());
        }
        boolean healthy = check instanceof Startup.Passed && keepsHealthy(check, spec);
        RouteState route = instance.route();
        if (healthy && route.unservedSince().isPresent() && route.since().isPresent()) {
            Duration deadline = Deadlines.healthy(spec);
            // One that took long to be trusted at all gets its time all the same.
            Instant end = route.served()
                    ? route.unservedSince().get().plus(deadline)
                    : later(check.since().plus(deadline), route.since().get().plus(Listening.PATIENCE));
            return failed(now.isAfter(end), check, Unreached.failure(instance, deadline));
        }
        return check;
    }

    private static Optional<String> unhealthy(
            Startup.Checked check, InstanceState instance, ServiceSpec spec, Health health, Instant now) {
        HealthRecord checks = check.checks();
        if (health.type() == Health.Type.ENGINE && !checks.everPassed() && checks.failuresInARow() > 0) {
            return Optional.of(checks.lastAnswer() + "; `docker inspect " + instance.id() + "` shows its output");
        }
        boolean counts = now.isAfter(check.since().plus(health.startPeriod()));
        if (checks.everPassed() && counts && checks.failuresInARow() >= health.unhealthy()) {
            return Optional.of("became unhealthy: " + checks.lastAnswer());
        }
        Duration deadline = Deadlines.healthy(spec);
        boolean late = now.isAfter(check.since().plus(deadline));
        // One whose checks pass by then may still prove itself, however long min_healthy is.
        if (check instanceof Startup.Running && late && checks.passingSince() == null) {
            return Optional.of("not healthy within " + Durations.format(deadline) + ": " + checks.lastAnswer());
        }
        return Optional.empty();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
