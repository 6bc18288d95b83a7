package org.portolan.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.portolan.controller.ControllerHandle;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
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
    private static final int REMEMBERED = 1_000;
    private static final int LONGEST_KEY = 200;

    private final ControllerHandle controller;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final IdempotencyKeys keys = new IdempotencyKeys(10_000);

    Changes(ControllerHandle controller) {
        this.controller = controller;
    }

    Optional<Operation> find(String id) {
        synchronized (operations) {
            return Optional.ofNullable(operations.get(id));
        }
    }

    /** How many are in progress. */
    long running() {
        synchronized (operations) {
            return operations.values().stream()
                    .filter(operation -> !operation.over())
                    .count();
        }
    }

    /**
     * Begins a change, or finds the one that was begun under the same key.
     *
     * @throws Failure when it is refused at once; nothing is changed then
     */
    Operation begin(ApiRequest asked, Request request) {
        Instant now = controller.installation().clock().instant();
        Optional<String> key = key(asked);
        Operation operation;
        boolean fresh;
        synchronized (operations) {
            Optional<Operation> before =
                    key.flatMap(known -> keys.find(known, now)).flatMap(used -> same(asked, used));
            fresh = before.isEmpty();
            operation = before.orElseGet(() -> register(asked, request, key, now));
        }
        if (fresh) {
            Operation begun = operation;
            Thread.ofPlatform().daemon().name("change " + begun.id()).start(() -> run(begun, request));
        }
        return verdict(operation);
    }

    private Operation register(ApiRequest asked, Request request, Optional<String> key, Instant now) {
        forget();
        if (running() >= RUNNING) {
            throw new Failure(Kind.UNAVAILABLE, "too many changes are in progress")
                    .withHint("try again when some have ended");
        }
        String what = asked.method() + " " + asked.path();
        // What cannot be kept in the audit log is not done.
        controller.record(
                request.deployment(),
                new ChangeRequested(what, asked.caller().name(), asked.caller().from()));
        Operation operation = new Operation(
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()),
                request.deployment(),
                what,
                asked.caller().name(),
                now);
        operations.put(operation.id(), operation);
        key.ifPresent(known -> keys.put(known, new IdempotencyKeys.Used(digest(asked), operation.id(), now)));
        return operation;
    }

    private static Operation verdict(Operation operation) {
        operation.await(VERDICT);
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

    private Optional<Operation> same(ApiRequest asked, IdempotencyKeys.Used used) {
        if (!used.digest().equals(digest(asked))) {
            throw new OtherRequest();
        }
        return find(used.operation());
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

    private void run(Operation operation, Request request) {
        Installation own = controller.installation().forRun();
        EventSink events = own.events();
        Installation run = own.with(own.store(), event -> {
            if (event.release() != 0 && event.deployment().equals(operation.deployment())) {
                operation.released(event.release());
            }
            events.accept(event);
        });
        try {
            Outcome outcome = new Operations(run).perform(request, DeployOptions.DEFAULT);
            operation.done(outcome, run.clock().instant());
        } catch (Failure failure) {
            operation.failed(failure, run.clock().instant());
        } catch (RuntimeException fault) {
            run.publish("", new Notice(EventLevel.ERROR, "change " + operation.id() + ": internal error: " + fault));
            operation.failed(
                    new Failure(Kind.INTERNAL, "internal error"), run.clock().instant());
        }
    }
}
