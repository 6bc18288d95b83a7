package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.InstanceLabels.Published;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.plan.Deadlines;

/**
 * What is known of one instance, gathered from the engine, the checks and the proxy. An immutable value: each observation makes
 * the next one of it.
 *
 * @param ports its published ports by name
 * @param engine what the engine showed last
 * @param keepsRunning whether it is known to have its restart policy
 * @param checking whether a check is in progress
 * @param files what is known of the files that it reloads
 */
public record InstanceState(
        InstanceId id,
        SortedMap<String, Published> ports,
        ContainerState engine,
        Startup startup,
        boolean keepsRunning,
        boolean checking,
        RouteState route,
        FileState files) {
    /**
     * How long after its start one that had no startup check is looked at again. The engine waits 100 ms before it restarts
     * what ended the first time, and longer each time after, so that an instance that ends at once is seen restarting.
     */
    private static final Duration SECOND_LOOK = Duration.ofMillis(100);

    /**
     * What the engine showed.
     *
     * @param observed when it was last asked
     * @param ran whether it ran when it was last known; false again once its end is accepted
     * @param pausedSince since when it is paused; empty: it is not
     */
    public record ContainerState(Container container, Instant observed, boolean ran, Optional<Instant> pausedSince) {}

    /**
     * A start.
     *
     * @param here whether this run is known to have started it
     * @param keepsRunning whether it was made with its restart policy
     */
    public record Started(Instant at, boolean here, boolean keepsRunning) {}

    /** One that the engine shows for the first time. */
    public static InstanceState of(InstanceId id, Container container, Instant observed) {
        return new InstanceState(
                id,
                InstanceLabels.ports(container.label(Labels.PORTS)),
                new ContainerState(container, observed, false, Optional.empty()),
                Startup.None.IT,
                false,
                false,
                RouteState.NONE,
                FileState.UNKNOWN);
    }

    public Container container() {
        return engine.container();
    }

    Instant observed() {
        return engine.observed();
    }

    /** The same after the engine was asked. */
    public InstanceState observed(Container container, Instant now) {
        boolean paused = container.state() == Container.State.PAUSED;
        return with(new ContainerState(
                container,
                now,
                engine.ran() || container.state() == Container.State.RUNNING,
                paused ? Optional.of(engine.pausedSince().orElse(now)) : Optional.empty()));
    }

    /** The same after the proxy was looked at. */
    public InstanceState observed(List<ServerView> views, boolean checkedOnly, boolean silent, Instant now) {
        return with(route.observed(views, new RouteState.Trust(checkedOnly || watched(), silent), now));
    }

    /** The same after the proxy was asked for something. */
    public InstanceState asked(Optional<ServerTarget> serverTarget, Instant now) {
        return with(route.asked(serverTarget, now));
    }

    /** The same with its end ignored if it had a startup check: the engine may have ended it, and it is started once more. */
    public InstanceState withEndIgnored() {
        boolean ended = container().state() == Container.State.EXITED;
        return ended && watched() ? with(Startup.None.IT) : this;
    }

    /** Whether it runs, and nothing of its start is waited for. */
    public boolean atRest() {
        return startup instanceof Startup.None && container().state() == Container.State.RUNNING;
    }

    /** Whether an end of it was seen and is not yet accepted. */
    public boolean hasEnded() {
        return engine.ran() && container().state() == Container.State.EXITED;
    }

    /** The same with its end accepted. */
    public InstanceState ended() {
        return with(new ContainerState(container(), engine.observed(), false, engine.pausedSince()));
    }

    /** The same after a start: its startup check begins, unless it has failed. */
    public InstanceState started(Started start) {
        boolean failed = startup instanceof Startup.Failed;
        return new InstanceState(
                id,
                ports,
                new ContainerState(container(), engine.observed(), engine.ran() || start.here(), engine.pausedSince()),
                failed ? startup : new Startup.Running(start.at(), start.here(), HealthRecord.NONE),
                start.keepsRunning(),
                checking,
                route.started(),
                FileState.CURRENT);
    }

    /** The same after somebody looked whether it has loaded its files. */
    public InstanceState looked(boolean current) {
        return with(current ? FileState.CURRENT : FileState.OUTDATED);
    }

    /** The same after it has loaded other files: it has to prove again that it is healthy. */
    public InstanceState reloaded(Instant now) {
        boolean kept = keepsRunning || startup instanceof Startup.None;
        return new InstanceState(
                id,
                ports,
                engine,
                new Startup.Running(now, container().state() == Container.State.RUNNING, HealthRecord.NONE),
                kept,
                checking,
                route,
                FileState.CURRENT);
    }

    /** The same with a startup check although another run started it. */
    public InstanceState suspected(Instant since) {
        return with(new Startup.Running(since, false, HealthRecord.NONE));
    }

    /** The same with its restart policy. */
    public InstanceState kept() {
        return new InstanceState(id, ports, engine, startup, true, checking, route, files);
    }

    /** The same with a check in progress. */
    public InstanceState checks() {
        return new InstanceState(id, ports, engine, startup, keepsRunning, true, route, files);
    }

    /** The same after a check has answered. */
    public InstanceState answered(boolean passed, String text, Instant at) {
        Startup next = startup instanceof Startup.Checked check
                ? check.with(passed ? check.checks().passed(at) : check.checks().failed(at, text))
                : startup;
        return new InstanceState(id, ports, engine, next, keepsRunning, false, route, files);
    }

    /** The same with its startup check judged; see {@link StartupCheck#judge}. */
    public InstanceState judged(ServiceSpec spec, Optional<Step> underWay, Instant now) {
        return awaitsFiles(spec) ? this : with(StartupCheck.judge(this, spec, underWay, now));
    }

    private InstanceState with(ContainerState next) {
        return new InstanceState(id, ports, next, startup, keepsRunning, checking, route, files);
    }

    private InstanceState with(Startup next) {
        return new InstanceState(id, ports, engine, next, keepsRunning, checking, route, files);
    }

    private InstanceState with(RouteState next) {
        return new InstanceState(id, ports, engine, startup, keepsRunning, checking, next, files);
    }

    private InstanceState with(FileState next) {
        return new InstanceState(id, ports, engine, startup, keepsRunning, checking, route, next);
    }

    /** Whether it may have to load files first: until then its startup check says nothing. */
    public boolean awaitsFiles(ServiceSpec spec) {
        return fileState(spec) != FileState.CURRENT
                && InstanceView.canReload(container().state());
    }

    private FileState fileState(ServiceSpec spec) {
        return spec.reloads() ? files : FileState.CURRENT;
    }

    /** Whether it has a startup check, passed or not: this run started it, or does not trust the run that did. */
    public boolean watched() {
        return !(startup instanceof Startup.None);
    }

    /** The host port of a named port, else of the service's main one; 0 when it has none. */
    public int hostPort(String name, ServiceSpec spec) {
        Published port = ports.containsKey(name) ? ports.get(name) : ports.get(spec.mainPort());
        return port == null ? 0 : port.host();
    }

    /**
     * Where its ports are published.
     *
     * @param ofNewOnes where new instances' ports are: the configuration may have changed since it was made
     */
    public String address(String ofNewOnes) {
        String own = container().label(Labels.ADDRESS);
        return own.isEmpty() ? ofNewOnes : own;
    }

    /** Whether the service has a check that Portolan asks; the engine asks the image's own. */
    static boolean probed(ServiceSpec spec) {
        return spec.health().filter(check -> check.type() != Health.Type.ENGINE).isPresent();
    }

    /** Whether its check is to be asked now. */
    public boolean checkDue(ServiceSpec spec, Instant now) {
        return !checking
                && container().state() == Container.State.RUNNING
                && probed(spec)
                && startup instanceof Startup.Checked check
                && !nextCheck(check, spec).isAfter(now);
    }

    private static Instant nextCheck(Startup.Checked check, ServiceSpec spec) {
        Health health = spec.health().orElseThrow();
        return check.checks()
                .nextCheck(
                        check.since(),
                        health.startInterval(),
                        health.interval(),
                        spec.rollout().minHealthy());
    }

    /** When its next check, or the end of its startup check, is due; empty when nothing is. */
    public Optional<Instant> due(ServiceSpec spec) {
        if (!(startup instanceof Startup.Checked check)) {
            return Optional.empty();
        }
        if (spec.health().isPresent()) {
            return checking || !probed(spec) ? Optional.empty() : Optional.of(nextCheck(check, spec));
        }
        Instant passes = check.since().plus(spec.rollout().minHealthy());
        Instant due = observed().isBefore(passes) ? passes : secondLook(check, spec);
        return observed().isBefore(due) ? Optional.of(due) : Optional.empty();
    }

    private static Instant secondLook(Startup.Checked check, ServiceSpec spec) {
        return spec.trustedAtOnce() ? check.since().plus(SECOND_LOOK) : check.since();
    }

    private Condition condition(ServiceSpec spec, boolean starting, Instant now) {
        boolean healthy = !starting && StartupCheck.healthy(this, spec);
        // By instanceof, as it is on the way of every release (ADR 38).
        if (startup instanceof Startup.Checked check) {
            return new Condition.Checked(healthy, !observed().isBefore(secondLook(check, spec)), keepsRunning);
        }
        return startup instanceof Startup.Failed failed
                ? new Condition.Failed(failed.why())
                : new Condition.Trusted(healthy, impaired(now));
    }

    /** Whether it is out of order without this run's doing (paused, not reached by the proxy) for longer than a moment. */
    private boolean impaired(Instant now) {
        Optional<Instant> since = engine.pausedSince().or(route::unservedSince);
        return since.isPresent() && !now.isBefore(since.get().plus(Deadlines.IMPAIRED));
    }

    /** What to tell of one that was let pass although it does not listen; empty: it was not. */
    public Optional<String> silence() {
        return route.isSilent() ? Optional.of(Unreached.silence(this)) : Optional.empty();
    }

    /**
     * What the state machine sees of it.
     *
     * @param underWay its step, if one is in progress: one that is being started is not healthy
     */
    public InstanceView view(ServiceSpec spec, Optional<Step> underWay, Instant now) {
        return new InstanceView(
                id,
                container().id(),
                container().state(),
                condition(spec, underWay.filter(Step::starts).isPresent(), now),
                !ports.isEmpty(),
                new InstanceView.Route(
                        route.serverTarget(),
                        route.acknowledged(),
                        route.sessions(),
                        route.since(),
                        Unreached.trouble(this, now)),
                underWay.filter(Step.Reload.class::isInstance).isPresent() ? FileState.LOADING : fileState(spec));
    }
}
