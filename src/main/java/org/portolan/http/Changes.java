package org.portolan.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.KeyedStore;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Frozen;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.Notice;
import org.portolan.model.state.AskedChange;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.store.Commit;
import org.portolan.store.Store;

/**
 * Carries out changes that were asked for, each in a separate thread, as the leader: once this process no longer leads they end
 * before their next action, and the next leader continues the release. What was asked for is recorded before it begins.
 */
final class Changes {
    /** For what can be said at once: that it is refused, needs consent, or is done. */
    private static final Duration VERDICT = Duration.ofSeconds(1);

    private static final int REMEMBERED = 1_000;

    /** Of so many that have ended what they told is kept for those who come back for it. */
    private static final int TOLD = 16;

    private final ControllerHandle controller;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final ChangePlaces places = new ChangePlaces();
    private final AskedBefore keys;
    private final Deque<Operation> ended = new ArrayDeque<>();
    private volatile boolean ending;

    Changes(ControllerHandle controller) {
        this.controller = controller;
        this.keys = new AskedBefore(controller, now());
    }

    Optional<Operation> find(String id) {
        synchronized (operations) {
            return Optional.ofNullable(operations.get(id))
                    .or(() -> keys.ended(id).flatMap(this::found));
        }
    }

    /** How many are in progress. */
    int running() {
        synchronized (operations) {
            return Math.toIntExact(operations.values().stream()
                    .filter(operation -> !operation.over())
                    .count());
        }
    }

    /** Begins no more; what is in progress stops where the next run can continue it. */
    void end() {
        ending = true;
    }

    /**
     * Keeps in the audit log what was asked for beside an operation.
     *
     * @throws Failure when it cannot be kept: what cannot be audited is not done
     */
    void record(ApiRequest asked, String deployment) {
        controller.record(
                deployment,
                new ChangeRequested(
                        what(asked), asked.caller().name(), asked.caller().from()));
    }

    private static String what(ApiRequest asked) {
        return asked.method() + " " + asked.path();
    }

    /** Does what was asked for, with parts that tell the operation what happens. */
    @FunctionalInterface
    interface Work {
        Outcome carryOut(Installation run, DeployOptions options, Operation operation);
    }

    /**
     * What is to be done.
     *
     * @param deployments that it is about
     * @param counted as what, of which there may be so many: {@code changes of shop}
     * @param order whether it is short, and must not wait for what is not: an order to a release in progress
     * @param bytes of files that it holds
     * @param nature what is known of it when its leader ends in the middle
     */
    record Job(
            List<String> deployments,
            List<String> counted,
            boolean order,
            long bytes,
            DeployOptions options,
            Work work,
            ChangeNature nature) {
        Job(
                List<String> deployments,
                List<String> counted,
                boolean order,
                long bytes,
                DeployOptions options,
                Work work) {
            this(deployments, counted, order, bytes, options, work, ChangeNature.RELEASE);
        }

        static Job of(Request request, DeployOptions options) {
            List<String> deployments = List.of(request.deployment());
            return new Job(
                    deployments,
                    changesOf(deployments),
                    request instanceof Request.Order,
                    0,
                    options,
                    (run, attended, operation) -> operation
                            .begun(request.deployment(), run, attended)
                            .orElseGet(() -> new Operations(run).perform(request, attended)),
                    nature(request));
        }

        private static ChangeNature nature(Request request) {
            return switch (request) {
                case Request.ByRelease release -> ChangeNature.RELEASE;
                case Request.Remove remove -> ChangeNature.RELEASE;
                case Request.Create create -> ChangeNature.AT_ONCE;
                case Request.Unpin unpin -> ChangeNature.AT_ONCE;
                case Request.Order order -> ChangeNature.AT_ONCE;
                case Request.SetSecret secret -> ChangeNature.AT_ONCE;
                case Request.RemoveVolumes volumes -> ChangeNature.UNTOLD;
                case Request.RestoreVolume volume -> ChangeNature.UNTOLD;
            };
        }

        static List<String> changesOf(List<String> deployments) {
            return deployments.stream().map(name -> "changes of " + name).toList();
        }
    }

