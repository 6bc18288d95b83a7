package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.event.ControllerEvent.ControllerStandsBy;
import org.portolan.model.event.ControllerEvent.ControllerStops;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.reconcile.HealthPolicy;
import org.portolan.reconcile.Pace;
import org.portolan.release.Installation;
import org.portolan.release.Tasks;
import org.portolan.store.Lease;

/**
 * One process of the controller: waits until it leads, and acts as long as it does. All that it knows while it leads goes with the
 * {@link Term}; a leadership that comes back begins with a look at everything.
 */
public final class Controller {
    /** How often a standby asks for the leadership. */
    private static final Duration STANDBY_LOOK = Duration.ofMillis(1500);

    /** How often a leader looks whether it still is one: what acts looks by itself. */
    private static final Duration LEADER_LOOK = Duration.ofSeconds(1);

    /** How often the configuration's file is looked at. */
    private static final Duration CONFIGURATION_LOOK = Duration.ofSeconds(2);

    /** By so much a clock may go back that is only corrected. */
    private static final Duration CORRECTED = Duration.ofSeconds(1);

    private final Setup setup;
    private final Leadership leadership;
    private final Tasks tasks;
    private @Nullable Term term;
    private Instant nextAsk = Instant.MIN;
    private Instant latest = Instant.MIN;
    private String told = "";
    private Instant nextConfiguration = Instant.MIN;
    private @Nullable ConfigurationState configuration;

    /** A change that could not be taken over, and is tried again at each look. */
    private @Nullable ConfigurationState untaken;

    private volatile boolean hurry;

    /**
     * What a controller is made of.
     *
     * @param installation the parts; what happens goes to its events
     * @param sources that are followed, as the configuration has them now
     * @param report whether drift of deployments that no source declares is reported only
     * @param who acts, for history and locks
     * @param random for jitter
     * @param health what is done about instances that run and are unhealthy
     * @param configuration what is taken over while it runs
     */
    public record Setup(
            Installation installation,
            Supplier<List<Followed>> sources,
            SourceReader reader,
            boolean report,
            String who,
            List<Door> doors,
            RandomGenerator random,
            Pace pace,
            HealthPolicy health,
            LiveConfiguration configuration) {
        /** With a configuration that stays as it is. */
        public Setup(
                Installation installation,
                List<Followed> sources,
                SourceReader reader,
                boolean report,
                String who,
                List<Door> doors,
                RandomGenerator random,
                Pace pace,
                HealthPolicy health) {
            this(
                    installation,
                    () -> sources,
                    reader,
                    report,
                    who,
                    doors,
                    random,
                    pace,
                    health,
                    LiveConfiguration.FIXED);
        }
    }

    public Controller(Setup setup) {
        this.setup = setup;
        this.leadership = new Leadership(setup.installation().store());
        this.tasks = setup.installation().tasks().get();
    }

    /**
     * Runs until it is stopped; then begins nothing more, lets what is in progress end, and gives the leadership up.
     *
     * @param stop becomes true when it shall
     * @param patience how long to wait for what is in progress: what is left then is continued by the next leader
     */
    public void run(BooleanSupplier stop, Duration patience) {
        while (!stop.getAsBoolean()) {
            tasks.await(step());
        }
        stop(patience);
    }

    /** Ends waiting, as before stopping. */
    public void wake() {
        tasks.wake();
    }

    /** Has the configuration read again, as after a signal. */
    public void reconfigure() {
        setup.configuration().hurry();
        hurry = true;
        tasks.wake();
    }

    /** Times that something waits for are of a clock that may be set: back by an hour, nothing would be done for that hour. */
    private void lookAtClock() {
        Instant now = setup.installation().clock().instant();
        if (!latest.equals(Instant.MIN) && now.isBefore(latest.minus(CORRECTED))) {
            say("the clock was set back by " + Durations.rough(Duration.between(now, latest)), EventLevel.WARNING);
            nextAsk = now;
            nextConfiguration = now;
            Term leading = term;
            if (leading != null) {
                leading.clockSetBack(now);
            }
        }
        latest = now;
    }

