package org.portolan.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.event.Event;
import org.portolan.model.state.Release;
import org.portolan.query.ReleaseSummary;
import org.portolan.query.Releases;
import org.portolan.query.json.StatusJson;
import org.portolan.sync.HereFile;

/** Shows the releases of a deployment, or one of them with all that happened. */
final class HistoryCommand extends CliCommand {
    private static final int MOST = 50;

    private final Syntax.Text number =
            syntax().parameter("RELEASE", false, "The number of a release, to show its versions and events.");
    private final Syntax.Whole limit = syntax().whole("-n --limit", "COUNT", "How many releases to show; default: 50.");

    HistoryCommand() {
        super("history", "Show the releases of a deployment, or one in full.");
    }

    @Override
    int run(Context context) {
        Optional<Releases> history = context.queries().releases();
        List<String> names = history.map(
                        kept -> kept.deployments(context.options().deployment()))
                .orElse(List.of());
        if (history.isEmpty() || names.isEmpty()) {
            context.console().empty(DeploymentChoice.NONE_YET);
        } else if (number.given()) {
            one(
                    context,
                    history.get(),
                    HereFile.deployment(context.parts(), names).map(List::of).orElse(names));
        } else {
            for (String name : names) {
                all(context, history.get(), name);
            }
        }
        return ExitStatus.DONE.code();
    }

    private void all(Context context, Releases history, String deployment) {
        context.console().line(deployment);
        List<ReleaseSummary> releases = history.releases(deployment, limit.or(MOST));
        if (releases.isEmpty()) {
            context.console().line("    no releases yet");
        }
        for (ReleaseSummary release : releases) {
            context.console().line("    " + summary(release));
            context.console().record("release", StatusJson.release(release));
        }
    }

    private void one(Context context, Releases history, List<String> names) {
        if (names.size() != 1) {
            throw FailureView.usage("no deployment given", "Use -D with one of: " + String.join(", ", names) + ".");
        }
        int wanted;
        try {
            wanted = Integer.parseInt(number.or(""));
        } catch (NumberFormatException notANumber) {
            throw FailureView.usage("'" + number.or("") + "' is not a release number", "Example: portolan history 3");
        }
        ReleaseSummary view = history.release(names.getFirst(), wanted);
        Release release = view.release();
        Console console = context.console();
        console.line(names.getFirst() + "  " + summary(view));
        console.line("    from " + release.origin().source());
        release.origin().author().ifPresent(author -> console.line("    author " + author));
        release.services()
                .forEach((service, placed) ->
                        console.line("    " + service + "  version " + placed.version() + "  scale " + placed.scale()));
        console.record("release", StatusJson.release(view));
        for (Event event : release.events()) {
            console.line("    " + Show.time(event.at()) + "  " + Show.event(event));
            console.record("event", JsonLines.event(event));
        }
    }

    private static String summary(ReleaseSummary view) {
        Release release = view.release();
        StringBuilder text = new StringBuilder();
        text.append(Show.wide(String.valueOf(release.number()), 4));
        text.append(Show.wide(view.outcome(), 12));
        text.append(Show.wide(Show.commit(release), 10));
        text.append(Show.time(release.started())).append("  ");
        text.append(Show.wide(view.duration(Instant.now()).map(Durations::rough).orElse("-"), 10))
                .append(release.who());
        release.origin().subject().ifPresent(subject -> text.append("  ").append(subject));
        if (!release.cause().isEmpty()) {
            text.append("  (").append(release.cause()).append(')');
        }
        return text.toString();
    }
}
