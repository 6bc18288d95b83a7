package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.event.ControllerEvent.ControllerLeads;
import org.portolan.model.event.DeploymentEvent.DeployHeld;
import org.portolan.model.event.EventData;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.Notice;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Subject;
import org.portolan.plan.Departed;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.RunObserver;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkQueue;
import org.portolan.reconcile.WorkResult;
import org.portolan.release.Installation;
import org.portolan.release.Tasks;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/**
 * The time in which one controller leads: its queue, its watches and its runs. What it runs ends before the next action once the
 * leadership is lost ({@link LeaderStore}).
 */
final class Term implements ControllerHandle {
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    /** So many looks use what is known of containers that no list tells, but for what events say has changed. */
    private static final int CLOSER_LOOK = 10;

    private static final Duration ROUND = Duration.ofMillis(200);

    private final Controller.Setup setup;
    private final Tasks tasks;
    private final SharedEngine engine;
    private final Installation installation;
    private final WorkQueue queue;
    private final KeptStandings standings;
    private final SourceMemory sources;
    private final InstanceHealth health;
    private final DeploymentRun deploymentRun;
    private final SourceRun sourceRun;
    private final FullLook fullLook;
    private final SourcePolls polls;
    private final List<EventSink> listeners = new CopyOnWriteArrayList<>();
    private final InstructionWatch instructions;
    private final ListeningDoors doors;
    private final Lease leader;
    private Instant nextLook = Instant.MIN;
    private int looks;
    private boolean looking;
    private boolean lookSoon;
    private volatile boolean ending;
    private final EngineWatch watch;
    private @Nullable AutoCloseable proxies;

    Term(Controller.Setup setup, Lease leader, Tasks tasks) {
        this.setup = setup;
        this.tasks = tasks;
        this.leader = leader;
        EventSink all = setup.installation().events();
        // That a deployment is pinned is a condition; each look would tell it again.
        EventSink sink = event -> {
            if (!(event.data() instanceof DeployHeld)) {
                all.accept(event);
                listeners.forEach(listener -> listener.accept(event));
            }
        };
        LeaderStore store = new LeaderStore(setup.installation().store(), leader);
        engine = new SharedEngine(setup.installation().engine(), store::requireLeads);
        installation = setup.installation()
                .with(store, sink)
                .with(engine, new LeaderProxy(setup.installation().proxy(), store::requireLeads));
        doors = new ListeningDoors(setup.doors(), installation, tasks);
        queue = new WorkQueue(setup.pace());
        standings = new KeptStandings(installation, leader);
        sources = new SourceMemory(setup.sources().get(), this::applied);
        polls = new SourcePolls(this::jitter);
        health = new InstanceHealth(installation, setup.health(), standings.all());
        watch = new EngineWatch(installation, engine, health, tasks, this::mark, this::lookSoon);
        deploymentRun =
                new DeploymentRun(installation, sources, standings, health, setup.who(), setup.report(), () -> ending);
        sourceRun =
                new SourceRun(installation, setup.reader(), sources, standings, setup.who(), this::mark, () -> ending);
        instructions = new InstructionWatch(installation, this::mark);
        fullLook = new FullLook(
                installation,
                sources,
                standings,
                name -> mark(WorkKey.deployment(name), Cause.of(Reason.LOOK)),
                watch::seen);
    }

    /** Begins to act: watches the engine, has every source looked at, looks at everything. It answers by the time that it says that it leads. */
    void begin() {
        standings.retain(Subject.SOURCE, sources::mayFollow);
        watch.open();
        proxies = installation.proxy().watch(this::lookSoon);
        instructions.open();
        Instant now = now();
        for (Followed source : sources.all()) {
            mark(WorkKey.source(source.name()), Cause.of(Reason.START));
            polls.after(source, now);
        }
        nextLook = now;
        doors.begin();
        doors.open(this);
        standings.tell(new ControllerLeads(setup.who()));
    }

    private Duration jitter(Duration poll) {
        return setup.pace().backoff().spread(poll, setup.random().nextDouble());
    }

    private Instant now() {
        return installation.clock().instant();
    }

    @Override
    public void mark(WorkKey key, Cause cause) {
        synchronized (queue) {
            queue.mark(key, cause, now());
        }
        tasks.wake();
    }

    @Override
    public List<Standing> standings() {
        return standings.all();
    }

    @Override
    public void stands(Standing.Condition condition, String what) {
        standings.api(condition, what);
    }

    @Override
    public void follow(Followed source) {
        if (sources.follow(source)) {
            polls.after(source, now());
        }
    }

    @Override
    public List<Followed> followed(String source) {
        return sources.all().stream().filter(each -> each.isOf(source)).toList();
    }

    @Override
    public List<Desired> declared(String followed) {
        return sources.latest(followed);
    }

    /** Takes the configuration over that is in force now, and says how it stands. */
    void reconfigured(ConfigurationState state) {
        new Reconfiguration(sources, polls, standings, this::mark).take(state, setup.sources(), now());
        if (state.changed()) {
            doors.reconfigured(this);
        }
    }

    @Override
    public WorkQueue.Progress progress(WorkKey key) {
        synchronized (queue) {
            return queue.progress(key);
        }
    }

    @Override
    public WorkQueue.Load load() {
        synchronized (queue) {
            return queue.load(now());
        }
    }

    @Override
    public void observe(RunObserver observer) {
        synchronized (queue) {
            queue.observe(observer);
        }
    }