    /** A standby takes it over too, and leads with it. */
    private void lookAtConfiguration() {
        Instant now = setup.installation().clock().instant();
        if (!hurry && now.isBefore(nextConfiguration)) {
            return;
        }
        hurry = false;
        nextConfiguration = now.plus(CONFIGURATION_LOOK);
        Optional<ConfigurationState> found = setup.configuration().look();
        found.ifPresent(state -> {
            ConfigurationState before = configuration;
            configuration = state;
            String words = state.words();
            if (!words.isEmpty() && (before == null || !before.words().equals(words))) {
                say("configuration " + state.file() + ": " + words, EventLevel.WARNING);
            } else if (state.changed() || (before != null && !before.fault().isEmpty())) {
                say("configuration " + state.file() + " was read again", EventLevel.DETAIL);
            }
        });
        ConfigurationState waits = untaken;
        if (waits == null) {
            found.ifPresent(this::takeOver);
        } else {
            takeOver(found.orElse(waits).changing());
        }
    }

    private void takeOver(ConfigurationState state) {
        Term leading = term;
        if (leading == null) {
            // Who leads begins with what is in force.
            return;
        }
        try {
            leading.reconfigured(state);
            untaken = null;
        } catch (Failure trouble) {
            ConfigurationState failing = state.failing(KeptStandings.words(trouble));
            if (untaken == null) {
                say("configuration " + state.file() + ": " + failing.words(), EventLevel.WARNING);
            }
            untaken = state;
            leading.reconfigured(failing);
        }
    }

    private void say(String text, EventLevel level) {
        setup.installation().publish("", new Notice(level, text));
    }

    /** Does what is due, and says how long nothing more will be. */
    public Duration step() {
        lookAtClock();
        lookAtConfiguration();
        Term now = term;
        if (now != null && leadership.held().isEmpty()) {
            lose(now);
            now = null;
        }
        if (now == null) {
            now = seek();
        }
        if (now == null) {
            Duration left = Duration.between(setup.installation().clock().instant(), nextAsk);
            return left.isNegative() ? Duration.ofMillis(1) : left;
        }
        Duration left = now.step();
        return left.compareTo(LEADER_LOOK) < 0 ? left : LEADER_LOOK;
    }

    /** Whether it acts. */
    public boolean leads() {
        return term != null && leadership.held().isPresent();
    }

    private @Nullable Term seek() {
        Instant now = setup.installation().clock().instant();
        if (now.isBefore(nextAsk)) {
            return null;
        }
        nextAsk = now.plus(STANDBY_LOOK);
        try {
            setup.installation().store().claim(setup.installation().settings().installation());
            Optional<Lease> lease = leadership.seek();
            if (lease.isEmpty()) {
                Leadership.leader(setup.installation().store()).ifPresent(this::standsBy);
                return null;
            }
            told = "";
            Term begun = new Term(setup, lease.get(), tasks);
            term = begun;
            untaken = null;
            begun.begin();
            ConfigurationState known = configuration;
            if (known != null) {
                begun.reconfigured(new ConfigurationState(known.file(), false, known.later(), known.fault()));
            }
            return begun;
        } catch (Failure trouble) {
            say(trouble.what());
            Term failed = term;
            term = null;
            if (failed != null) {
                // It watches the engine by now.
                failed.end(Duration.ZERO);
            }
            leadership.resign();
            return null;
        }
    }

    private void standsBy(String holder) {
        if (!told.equals(holder)) {
            told = holder;
            setup.installation().publish("", new ControllerStandsBy(holder));
        }
    }

    private void say(String trouble) {
        if (!told.equals(trouble)) {
            told = trouble;
            setup.installation().publish("", new Notice(EventLevel.WARNING, "the controller cannot act: " + trouble));
        }
    }

    private void lose(Term lost) {
        term = null;
        // Said first: what listens may take its time to close.
        setup.installation().publish("", new ControllerStops("its lock in the store was lost"));
        lost.end(Duration.ZERO);
    }

    private void stop(Duration patience) {
        Term last = term;
        term = null;
        if (last != null) {
            last.end(patience);
            setup.installation().publish("", new ControllerStops("it was stopped"));
        }
        leadership.resign();
    }
}