    /**
     * Begins a change, or finds the one that was begun under the same key, here or by a leader before this one: what that began is
     * brought to its end.
     *
     * @param precondition of a change that is not begun yet; throws when it must not be
     * @throws Failure when it is refused at once; nothing is changed then
     */
    Operation begin(ApiRequest asked, Job job, Runnable precondition) {
        requireStays();
        Instant now = now();
        Optional<AskedBefore.Key> key = AskedBefore.Key.of(asked);
        if (key.isPresent()) {
            keys.read();
        }
        Optional<Operation> before;
        Operation operation;
        Optional<AskedChange> known;
        synchronized (operations) {
            known = key.flatMap(own -> keys.find(own, now).map(found -> same(asked, own, found)));
            before = known.flatMap(this::found);
            operation = before.isPresent() ? before.get() : register(asked, job, known, now);
        }
        if (before.isEmpty()) {
            Optional<KeyMarks> marks = admit(operation, asked, job, key, known, precondition);
            ApiCaller caller = asked.caller();
            try {
                Thread.ofPlatform()
                        .daemon()
                        .name("change " + operation.id())
                        .start(() -> run(operation, job, caller, marks));
            } catch (OutOfMemoryError noThread) {
                broken(operation, noThread);
                ended(operation);
            }
        }
        // Who follows it need not wait for a verdict.
        boolean follows = asked.header("Prefer")
                .filter(wish -> wish.contains("respond-async"))
                .isPresent();
        return follows ? operation : verdict(operation);
    }

    private Instant now() {
        return controller.installation().clock().instant();
    }

    private void requireStays() {
        if (ending) {
            throw ends();
        }
    }

    /** Nothing of it was done. */
    private static Failure ends() {
        return new Failure(Kind.FENCED, "this controller ends").withHint("ask the next one");
    }

    /** The operation that a key was used for: in progress here, or one that has ended. */
    private Optional<Operation> found(AskedChange known) {
        Operation live = operations.get(known.operation());
        if (live != null) {
            return Optional.of(live);
        }
        if (known.end().isEmpty() && known.begun() && known.releases().isEmpty()) {
            throw new Failure(
                            Kind.REFUSED,
                            "this was asked for with the same Idempotency-Key before, and its controller ended while it was"
                                    + " carried out: what became of it is not known")
                    .withHint("the deployment's releases and events tell it");
        }
        return known.end().map(end -> remembered(Operation.ended(known, end)));
    }

    private Operation remembered(Operation operation) {
        forget();
        operations.put(operation.id(), operation);
        return operation;
    }

    private Operation register(ApiRequest asked, Job job, Optional<AskedChange> known, Instant now) {
        if (known.isEmpty()) {
            keys.requireFirst(asked, now);
        }
        requireStays();
        places.require(job, running());
        Operation operation = new Operation(
                known.map(AskedChange::operation).orElseGet(() -> HexFormat.of()
                        .toHexDigits(ThreadLocalRandom.current().nextLong())),
                job.deployments(),
                what(asked),
                asked.caller().name(),
                known.map(AskedChange::at).orElse(now));
        known.ifPresent(left -> operation.continuing(left.releases()));
        places.take(remembered(operation), job);
        return operation;
    }

    /** Asks the store, so nothing is locked: others must not wait for it. What was asked for is known under its key before it begins. */
    private Optional<KeyMarks> admit(
            Operation operation,
            ApiRequest asked,
            Job job,
            Optional<AskedBefore.Key> key,
            Optional<AskedChange> known,
            Runnable precondition) {
        Optional<AskedChange> own =
                known.map(AskedChange::again).or(() -> key.map(used -> keys.first(used, operation, job.nature())));
        try {
            // One that has begun is only followed to its end.
            if (known.isEmpty()) {
                precondition.run();
            }
            controller.record(
                    operation.deployments(),
                    new ChangeRequested(
                            what(asked), asked.caller().name(), asked.caller().from()),
                    own.map(change -> keys.add(change, now())).orElse(Commit.Asked.UNCHANGED));
        } catch (RuntimeException refused) {
            synchronized (operations) {
                operations.remove(operation.id());
                places.free(operation);
            }
            own.ifPresent(keys::drop);
            keys.unknown();
            Failure why = refused instanceof Failure failure ? failure : new Failure(Kind.INTERNAL, "internal error");
            operation.failed(why, now());
            throw refused;
        }
        return own.map(change ->
                new KeyMarks(keys, job.nature(), controller.installation().clock(), change));
    }

    private static Operation verdict(Operation operation) {
        operation.await(VERDICT);
        operation.leave();
        operation.refusal().ifPresent(refused -> {
            throw refused;
        });
        return operation;
    }