    @Override
    public Duration leaseLeft() {
        return leader.left();
    }

    @Override
    public Listening listen(EventSink receiver) {
        // Of its own, so that the same receiver can listen twice.
        EventSink listener = event -> receiver.accept(event);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void record(String deployment, EventData what) {
        record(List.of(deployment), what, Commit.Asked.UNCHANGED);
    }

    @Override
    public void record(List<String> deployments, EventData what, Commit.Asked asked) {
        standings.keep(deployments, what, asked);
    }

    @Override
    public void keep(Commit.Asked asked) {
        standings.keep(asked);
    }

    @Override
    public Installation installation() {
        return installation;
    }

    /** Something may have happened that nobody told of. */
    private void lookSoon() {
        synchronized (queue) {
            lookSoon = true;
        }
        tasks.wake();
    }

    /** The last deployment of a source may have come to what it says: what it no longer names can go then. */
    private void applied(Followed source) {
        sources.declared(source.name())
                .filter(Declared::complete)
                .filter(now -> !Departed.of(installation.store().deployments(), now.id(), now.deployments())
                        .names()
                        .isEmpty())
                .ifPresent(now -> mark(WorkKey.source(source.name()), Cause.of(Reason.LOOK)));
    }

    /** Begins what is due, and says how long nothing more will be. */
    Duration step() {
        Instant now = now();
        doors.open(this);
        standings.thawed().forEach(key -> mark(key, Cause.of(Reason.RETRY)));
        polls.due(sources.all(), now).forEach(source -> mark(WorkKey.source(source.name()), Cause.of(Reason.POLL)));
        lookAround(now);
        watch.step(now);
        health.due(now).forEach(name -> mark(WorkKey.deployment(name), Cause.of(Reason.LOOK)));
        while (true) {
            Optional<WorkQueue.Work> work;
            synchronized (queue) {
                work = queue.next(now());
            }
            if (work.isEmpty()) {
                break;
            }
            WorkKey key = work.get().key();
            tasks.submit(() -> run(key));
        }
        return left();
    }

    private void lookAround(Instant now) {
        synchronized (queue) {
            if (looking || (!lookSoon && now.isBefore(nextLook))) {
                return;
            }
            looking = true;
            lookSoon = false;
            nextLook = now.plus(LOOK_EVERY);
        }
        tasks.submit(() -> {
            try {
                instructions.look();
                if (++looks % CLOSER_LOOK == 0) {
                    engine.refresh();
                }
                fullLook.look();
            } catch (Failure trouble) {
                say(trouble.what());
            } finally {
                synchronized (queue) {
                    looking = false;
                }
            }
        });
    }

    private void run(WorkKey key) {
        WorkResult result = WorkResult.FAILED;
        try {
            result = key.subject() == Subject.SOURCE ? sourceRun.run(key) : deploymentRun.run(key);
        } catch (RuntimeException fault) {
            // A fault of Portolan in one run does not end the others.
            standings.condition(key, Standing.Condition.FAILING, "internal error: " + fault);
        } finally {
            Optional<Instant> next;
            synchronized (queue) {
                queue.ended(key, result, now(), setup.random().nextDouble());
                next = queue.progress(key).next();
            }
            if (result instanceof WorkResult.Failed) {
                standings.next(key, next.orElse(null));
            }
        }
    }

    /** The clock was set back to this time: what waits for a later one would wait for as long as it was set back by. */
    void clockSetBack(Instant now) {
        synchronized (queue) {
            queue.clockSetBack(now);
            nextLook = now;
        }
        polls.clockSetBack(now);
        health.clockSetBack(now);
        watch.clockSetBack(now);
        doors.clockSetBack(now);
    }

    private Duration left() {
        Instant wake;
        synchronized (queue) {
            // A look that takes longer than the time between two: its end is what comes next.
            wake = looking ? now().plus(LOOK_EVERY) : nextLook;
            if (lookSoon && !looking) {
                return Duration.ofMillis(1);
            }
            Instant work = queue.wakeAt().orElse(wake);
            wake = work.isBefore(wake) ? work : wake;
        }
        Instant check = health.wakeAt().orElse(wake);
        wake = check.isBefore(wake) ? check : wake;
        Instant network = watch.wakeAt().orElse(wake);
        wake = network.isBefore(wake) ? network : wake;
        Instant poll = polls.wakeAt().orElse(wake);
        wake = poll.isBefore(wake) ? poll : wake;
        Instant door = doors.next().orElse(wake);
        wake = door.isBefore(wake) ? door : wake;
        Duration left = Duration.between(now(), wake);
        return left.isPositive() ? left : Duration.ofMillis(1);
    }

    private void say(String trouble) {
        installation.publish("", new Notice(EventLevel.WARNING, trouble));
    }

    /** Begins nothing more, closes the doors, and waits for what is in progress at most so long. */
    void end(Duration patience) {
        ending = true;
        synchronized (queue) {
            queue.clear();
        }
        doors.close();
        instructions.close();
        watch.close();
        AutoCloseable open = proxies;
        if (open != null) {
            try {
                open.close();
            } catch (Exception closed) {
                // It ends with the process.
            }
        }
        Instant deadline = now().plus(patience);
        while (running() > 0 && now().isBefore(deadline)) {
            tasks.await(ROUND);
        }
    }

    private int running() {
        int asked = doors.running();
        synchronized (queue) {
            return asked + queue.running();
        }
    }
}
