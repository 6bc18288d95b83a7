package org.portolan.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.portolan.controller.ControllerHandle;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Frozen;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.Notice;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;

/**
 * Carries out changes that were asked for, each in a separate thread, as the leader: once this process no longer leads they end
 * before their next action, and the next leader continues the release. What was asked for is recorded before it begins.
 */
final class Changes {
    /** For what can be said at once: that it is refused, needs consent, or is done. */
    private static final Duration VERDICT = Duration.ofSeconds(1);

    private static final int RUNNING = 64;

    /** Those of one deployment wait for each other: more of them would only keep others from theirs. */
    private static final int OF_ONE = 4;

    /** Orders to the release in progress are short, and are what ends a jam. */
    private static final int ORDERS_OF_ONE = 2 * OF_ONE;

    /** Bytes of files that changes in progress hold. */
    private static final long MOST_HELD = 32L << 20;

    private static final int REMEMBERED = 1_000;

    /** Of so many that have ended what they told is kept for those who come back for it. */
    private static final int TOLD = 16;

    private static final int LONGEST_KEY = 200;

    private final ControllerHandle controller;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<Operation, Job> jobs = new HashMap<>();
    private final IdempotencyKeys keys = new IdempotencyKeys(10_000);
    private final Deque<Operation> ended = new ArrayDeque<>();
    private final long began = System.nanoTime();
    private volatile boolean ending;

    Changes(ControllerHandle controller) {
        this.controller = controller;
    }