    private AskedChange same(ApiRequest asked, AskedBefore.Key key, AskedChange known) {
        // Another token may have the name of one that was removed.
        boolean seen = known.deployments().stream().allMatch(asked.caller()::sees)
                && Optional.ofNullable(operations.get(known.operation()))
                        .filter(live -> !live.seenBy(asked.caller()))
                        .isEmpty();
        if (!seen || !known.digest().equals(key.digest())) {
            throw new OtherRequest();
        }
        return known;
    }

    /** The key was used for something else. */
    static final class OtherRequest extends RuntimeException {
        private static final long serialVersionUID = 1;

        OtherRequest() {
            super("another request was made with this Idempotency-Key", null, false, false);
        }
    }

    /** The oldest that have ended. */
    private void forget() {
        Iterator<Operation> oldest = operations.values().iterator();
        while (operations.size() >= REMEMBERED && oldest.hasNext()) {
            if (oldest.next().over()) {
                oldest.remove();
            }
        }
    }

    private void run(Operation operation, Job job, ApiCaller caller, Optional<KeyMarks> marks) {
        try {
            carryOut(operation, job, caller, marks);
        } catch (RuntimeException | Error fault) {
            broken(operation, fault);
        } finally {
            ended(operation);
        }
    }

    /** First of all it has ended: whatever else can fail now. */
    private void broken(Operation operation, Throwable fault) {
        if (!operation.over()) {
            operation.failed(new Failure(Kind.INTERNAL, "internal error"), Instant.now());
        }
        controller
                .installation()
                .publish("", new Notice(EventLevel.ERROR, "change " + operation.id() + ": internal error: " + fault));
    }

    private void carryOut(Operation operation, Job job, ApiCaller caller, Optional<KeyMarks> marks) {
        Installation own = controller.installation().forRun();
        EventSink events = own.events();
        Store store =
                marks.<Store>map(mine -> new KeyedStore(own.store(), mine)).orElse(own.store());
        Installation run = own.with(store, event -> {
            if (event.release() != 0 && operation.deployments().contains(event.deployment())) {
                operation.released(event.release());
            }
            if (caller.sees(event.deployment())) {
                operation.happened(event);
            }
            events.accept(event);
        });
        try {
            DeployOptions options = job.options().attended(() -> ending || operation.stopped());
            Outcome outcome = job.work().carryOut(run, options, operation);
            boolean handed = ending && !operation.stopped() && outcome.kind() == Outcome.Kind.INTERRUPTED;
            if (handed && marks.isPresent() && !begun(operation, marks)) {
                throw ends();
            }
            if (!handed) {
                // Before anybody learns of it: who knows how it ended can rely on that.
                marks.ifPresent(
                        mine -> keys.keep(mine.ended(outcome, run.clock().instant())));
            }
            operation.done(outcome, run.clock().instant());
        } catch (Failure failure) {
            failed(operation, caller, marks, run, failure);
        }
    }

    private static boolean begun(Operation operation, Optional<KeyMarks> marks) {
        return operation.released() != 0 || marks.filter(KeyMarks::begun).isPresent();
    }

    private void failed(
            Operation operation, ApiCaller caller, Optional<KeyMarks> marks, Installation run, Failure thrown) {
        boolean begun = begun(operation, marks);
        // It waited for its turn, or for what it looks at: the next leader does it, or ends what was begun for it by
        // one before.
        boolean handed = marks.isPresent() && thrown.kind().passes() && ending && !operation.stopped();
        Failure failure = handed ? ends() : thrown;
        marks.ifPresent(mine -> {
            AskedChange ended = mine.ended(
                    caller.shown(failure), operation.released(), run.clock().instant(), run.secrets()::mask);
            if (!begun) {
                boolean passes = failure.kind().passes() || failure.kind() == Kind.FENCED || failure instanceof Frozen;
                // Asked again later it can be done: the key must not bring this answer back.
                keys.refused(ended, !passes);
            } else if (!handed && !failure.kind().leavesUnfinished()) {
                keys.keep(ended);
            }
        });
        operation.failed(caller.shown(failure), run.clock().instant());
        if (operation.unseen()) {
            run.publish(
                    operation.deployment(),
                    new Notice(
                            EventLevel.ERROR,
                            operation.what() + ": "
                                    + failure.seenBy(name -> false).what()));
        }
    }

    private void ended(Operation operation) {
        synchronized (operations) {
            places.free(operation);
            ended.add(operation);
            while (ended.size() > TOLD) {
                ended.remove().lines().forget();
            }
        }
    }
}
