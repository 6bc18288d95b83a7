package org.portolan.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.portolan.controller.PushFollower;
import org.portolan.controller.SourceLook;
import org.portolan.json.StrictJson;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

/** Looking at a source now, and what becomes of that. */
final class LookRoutes {
    private static final String WAIT = "wait";
    private static final String SECONDS = "seconds";
    private static final int USUAL_SECONDS = 3_600;
    private static final int MOST_SECONDS = 86_400;
    private static final int ACCEPTED = 202;

    private LookRoutes() {}

    static List<Route> all() {
        Map<String, Object> form = ApiSchema.object()
                .maybe(WAIT, ApiSchema.FLAG)
                .maybe(SECONDS, ApiSchema.between(1, MOST_SECONDS))
                .done();
        return List.of(Route.change(
                "POST",
                "/v1/sources/{source}/look",
                Route.DEPLOY,
                "Have the controller look at a source now; with `wait` the operation ends when what that causes has.",
                form,
                ACCEPTED,
                Operation.FORM,
                (api, asked) -> look(api, asked, form)));
    }

    private static Reply look(Api api, ApiRequest asked, Map<String, Object> form) {
        StrictJson body = asked.json();
        ChangeBody.check(body, form);
        String source = asked.name("source");
        boolean waits = body.find(WAIT).map(StrictJson::flag).orElse(false);
        int seconds = body.find(SECONDS).map(StrictJson::number).orElse(USUAL_SECONDS);
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw new Failure(Kind.INVALID, "invalid value of " + SECONDS + ": " + seconds)
                    .withHint("use a whole number from 1 to " + MOST_SECONDS);
        }
        SourceLook look = new SourceLook(api.controller(), source);
        String who = asked.caller().name();
        Changes.Work work = waits
                ? (run, options, operation) ->
                        followed(look, source, who, Duration.ofSeconds(seconds), options, operation)
                : (run, options, operation) -> {
                    look.begin(who);
                    return new Outcome(Outcome.Kind.DONE, source, 0);
                };
        return OperationRoutes.begin(
                api,
                asked,
                new Changes.Job(
                        List.of(""), List.of("looks at source " + source), false, 0, DeployOptions.DEFAULT, work));
    }

    /** The events go to whoever follows the operation only: they are in the log already. */
    private static Outcome followed(
            SourceLook look, String source, String who, Duration most, DeployOptions options, Operation operation) {
        AtomicBoolean changed = new AtomicBoolean();
        PushFollower.Ended ended = look.follow(
                who,
                event -> {
                    changed.compareAndSet(false, event.release() != 0);
                    operation.happened(event);
                },
                most,
                options.interrupted());
        if (!ended.over()) {
            String why = options.interrupted().getAsBoolean()
                    ? "nobody waits any more"
                    : "it is not carried out within " + Durations.format(most);
            throw new Failure(Kind.UNAVAILABLE, "source " + source + ": " + why)
                    .withRemedy(Remedy.of("it continues in the controller; ")
                            .and(Remedy.Call.of(Remedy.Verb.STATUS))
                            .and(" shows it"));
        }
        if (!ended.problems().isEmpty()) {
            throw new Failure(Kind.FAILED, ended.problems().getFirst())
                    .withDetails(ended.problems().subList(1, ended.problems().size()));
        }
        return new Outcome(changed.get() ? Outcome.Kind.DONE : Outcome.Kind.NO_CHANGES, source, 0);
    }
}
