package org.portolan.engine.sim;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What containers of an image do once started. {@link #GOOD} listens at once, is healthy, and obeys TERM.
 *
 * @param startFails why the engine cannot start it
 * @param healthyAfter from when on after a start its checks pass; empty: never
 * @param unhealthyAfter from when on after a start they fail again
 * @param up with {@code down}: checks pass for this long, then fail for {@code down}, again and again
 * @param exitsAfter when it ends by itself after a start
 * @param exitCode with which status
 * @param ignoresTerm whether a stop takes the whole grace
 * @param stopTakes how long a stop takes that is obeyed
 * @param wrongPort whether nothing listens where its port is published
 * @param log what it writes at every start
 * @param onlyHost the only {@code Host} whose requests it does not refuse
 */
public record Behaviour(
        Optional<String> startFails,
        Optional<Duration> healthyAfter,
        Optional<Duration> unhealthyAfter,
        Duration up,
        Duration down,
        Optional<Duration> exitsAfter,
        int exitCode,
        boolean ignoresTerm,
        Duration stopTakes,
        boolean wrongPort,
        List<String> log,
        Optional<String> onlyHost) {

    public static final Behaviour GOOD = new Behaviour(
            Optional.empty(),
            Optional.of(Duration.ZERO),
            Optional.empty(),
            Duration.ZERO,
            Duration.ZERO,
            Optional.empty(),
            0,
            false,
            Duration.ofMillis(50),
            false,
            List.of(),
            Optional.empty());

    public static Behaviour startFails(String why) {
        return new Behaviour(
                Optional.of(why),
                GOOD.healthyAfter,
                GOOD.unhealthyAfter,
                GOOD.up,
                GOOD.down,
                GOOD.exitsAfter,
                0,
                false,
                GOOD.stopTakes,
                false,
                GOOD.log,
                GOOD.onlyHost);
    }

    public static Behaviour neverHealthy() {
        return GOOD.healthy(Optional.empty(), Optional.empty());
    }

    public static Behaviour healthyAfter(Duration delay) {
        return GOOD.healthy(Optional.of(delay), Optional.empty());
    }

    /** Healthy at first, no more after a while, and still running. */
    public static Behaviour sickensAfter(Duration delay) {
        return GOOD.healthy(Optional.of(Duration.ZERO), Optional.of(delay));
    }

    /** Checks pass and fail in turns. */
    public static Behaviour flaps(Duration up, Duration down) {
        return new Behaviour(
                GOOD.startFails,
                GOOD.healthyAfter,
                GOOD.unhealthyAfter,
                up,
                down,
                GOOD.exitsAfter,
                0,
                false,
                GOOD.stopTakes,
                false,
                GOOD.log,
                GOOD.onlyHost);
    }

    public static Behaviour listensElsewhere() {
        return new Behaviour(
                GOOD.startFails,
                GOOD.healthyAfter,
                GOOD.unhealthyAfter,
                GOOD.up,
                GOOD.down,
                GOOD.exitsAfter,
                0,
                false,
                GOOD.stopTakes,
                true,
                GOOD.log,
                GOOD.onlyHost);
    }

    public static Behaviour exitsAfter(Duration delay, int code) {
        return GOOD.exits(delay, code);
    }

    /** This, but ending by itself. */
    public Behaviour exits(Duration delay, int code) {
        return new Behaviour(
                startFails,
                healthyAfter,
                unhealthyAfter,
                up,
                down,
                Optional.of(delay),
                code,
                ignoresTerm,
                stopTakes,
                wrongPort,
                log,
                onlyHost);
    }

    /** This, but ended only by the kill after the grace. */
    public Behaviour ignoringTerm() {
        return new Behaviour(
                startFails,
                healthyAfter,
                unhealthyAfter,
                up,
                down,
                exitsAfter,
                exitCode,
                true,
                stopTakes,
                wrongPort,
                log,
                onlyHost);
    }

    /** This, writing these lines at every start. */
    public Behaviour logging(String... lines) {
        return new Behaviour(
                startFails,
                healthyAfter,
                unhealthyAfter,
                up,
                down,
                exitsAfter,
                exitCode,
                ignoresTerm,
                stopTakes,
                wrongPort,
                List.of(lines),
                onlyHost);
    }

    /** This, answering only requests for this host, as Django's {@code ALLOWED_HOSTS} does. */
    public Behaviour onlyFor(String host) {
        return new Behaviour(
                startFails,
                healthyAfter,
                unhealthyAfter,
                up,
                down,
                exitsAfter,
                exitCode,
                ignoresTerm,
                stopTakes,
                wrongPort,
                log,
                Optional.of(host));
    }

    private Behaviour healthy(Optional<Duration> after, Optional<Duration> until) {
        return new Behaviour(
                startFails,
                after,
                until,
                up,
                down,
                exitsAfter,
                exitCode,
                ignoresTerm,
                stopTakes,
                wrongPort,
                log,
                onlyHost);
    }

    /** Whether a check passes this long after the start. */
    boolean healthyAt(Duration sinceStart) {
        boolean begun = healthyAfter.isPresent() && sinceStart.compareTo(healthyAfter.get()) >= 0;
        boolean over = unhealthyAfter.isPresent() && sinceStart.compareTo(unhealthyAfter.get()) >= 0;
        boolean down = false;
        if (!this.down.isZero()) {
            long period = up.plus(this.down).toNanos();
            down = sinceStart.toNanos() % period >= up.toNanos();
        }
        return begun && !over && !down;
    }
}
