package org.portolan.http;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.state.AskedChange;
import org.portolan.operate.BegunRelease;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.query.json.JsonFields;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;

/** A change that somebody asked for, from then until it has ended and is forgotten. */
final class Operation {
    /** How it ended, if it did not end well. */
    static final String FAILED = "failed";

    static final Map<String, Object> FORM = ApiSchema.object()
            .with("id", ApiSchema.TEXT)
            .with("deployment", ApiSchema.TEXT)
            .maybe("deployments", ApiSchema.TEXTS)
            .with("what", ApiSchema.TEXT)
            .with("who", ApiSchema.TEXT)
            .with("state", ApiSchema.oneOf("running", "done", FAILED))
            .with("started", ApiSchema.TIME)
            .maybe("ended", ApiSchema.TIME)
            .maybe("release", ApiSchema.WHOLE)
            .maybe("outcome", ApiSchema.oneOf("no_changes", "done", "interrupted", "held"))
            .maybe("kept_volumes", ApiSchema.TEXTS)
            .maybe("problem", ProblemJson.SCHEMA)
            .done();

    private final String id;
    private final List<String> deployments;
    /** Also those that it tells of, such as one that a file no longer names. */
    private final Set<String> touched = ConcurrentHashMap.newKeySet();

    private final String what;
    private final String who;
    private final Instant started;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean left;
    private volatile int release;
    private volatile @Nullable Outcome outcome;
    private volatile @Nullable Failure failure;
    private volatile @Nullable Instant ended;
    private volatile boolean stopped;
    private SourceDeploy.@Nullable Question question;
    private final AtomicInteger followers = new AtomicInteger();
    private final OperationLines lines = new OperationLines();
    private final ArchiveHandover archive = new ArchiveHandover();
    private final Map<String, Integer> before = new ConcurrentHashMap<>();

    Operation(String id, List<String> deployments, String what, String who, Instant started) {
        this.id = id;
        this.deployments = List.copyOf(deployments);
        touched.addAll(deployments);
        this.what = what;
        this.who = who;
        this.started = started;
    }

    /** One that has ended, of a leader before this one, or that was forgotten since. */
    static Operation ended(AskedChange known, AskedChange.End end) {
        Operation operation =
                new Operation(known.operation(), known.deployments(), known.what(), known.who(), known.at());
        if (end.release() != 0) {
            operation.released(end.release());
        }
        if (end.word().equals(FAILED)) {
            operation.failed(new Failure(kind(end.kind()), end.why()), end.at());
        } else {
            operation.done(new Outcome(outcome(end.word()), operation.deployment(), end.release()), end.at());
        }
        return operation;
    }

    private static Failure.Kind kind(String name) {
        for (Failure.Kind kind : Failure.Kind.values()) {
            if (kind.name().equals(name)) {
                return kind;
            }
        }
        return Failure.Kind.FAILED;
    }

    private static Outcome.Kind outcome(String word) {
        for (Outcome.Kind kind : Outcome.Kind.values()) {
            if (word(kind).equals(word)) {
                return kind;
            }
        }
        return Outcome.Kind.DONE;
    }

