package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Container;
import org.portolan.model.Durations;
import org.portolan.model.InstanceId;
import org.portolan.model.InstanceLabels;
import org.portolan.model.InstanceLabels.Published;
import org.portolan.model.Labels;
import org.portolan.model.ServiceSpec;
import org.portolan.model.ServiceSpec.Health;
import org.portolan.plan.Deadlines;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.ServerView;

/** What the executor knows of one instance, gathered from the engine, the checks and the proxy. */
final class Tracked {
    /**
     * How long after its start one that had no trial is looked at again. The engine waits 100 ms before it restarts what
     * ended the first time, and longer each time after, so that one which ends at once is seen restarting.
     */
    private static final Duration SECOND_LOOK = Duration.ofMillis(150);

    final InstanceId id;
    final SortedMap<String, Published> ports;
    Container container;
    /** When this run started it, or began to watch one that another run started; null: not on trial. */
    @Nullable
    Instant trialSince;

    /** Whether this run started it: then it has no restart policy until it is healthy, and one end is enough. */
    boolean startedHere;

    HealthRecord health = HealthRecord.NONE;
    boolean checking;
    /** Whether it has passed its trial's health part; from then on only {@code unhealthy} failures in a row count. */
    boolean proved;
    /** Whether the proxy has ever said UP of it. */
    boolean served;

    boolean keepsRunning;
    /** Once an instance failed it stays failed: a crash loop must not pass between two crashes. */
    @Nullable
    String failure;
    /** When the engine was last asked, to know how fresh {@link #container} is. */
    Instant observed;

    /** Whether it ran when it was last known; false again once its end is believed. */
    boolean ran;

    @Nullable
    Wish wish;

    @Nullable
    Instant wishSince;

    /** Since when the proxy does not send it the traffic that it shall get; null: it does, or none is to be sent. */
    @Nullable
    Instant unservedSince;

    /** Since when its container is paused; null: it is not. */
    @Nullable
    Instant pausedSince;

    boolean acknowledged;
    long sessions;
    /** What the proxy says of the ports that shall get traffic and cannot. */
    List<ServerView> unreached = List.of();

    /**
     * The beginning of a trial.
     *
     * @param here whether this run is known to have started it
     * @param keepsRunning whether it was made with its restart policy
     */
    record Trial(Instant since, boolean here, boolean keepsRunning) {}

    Tracked(InstanceId id, Container container, Instant observed) {
        this.id = id;
        this.container = container;
        this.observed = observed;
        this.ports = InstanceLabels.ports(container.label(Labels.PORTS));
    }

    /** The host port of a named port, else of the service's main one; 0 when it has none. */
    int hostPort(String name, ServiceSpec spec) {
        Published pair = ports.containsKey(name) ? ports.get(name) : ports.get(spec.mainPort());
        return pair == null ? 0 : pair.host();
    }

    /** Where its ports are published, whatever new instances get: the configuration may have changed since. */
    String address(Addresses ofNewOnes) {
        String own = container.label(Labels.ADDRESS);
        return own.isEmpty() ? ofNewOnes.publish() : own;
    }

    void wish(@Nullable Wish next, Instant now) {
        if (next == null || wish == null || next.state() != wish.state()) {
            wishSince = now;
            unservedSince = null;
            acknowledged = false;
        }
        wish = next;
    }

    /** Takes a trial back whose end may have been the engine's. */
    void forgive() {
        if (onTrial() && container.state() == Container.State.EXITED) {
            trialSince = null;
            startedHere = false;
            failure = null;
        }
    }

    /** Whether the proxy was told to send it traffic. */
    boolean isToServe() {
        return wish != null && wish.state() == DeploymentRoutes.State.READY;
    }

    void started(Trial trial) {
        ran |= trial.here();
        trialSince = trial.since();
        startedHere = trial.here();
        served = false;
        keepsRunning = trial.keepsRunning();
        health = HealthRecord.NONE;
    }

