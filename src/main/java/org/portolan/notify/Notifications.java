package org.portolan.notify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.config.NotificationSettings;
import org.portolan.config.SourceSettings;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.Door;
import org.portolan.outgoing.Outgoing;
import org.portolan.release.Installation;

/** Sends notifications and commit statuses while this process leads: each target on a thread, so that a slow one delays no other. */
public final class Notifications implements Door {
    private static final Duration RESTART = Duration.ofSeconds(5);

    private final Supplier<List<NotificationSettings>> targets;
    private final Supplier<List<SourceSettings>> sources;
    private final Map<String, String> environment;
    private final Supplier<Outgoing> opener;
    private @Nullable Outgoing outgoing;
    private List<Worker> workers = List.of();
    private List<Object> working = List.of();

    /**
     * Tells nobody yet.
     *
     * @param targets of the configuration as it is in force, as the sources
     * @param opener opens the way to other systems, when there is anything to tell them
     */
    public Notifications(
            Supplier<List<NotificationSettings>> targets,
            Supplier<List<SourceSettings>> sources,
            Map<String, String> environment,
            Supplier<Outgoing> opener) {
        this.targets = targets;
        this.sources = sources;
        this.environment = environment;
        this.opener = opener;
    }

    /** Those that the configuration names. */
    static List<EventConsumer> consumers(
            List<NotificationSettings> targets,
            List<SourceSettings> sources,
            Map<String, String> environment,
            Installation installation,
            Outgoing outgoing) {
        List<EventConsumer> consumers = new ArrayList<>();
        for (NotificationSettings target : targets) {
            consumers.add(new NotificationTarget(target, environment, installation, outgoing, new Random()));
        }
        for (SourceSettings source : sources) {
            source.host()
                    .status()
                    .ifPresent(status -> consumers.add(new CommitStatuses(
                            source, status, sources, environment, installation, outgoing, new Random())));
        }
        return consumers;
    }

    @Override
    public synchronized void start(ControllerHandle controller) {
        start(controller, targets.get(), sources.get());
    }

    /** What changed goes to the others from where they had read. */
    @Override
    public synchronized void reconfigured(ControllerHandle controller) {
        // Stopped meanwhile: then it stays so.
        boolean listens = !working.isEmpty();
        if (listens && !working.equals(List.of(targets.get(), sources.get()))) {
            stop(RESTART);
            start(controller);
        }
    }

    private void start(ControllerHandle controller, List<NotificationSettings> targets, List<SourceSettings> sources) {
        working = List.of(targets, sources);
        boolean nothing = targets.isEmpty()
                && sources.stream().allMatch(source -> source.host().status().isEmpty());
        if (nothing || !workers.isEmpty()) {
            return;
        }
        Outgoing open = opener.get();
        outgoing = open;
        List<Worker> started = new ArrayList<>();
        for (EventConsumer each : consumers(targets, sources, environment, controller.installation(), open)) {
            started.add(new Worker(new Feed(controller.installation(), each), each.name()));
        }
        workers = started;
    }

    @Override
    public synchronized void stop(Duration deadline) {
        working = List.of();
        workers.forEach(Worker::stop);
        long end = System.nanoTime() + deadline.toNanos();
        for (Worker worker : workers) {
            worker.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        workers = List.of();
        Outgoing open = outgoing;
        outgoing = null;
        if (open != null) {
            open.close();
        }
    }

    /** It listens on nothing. */
    @Override
    public List<String> describe() {
        return List.of();
    }

    private static final class Worker {
        private final Feed feed;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final Thread thread;

        Worker(Feed feed, String name) {
            this.feed = feed;
            thread = Thread.ofPlatform().daemon().name(name).start(this::run);
        }

        private void run() {
            try {
                boolean end = false;
                while (!end) {
                    end = stopped.await(feed.step().toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException interrupted) {
                // It was to end anyway.
            } finally {
                feed.close();
            }
        }

        void stop() {
            stopped.countDown();
        }

        void join(Duration most) {
            try {
                if (!thread.join(most)) {
                    thread.interrupt();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
