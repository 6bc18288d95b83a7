package org.portolan.notify;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.config.SourceSettings;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.Door;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.event.ControllerEvent.SourceNotified;
import org.portolan.model.event.Event;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Sources that a process of this installation wants looked at: it stores an event, which the leader follows. */
public final class NotifiedSources implements Door {
    private static final int ATTEMPTS = 20;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Supplier<List<SourceSettings>> sources;
    private @Nullable AutoCloseable following;

    /** @param sources of the configuration as it is in force */
    public NotifiedSources(Supplier<List<SourceSettings>> sources) {
        this.sources = sources;
    }

    /**
     * Has a source looked at by the controller that leads.
     *
     * @param event what to store
     * @throws Failure when none leads
     */
    public static void say(Store store, String source, Event event) {
        if (store.holder(Store.LEADER).isEmpty()) {
            throw new Failure(
                            Kind.NOT_RUNNING,
                            "no controller leads this installation: source " + source + " stays as it is")
                    .withRemedy(
                            Remedy.of("start one, or deploy without one: ").and(Remedy.Call.of(Remedy.Verb.DEPLOY)));
        }
        String name = "notify/" + source;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var taken = store.acquire(name, "notify");
            if (taken.isPresent()) {
                try (Lease lease = taken.get()) {
                    store.commit(lease, Commit.events(name, List.of(event)));
                }
                return;
            }
            // Somebody says the same at this moment.
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                attempt = ATTEMPTS;
            }
        }
        throw new Failure(Kind.LOCKED, "the store did not let source " + source + " be announced")
                .withHint("try again");
    }

    @Override
    public synchronized void start(ControllerHandle controller) {
        if (following == null) {
            following = controller.installation().store().follow(event -> {
                if (event.data() instanceof SourceNotified notified) {
                    sources.get().stream()
                            .filter(source -> source.name().equals(notified.source()))
                            .flatMap(source -> source.followed().keySet().stream())
                            .forEach(name ->
                                    controller.mark(WorkKey.source(name), new Cause(Reason.WEBHOOK, notified.who())));
                }
            });
        }
    }

    @Override
    public synchronized void stop(Duration deadline) {
        AutoCloseable open = following;
        following = null;
        if (open != null) {
            try {
                open.close();
            } catch (Exception closed) {
                // It ends with the process.
            }
        }
    }

    /** It listens on nothing. */
    @Override
    public List<String> describe() {
        return List.of();
    }
}