    boolean hasEnded() {
        return ran && container.state() == Container.State.EXITED;
    }

    boolean onTrial() {
        return trialSince != null;
    }

    /** Whether the service has a check that Portolan asks; the engine asks the image's own. */
    static boolean asked(ServiceSpec spec) {
        return spec.health().filter(check -> check.type() != Health.Type.ENGINE).isPresent();
    }

    /** Takes over what the engine's own check says, as an answer to a check. */
    void heard(ServiceSpec spec, Instant now) {
        if (trialSince == null || spec.health().isEmpty() || asked(spec)) {
            return;
        }
        switch (container.verdict()) {
            case HEALTHY -> health = health.passed(now);
            case UNHEALTHY -> health = health.failed(now, "its image's health check says unhealthy");
            case NONE, STARTING -> {
                // It has not said anything.
            }
        }
    }

    /** Whether its checks are to be asked now. */
    boolean checkDue(ServiceSpec spec, Instant now) {
        if (checking || trialSince == null || !asked(spec) || container.state() != Container.State.RUNNING) {
            return false;
        }
        return !nextCheck(spec).isAfter(now);
    }

    Instant nextCheck(ServiceSpec spec) {
        Health check = spec.health().orElseThrow();
        Instant started = Objects.requireNonNull(trialSince);
        return health.nextCheck(
                started, check.startInterval(), check.interval(), spec.rollout().minHealthy());
    }

    /**
     * Passes judgement on the trial and shows the instance to the state machine.
     *
     * @param underWay its step, if one is under way: until that has ended and the engine was asked again nothing is judged,
     *     and that one runs which is being started proves nothing before its trial has begun
     */
    InstanceView view(ServiceSpec spec, Optional<Step> underWay, Instant now) {
        boolean healthy = underWay.filter(Step::starts).isEmpty() && healthy(spec);
        if (failure == null && trialSince != null && underWay.isEmpty()) {
            failure = judge(spec, trialSince, healthy, now);
        }
        boolean hasPorts = !ports.isEmpty();
        return new InstanceView(
                id,
                container.id(),
                container.state(),
                healthy,
                Optional.ofNullable(failure),
                trialSince != null,
                keepsRunning,
                !observed.isBefore(secondLook(spec)),
                impaired(now),
                hasPorts,
                new InstanceView.Route(
                        Optional.ofNullable(wish),
                        acknowledged,
                        sessions,
                        Optional.ofNullable(wishSince),
                        trouble(now)));
    }

    /**
     * Whether it is out of order without this run's doing: paused, or not reached by the proxy, for longer than a moment. What
     * the run did not start is not waited for; it is told.
     */
    private boolean impaired(Instant now) {
        Instant since = pausedSince != null ? pausedSince : unservedSince;
        return trialSince == null && since != null && !now.isBefore(since.plus(Deadlines.IMPAIRED));
    }

    /** When it is looked at once more before a release is done: one that had no trial may end at once. */
    Instant secondLook(ServiceSpec spec) {
        if (trialSince == null) {
            return Instant.MIN;
        }
        return spec.trustedAtOnce() ? trialSince.plus(SECOND_LOOK) : trialSince;
    }

    private boolean healthy(ServiceSpec spec) {
        if (container.state() != Container.State.RUNNING) {
            return false;
        }
        if (trialSince == null) {
            return true;
        }
        Duration minHealthy = spec.rollout().minHealthy();
        if (spec.health().isEmpty()) {
            return !observed.isBefore(trialSince.plus(minHealthy));
        }
        proved |= health.healthyFor(minHealthy);
        return proved && health.failuresInARow() < spec.health().get().unhealthy();
    }