    /** How something ended, as it is written. */
    static String word(Outcome.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Goes on with what a leader before this one began for it. */
    Operation continuing(Map<String, Integer> releases) {
        before.putAll(releases);
        return this;
    }

    /** How that ended which was begun of a deployment before this one led; empty: nothing was. */
    Optional<Outcome> begun(String deployment, Installation run, DeployOptions options) {
        Optional<Integer> left = Optional.ofNullable(before.get(deployment));
        left.ifPresent(this::released);
        return left.map(
                number -> new BegunRelease(run).end(deployment, number, Mandate.of(new Caller.Person(who)), options));
    }

    String id() {
        return id;
    }

    /** The one that it is about; "" for several or none. */
    String deployment() {
        return deployments.size() == 1 ? deployments.getFirst() : "";
    }

    /** All that it is about. */
    List<String> deployments() {
        return deployments;
    }

    /** Whether it is somebody's: all of its deployments are, and what else it touches. */
    boolean seenBy(ApiCaller caller) {
        return caller.isKnown()
                && touched.stream().allMatch(caller::sees)
                && (!deployments.isEmpty() || caller.seesAll() || caller.name().equals(who));
    }

    String what() {
        return what;
    }

    /** Who asked for it. */
    String who() {
        return who;
    }

    /** When it was asked for. */
    Instant started() {
        return started;
    }

    /** The release that has begun; 0 while none has. */
    int released() {
        return release;
    }

    /** What it tells whoever follows it. */
    OperationLines lines() {
        return lines;
    }

    /** Where the bytes of an archive are handed over, if it is about one. */
    ArchiveHandover archive() {
        return archive;
    }

    /** Something of it happened; what only the release's own log keeps is not told. */
    void happened(Event event) {
        if (event.level() != EventLevel.TRACE) {
            touched.add(event.deployment());
            lines.add(Map.of("event", JsonFields.event(event)));
        }
    }

    /** Asks something of whoever follows it; what was asked before is no longer to be decided. */
    synchronized SourceDeploy.Question ask() {
        SourceDeploy.Question next = new SourceDeploy.Question(question == null ? 1 : question.number() + 1);
        question = next;
        return next;
    }

    /** Decides what was asked last; whether that is of this number. */
    synchronized boolean answer(int number, boolean agreed) {
        SourceDeploy.Question asked = question;
        if (asked == null || asked.number() != number) {
            return false;
        }
        asked.answer(agreed);
        return true;
    }

    /** One more follows it, or one less. */
    void followers(int more) {
        followers.addAndGet(more);
    }

    /** Whether anybody follows it now. */
    boolean followed() {
        return followers.get() > 0;
    }

    /** Whoever asked for it wants it to stop after the step in progress. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    /** A release has begun. */
    void released(int number) {
        release = number;
        begun.countDown();
    }

    void done(Outcome how, Instant now) {
        outcome = how;
        end(now);
    }

    void failed(Failure why, Instant now) {
        failure = why;
        end(now);
    }

    private void end(Instant now) {
        ended = now;
        begun.countDown();
        over.countDown();
        lines.end();
    }

    boolean over() {
        return over.getCount() == 0;
    }

    /** Waits until a release has begun or all is over, at most so long. */
    void await(Duration time) {
        try {
            if (begun.await(time.toMillis(), TimeUnit.MILLISECONDS) && release == 0) {
                over.await(time.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever asked for it no longer waits. */
    void leave() {
        left = true;
    }

    /** Whether nobody waited when it ended without a release: no answer and no release's event tells why. */
    boolean unseen() {
        return left && refusal().isPresent();
    }

    /** Why nothing came of it, when no release was begun. */
    Optional<Failure> refusal() {
        return release == 0 ? Optional.ofNullable(failure) : Optional.empty();
    }

    Map<String, Object> fields(UnaryOperator<String> mask) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Outcome how = outcome;
        Failure why = failure;
        fields.put("id", id);
        fields.put("deployment", deployment());
        if (deployments.size() != 1) {
            fields.put("deployments", deployments);
        }
        fields.put("what", what);
        fields.put("who", who);
        fields.put("state", !over() ? "running" : why == null ? "done" : FAILED);
        fields.put("started", started);
        fields.put("ended", Optional.ofNullable(ended));
        int number = how != null && how.release() != 0 ? how.release() : release;
        fields.put("release", number == 0 ? Optional.empty() : Optional.of(number));
        if (how != null) {
            fields.put("outcome", word(how.kind()));
            if (!how.keptVolumes().isEmpty()) {
                fields.put("kept_volumes", how.keptVolumes());
            }
        }
        if (why != null) {
            fields.put("problem", ProblemJson.fields(why, id, mask));
        }
        return fields;
    }
}