    Optional<Operation> find(String id) {
        synchronized (operations) {
            return Optional.ofNullable(operations.get(id));
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
     * Keeps in the audit log what was asked for.
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
     */
    record Job(
            List<String> deployments,
            List<String> counted,
            boolean order,
            long bytes,
            DeployOptions options,
            Work work) {
        static Job of(Request request, DeployOptions options) {
            List<String> deployments = List.of(request.deployment());
            return new Job(
                    deployments,
                    changesOf(deployments),
                    request instanceof Request.Order,
                    0,
                    options,
                    (run, attended, operation) -> new Operations(run).perform(request, attended));
        }

        static List<String> changesOf(List<String> deployments) {
            return deployments.stream().map(name -> "changes of " + name).toList();
        }
    }

    /**
     * Begins a change, or finds the one that was begun under the same key.
     *
     * @param precondition of a change that is not begun yet; throws when it must not be
     * @throws Failure when it is refused at once; nothing is changed then
     */
    Operation begin(ApiRequest asked, Job job, Runnable precondition) {
        Instant now = controller.installation().clock().instant();
        Optional<String> key = key(asked);
        Optional<Operation> before;
        Operation operation;
        synchronized (operations) {
            before = key.flatMap(known -> keys.find(known, now)).map(used -> same(asked, used));
            operation = before.orElseGet(() -> register(asked, job, key, now));
        }
        if (before.isEmpty()) {
            admit(operation, asked, key, precondition);
            ApiCaller caller = asked.caller();
            try {
                Thread.ofPlatform()
                        .daemon()
                        .name("change " + operation.id())
                        .start(() -> run(operation, job, caller, key));
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

    /**
     * One that was asked for before this controller led may have been begun by the one before, whose keys this one does not know.
     */
    private void requireFirst(ApiRequest asked) {
        Optional<String> age = asked.header("Idempotency-Age");
        if (age.isPresent()) {
            long millis;
            try {
                millis = Long.parseLong(age.get());
            } catch (NumberFormatException other) {
                throw new Failure(Kind.INVALID, "the Idempotency-Age is not a number of milliseconds");
            }
            if (millis > TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)) {
                throw new Failure(
                                Kind.FENCED,
                                "another controller leads since this was asked for: whether the one before began it is not known")
                        .withRemedy(Remedy.of(Call.of(Verb.STATUS)).and(" shows it; if it was not begun, ask again"));
            }
        }
    }

    private Operation register(ApiRequest asked, Job job, Optional<String> key, Instant now) {
        requireFirst(asked);
        forget();
        if (ending) {
            throw new Failure(Kind.UNAVAILABLE, "this controller ends").withHint("ask the next one");
        }
        if (running() >= (job.order() ? RUNNING + ORDERS_OF_ONE : RUNNING)) {
            throw new Failure(Kind.UNAVAILABLE, "too many changes are in progress")
                    .withHint("try again when some have ended");
        }
        for (String counted : job.counted()) {
            if (running(counted) >= (job.order() ? ORDERS_OF_ONE : OF_ONE)) {
                throw new Failure(Kind.UNAVAILABLE, "too many " + counted + " are in progress")
                        .withHint("try again when some have ended");
            }
        }
        long held = jobs.values().stream().mapToLong(Job::bytes).sum();
        if (job.bytes() > 0 && held + job.bytes() > MOST_HELD) {
            throw new Failure(Kind.UNAVAILABLE, "the files of other changes take the memory that there is for files")
                    .withHint("try again when some have ended");
        }
        Operation operation = new Operation(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()),
                job.deployments(),
                what(asked),
                asked.caller().name(),
                now);
        operations.put(operation.id(), operation);
        jobs.put(operation, job);
        key.ifPresent(known -> keys.put(known, new IdempotencyKeys.Used(digest(asked), operation.id(), now)));
        return operation;
    }

    private long running(String counted) {
        return jobs.entrySet().stream()
                .filter(entry ->
                        !entry.getKey().over() && entry.getValue().counted().contains(counted))
                .count();
    }

    /** Asks the store, so nothing is locked: others must not wait for it. */
    private void admit(Operation operation, ApiRequest asked, Optional<String> key, Runnable precondition) {
        try {
            precondition.run();
            for (String deployment : operation.deployments()) {
                record(asked, deployment);
            }
        } catch (RuntimeException refused) {
            synchronized (operations) {
                operations.remove(operation.id());
                jobs.remove(operation);
            }
            key.ifPresent(known -> keys.drop(known, operation.id()));
            Failure why = refused instanceof Failure failure ? failure : new Failure(Kind.INTERNAL, "internal error");
            operation.failed(why, controller.installation().clock().instant());
            throw refused;
        }
    }

    private static Operation verdict(Operation operation) {
        operation.await(VERDICT);
        operation.leave();
        operation.refusal().ifPresent(refused -> {
            throw refused;
        });
        return operation;
    }

    private static Optional<String> key(ApiRequest asked) {
        Optional<String> given = asked.header("Idempotency-Key");
        if (given.filter(key -> key.length() > LONGEST_KEY).isPresent()) {
            throw new Failure(Kind.INVALID, "the Idempotency-Key is longer than " + LONGEST_KEY + " characters");
        }
        return given.map(key -> asked.caller().name() + "\n" + key);
    }

    private Operation same(ApiRequest asked, IdempotencyKeys.Used used) {
        // Another token may have the name of one that was removed.
        boolean seen = find(used.operation())
                .filter(known -> !known.seenBy(asked.caller()))
                .isEmpty();
        if (!seen || !used.digest().equals(digest(asked))) {
            throw new OtherRequest();
        }
        return find(used.operation()).orElseThrow(() -> new Failure(
                        Kind.REFUSED,
                        "this was asked for with the same Idempotency-Key before, and what became of it is forgotten")
                .withHint("the deployment's releases and events tell it"));
    }

    /** The key was used for something else. */
    static final class OtherRequest extends RuntimeException {
        private static final long serialVersionUID = 1;

        OtherRequest() {
            super("another request was made with this Idempotency-Key", null, false, false);
        }
    }

    private static String digest(ApiRequest asked) {
        byte[] head =
                (asked.method() + " " + asked.path() + " " + asked.query() + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + asked.body().length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(asked.body(), 0, all, head.length, asked.body().length);
        return EntityTag.of(all);
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

    private void run(Operation operation, Job job, ApiCaller caller, Optional<String> key) {
        try {
            carryOut(operation, job, caller, key);
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

    private void carryOut(Operation operation, Job job, ApiCaller caller, Optional<String> key) {
        Installation own = controller.installation().forRun();
        EventSink events = own.events();
        Installation run = own.with(own.store(), event -> {
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
            operation.done(outcome, run.clock().instant());
        } catch (Failure failure) {
            if (operation.released() == 0 && (failure.kind().passes() || failure instanceof Frozen)) {
                // Asked again later it can be done: the key must not bring this answer back.
                key.ifPresent(known -> keys.drop(known, operation.id()));
            }
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
    }

    private void ended(Operation operation) {
        synchronized (operations) {
            jobs.remove(operation);
            ended.add(operation);
            while (ended.size() > TOLD) {
                ended.remove().lines().forget();
            }
        }
    }
}