    private @Nullable String judge(ServiceSpec spec, Instant started, boolean healthy, Instant now) {
        Duration deadline = Deadlines.healthy(spec);
        boolean late = now.isAfter(started.plus(deadline));
        switch (container.state()) {
            case EXITED, DEAD -> {
                if (!startedHere && container.state() == Container.State.EXITED) {
                    // A step that the run before had under way may have ended it; it gets a trial of its own.
                    trialSince = null;
                    return null;
                }
                return "exited with status " + container.exitCode()
                        + (container.oomKilled() || container.exitCode() == 137 ? " (killed; out of memory?)" : "");
            }
            case RESTARTING -> {
                // One that served before gets its time: the engine restarts it after a pause that grows.
                return startedHere || late ? "keeps exiting, last with status " + container.exitCode() : null;
            }
            case PAUSED -> {
                return late ? "is paused; `docker unpause " + id + "` lets it run" : null;
            }
            case CREATED, REMOVING -> {
                return late
                        ? "is still " + container.state().name().toLowerCase(java.util.Locale.ROOT) + " after "
                                + Durations.format(deadline)
                        : null;
            }
            case RUNNING -> {
                // Judged by its checks below.
            }
        }
        if (spec.health().isPresent()) {
            Health check = spec.health().get();
            boolean counts = now.isAfter(started.plus(check.startPeriod()));
            if (check.type() == Health.Type.ENGINE && !health.everPassed() && health.failuresInARow() > 0) {
                return health.lastAnswer() + "; `docker inspect " + id + "` has what it printed";
            }
            if (health.everPassed() && counts && health.failuresInARow() >= check.unhealthy()) {
                return "became unhealthy: " + health.lastAnswer();
            }
            // One whose checks pass by then may still prove itself, however long min_healthy is.
            if (!proved && late && health.passingSince() == null) {
                return "not healthy within " + Durations.format(deadline) + ": " + health.lastAnswer();
            }
        }
        if (healthy && unservedSince != null && wishSince != null) {
            // One that took long to be trusted at all gets its time all the same.
            Instant end = served
                    ? unservedSince.plus(deadline)
                    : later(started.plus(deadline), wishSince.plus(Listening.PATIENCE));
            return now.isAfter(end) ? unserved(deadline) : null;
        }
        return null;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** What keeps the proxy from it, once its checks had time to pass. */
    private String trouble(Instant now) {
        boolean early = wishSince == null || now.isBefore(wishSince.plusSeconds(1));
        if (early || unservedSince == null) {
            return "";
        }
        return unreached.isEmpty()
                ? "the proxy does not have " + id + " yet"
                : "the proxy cannot reach " + portsText(unreached) + " of " + id;
    }

    private String unserved(Duration deadline) {
        String time = Durations.format(deadline);
        if (unreached.isEmpty()) {
            return "is not among the proxy's servers: waited for " + time;
        }
        boolean connects = unreached.stream().allMatch(view -> view.lastCheck().contains("L4"));
        String words = unreached.stream()
                .map(ServerView::lastCheck)
                .filter(word -> !word.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
        String what = served
                ? "served and passes the proxy's check no more, of "
                : connects ? "does not listen on " : "does not pass the proxy's check of ";
        return what + portsText(unreached) + ": the proxy tried for " + time
                + (words.isEmpty() ? "" : " (" + words + ")")
                + (connects && !served ? "; say in the service's `ports` where it listens" : "");
    }

    /** Names ports as the container knows them: {@code port 8000}, {@code port 9000 (admin)}. */
    private String portsText(List<ServerView> views) {
        return views.stream()
                .map(view -> {
                    Published pair = ports.get(view.port());
                    return "port " + (pair == null ? "" : pair.container())
                            + (view.port().isEmpty() ? "" : " (" + view.port() + ")");
                })
                .collect(Collectors.joining(", "));
    }

    /** What to tell of an instance that need not listen and does not. */
    String silence() {
        return "nothing listens on " + portsText(unreached) + " of " + id
                + ", which its image exposes; as far as is known nothing needs it (`ports: none` says so)";
    }
}
