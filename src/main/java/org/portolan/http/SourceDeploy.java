package org.portolan.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.portolan.doctor.Examined;
import org.portolan.doctor.Finding;
import org.portolan.doctor.FirstDeploy;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.NeedsConsent;
import org.portolan.model.json.RemedyJson;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.sync.ExpectedPlans;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.Sync;

/** The deploy of a source as an operation: whoever follows it learns what becomes of each deployment, and is asked what needs consent. */
final class SourceDeploy implements Sync.Watcher {
    /** For a person to decide. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** For a connection that broke to come back. */
    private static final Duration ALONE = Duration.ofSeconds(20);

    private static final long ROUND_MILLIS = 100;

    private final Operation operation;
    private final ApiCaller caller;
    private final Installation run;
    private final DeployOptions options;
    private final boolean asks;
    private final Optional<Examined> examined;
    private int failures;
    private int release;

    /**
     * Of an operation that has begun.
     *
     * @param caller who asked for it: what does not exist for them stays, and is not named
     * @param asks whether somebody can be asked what needs consent
     * @param examined what is looked at when the first instance of a deployment serves
     */
    SourceDeploy(
            Operation operation,
            ApiCaller caller,
            Installation run,
            DeployOptions options,
            boolean asks,
            Optional<Examined> examined) {
        this.operation = operation;
        this.caller = caller;
        this.run = run;
        this.options = options;
        this.asks = asks;
        this.examined = examined;
    }

    Outcome carryOut(
            LoadedSource source, Optional<ExpectedPlans> expected, Request.Apply.Terms terms, Mandate mandate) {
        Predicate<String> kept = name -> !caller.sees(name);
        Sync.Result result;
        if (examined.isPresent()) {
            try (FirstDeploy first = new FirstDeploy(examined.get(), run.events(), this::found)) {
                Installation watched = run.with(run.store(), first);
                result = sync(watched, kept).deploy(source, expected, terms, mandate, options, this);
            }
        } else {
            result = sync(run, kept).deploy(source, expected, terms, mandate, options, this);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("changes", result.changes());
        fields.put("failed", result.failed());
        fields.put("interrupted", result.interrupted());
        operation.lines().add(Map.of("result", fields));
        if (result.failed()) {
            throw new Failure(Kind.FAILED, "deployments that failed: " + failures)
                    .withHint("the operation's events tell which and why");
        }
        Outcome.Kind kind = result.interrupted()
                ? Outcome.Kind.INTERRUPTED
                : result.changes() == 0 ? Outcome.Kind.NO_CHANGES : Outcome.Kind.DONE;
        return new Outcome(kind, operation.deployment(), release);
    }

    private Sync sync(Installation parts, Predicate<String> kept) {
        return new Sync(parts, kept, name -> operation.begun(name, parts, options));
    }

    private void found(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("what", finding.what());
        fields.put("text", finding.text());
        fields.put("advice", finding.advice().map(RemedyJson::tree));
        operation.lines().add(Map.of("found", fields));
    }

    @Override
    public void done(Outcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", outcome.deployment());
        fields.put("kind", outcome.kind().name().toLowerCase(Locale.ROOT));
        fields.put("release", outcome.release());
        operation.lines().add(Map.of("outcome", fields));
        release = operation.deployments().size() == 1 ? outcome.release() : 0;
    }

    @Override
    public void failed(Failure failure) {
        failures++;
        operation
                .lines()
                .add(Map.of("failed", ProblemJson.fields(caller.shown(failure), operation.id(), run.secrets()::mask)));
    }

    @Override
    public boolean agrees(NeedsConsent needs) {
        if (!asks) {
            return false;
        }
        Question question = operation.ask();
        operation
                .lines()
                .add(Map.of(
                        "asks",
                        Map.of(
                                "question",
                                question.number(),
                                "problem",
                                ProblemJson.fields(needs, operation.id(), run.secrets()::mask))));
        return question.answered(operation, options, PATIENCE, ALONE);
    }

    @Override
    public void moved(String text) {
        operation.lines().add(Map.of("moved", text));
    }

    /** Something that somebody who follows an operation decides. */
    static final class Question {
        private final int number;
        private final CountDownLatch decided = new CountDownLatch(1);
        private volatile boolean agreed;

        Question(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        void answer(boolean yes) {
            agreed = yes;
            decided.countDown();
        }

        /**
         * Waits for the answer; nothing is locked meanwhile. Nobody agrees who is gone, or takes too long.
         *
         * @param patience how long it may take
         * @param alone how long nobody may follow the operation
         */
        boolean answered(Operation operation, DeployOptions options, Duration patience, Duration alone) {
            long end = System.nanoTime() + patience.toNanos();
            long seen = System.nanoTime();
            try {
                while (!options.interrupted().getAsBoolean() && System.nanoTime() < end) {
                    if (decided.await(ROUND_MILLIS, TimeUnit.MILLISECONDS)) {
                        return agreed;
                    }
                    if (operation.followed()) {
                        seen = System.nanoTime();
                    } else if (System.nanoTime() - seen > alone.toNanos()) {
                        return false;
                    }
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
    }
}
