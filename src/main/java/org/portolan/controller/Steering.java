package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.event.ControllerEvent.Instructed;
import org.portolan.model.event.Event;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Mandate;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.Installation;
import org.portolan.release.Tasks;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * What people tell the controller: to leave something alone or to look after it again, or that what waits for consent may be done. It changes no
 * deployment, and needs no controller that runs: the next one that leads keeps to it.
 */
public final class Steering implements Instructing {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Installation installation;

    public Steering(Installation installation) {
        this.installation = installation;
    }

    /**
     * Says that the controller leaves something alone from now on; what people ask for is done all the same. Of one that is
     * suspended already the reason is the new one.
     *
     * @throws Failure with {@link Kind#NOT_FOUND} when nobody knows of it
     */
    @Override
    public void suspend(WorkKey key, Mandate mandate) {
        Store store = installation.store();
        boolean known = standing(key).isPresent()
                || (key.subject() == Subject.DEPLOYMENT && store.deployments().containsKey(key.name()));
        if (!known) {
            throw unknown(key);
        }
        Instruction suspended = new Instruction(
                Instruction.Kind.SUSPENDED,
                key.subject(),
                key.name(),
                "",
                mandate.caller().name(),
                now(),
                mandate.reason(),
                "");
        write(key, "suspended", mandate, new Commit.Instructions(List.of(suspended), List.of()));
    }

    /** Whether the controller leaves something alone. */
    public boolean suspended(WorkKey key) {
        return of(installation.store(), Instruction.Kind.SUSPENDED, key).isPresent();
    }

    /**
     * Says that the controller looks after something again.
     *
     * @throws Failure with {@link Kind#NOT_RUNNING} when it does that already
     */
    @Override
    public void resume(WorkKey key, Mandate mandate) {
        Instruction suspended = of(installation.store(), Instruction.Kind.SUSPENDED, key)
                .orElseThrow(() -> new Failure(Kind.NOT_RUNNING, words(key) + " is not suspended")
                        .withRemedy(Remedy.of(Call.of(Verb.STATUS)).and(" shows what is")));
        write(key, "resumed", mandate, new Commit.Instructions(List.of(), List.of(suspended)));
    }

    /** Everything that waits for somebody who agrees. */
    public List<Standing> pending() {
        return installation.store().standings().stream()
                .filter(standing -> standing.condition() == Condition.PENDING_APPROVAL)
                .toList();
    }

    /**
     * Agrees to what a standing shows. It is done once, and only if that is still what is needed.
     *
     * @throws Failure with {@link Kind#STALE} when something else, or nothing, waits by now
     */
    @Override
    public void approve(Standing shown, Mandate mandate) {
        approve(new WorkKey(shown.subject(), shown.name()), shown.asks(), mandate);
    }

    /** The same of what was shown with an id. */
    public void approve(WorkKey key, String asks, Mandate mandate) {
        Standing shown = standing(key)
                .filter(now -> now.condition() == Condition.PENDING_APPROVAL
                        && now.asks().equals(asks))
                .orElseThrow(
                        () -> new Failure(Kind.STALE, words(key) + ": what waits for approval has changed meanwhile")
                                .withRemedy(Remedy.of("nothing was approved; ")
                                        .and(Call.of(Verb.STATUS))
                                        .and(" shows what waits now")));
        Instruction approved = new Instruction(
                Instruction.Kind.APPROVED,
                key.subject(),
                key.name(),
                "",
                mandate.caller().name(),
                now(),
                shown.what(),
                shown.asks());
        write(key, "approved", mandate, new Commit.Instructions(List.of(approved), List.of()));
    }

    /** Only the controller sees what comes of it. */
    @Override
    public boolean look(String source, Optional<Duration> most, Mandate mandate) {
        throw new Failure(
                        Kind.NOT_RUNNING,
                        "no controller answers here: nobody can tell what becomes of source " + source)
                .withHint("set PORTOLAN_URL to one that leads, or leave --wait out");
    }

    /** What holds of one kind for something. */
    static Optional<Instruction> of(Store store, Instruction.Kind kind, WorkKey key) {
        return store.instructions().stream()
                .filter(one -> one.kind() == kind && one.isOf(key.subject(), key.name()))
                .findFirst();
    }

    /** Who decided it, and why. */
    static String words(Instruction instruction) {
        return "by " + instruction.who() + (instruction.what().isEmpty() ? "" : ": " + instruction.what());
    }

    private Optional<Standing> standing(WorkKey key) {
        return installation.store().standings().stream()
                .filter(one -> one.subject() == key.subject() && one.name().equals(key.name()))
                .findFirst();
    }

    private Instant now() {
        return installation.clock().instant();
    }

    private static String words(WorkKey key) {
        return key.subject().word() + " " + key.name();
    }

    private static Failure unknown(WorkKey key) {
        Failure unknown = new Failure(Kind.NOT_FOUND, "there is no " + words(key));
        return key.subject() == Subject.SOURCE
                ? unknown.withHint("a source is known once a controller follows it; see `sources` in the configuration")
                : unknown.withRemedy(Remedy.of(Call.of(Verb.LIST)).and(" shows those that there are"));
    }

    private void write(WorkKey key, String decision, Mandate mandate, Commit.Instructions instructions) {
        Event event = installation.event(
                key.subject() == Subject.DEPLOYMENT ? key.name() : "",
                0,
                new Instructed(
                        key.subject().word(),
                        key.name(),
                        decision,
                        mandate.caller().name(),
                        mandate.reason()));
        try (Lease lease = take(mandate)) {
            installation.store().commit(lease, Commit.instructions(lease.name(), instructions, List.of(event)));
        }
        installation.publish(event);
    }

    /** Whoever holds it writes one line and is gone. */
    private Lease take(Mandate mandate) {
        Store store = installation.store();
        store.claim(installation.settings().installation());
        Tasks tasks = installation.tasks().get();
        Instant end = now().plus(PATIENCE);
        while (true) {
            Optional<Lease> lease = store.acquire(
                    Store.INSTRUCTIONS, "instruction by " + mandate.caller().name());
            if (lease.isPresent()) {
                return lease.get();
            }
            if (now().isAfter(end)) {
                throw new Failure(
                        Kind.LOCKED,
                        "another process gives the controller an instruction: "
                                + store.holder(Store.INSTRUCTIONS).orElse("it has just ended"));
            }
            tasks.await(LOOK_EVERY);
        }
    }
}
