package org.portolan.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.config.SourceSettings;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.ControllerEvent.SourceNotified;
import org.portolan.model.event.Event;
import org.portolan.notify.NotifiedSources;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;

/** For hooks of other systems: has the controller look at a source now. */
final class NotifyCommand extends CliCommand {
    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Syntax.Text name = syntax().parameter("SOURCE", true, "A source of the configuration.");
    private final Syntax.Flag wait =
            syntax().flag("--wait", "Wait until what that causes has been carried out, and show it.");
    private final Syntax.Text timeout =
            syntax().text("--timeout", "TIME", "With --wait: how long, such as 10m; default: 1h. Status 4 after that.");

    NotifyCommand() {
        super("notify", "Have the running controller look at a source now, without waiting for its next poll.");
    }

    @Override
    int run(Context context) {
        if (!wait.given() && timeout.given()) {
            throw FailureView.usage("--timeout is for --wait", "Give both, or none.");
        }
        Optional<Duration> most = wait.given() ? Optional.of(most()) : Optional.empty();
        if (context.parts().through()) {
            return through(context, most);
        }
        if (wait.given()) {
            throw new Failure(
                            Kind.NOT_RUNNING,
                            "no controller answers here: nobody can tell what becomes of source " + name.or(""))
                    .withHint("set PORTOLAN_URL to one that leads, or leave --wait out");
        }
        SourceSettings source = followed(context, name.or(""));
        NotifiedSources.say(
                context.parts().store(),
                source.name(),
                new Event(Instant.now(), "", 0, new SourceNotified(source.name(), Actor.asks(context.environment()))));
        context.console().job("Notified the controller: source " + source.name());
        context.console().record("notified", Map.of("source", source.name()));
        return ExitStatus.DONE.code();
    }

    /** The controller knows which sources it follows. */
    private int through(Context context, Optional<Duration> most) {
        Mandate mandate = Mandate.of(new Caller.Person(Actor.asks(context.environment())));
        Console console = context.console();
        boolean changed = context.parts().instructing(console).look(name.or(""), most, mandate);
        if (most.isEmpty()) {
            console.job("Notified the controller: source " + name.or(""));
        } else if (!changed) {
            console.note("No changes.");
        }
        console.record("notified", Map.of("source", name.or("")));
        return ExitStatus.DONE.code();
    }

    private Duration most() {
        if (!timeout.given()) {
            return USUAL;
        }
        return Durations.parse(timeout.or(""))
                .filter(time -> time.toSeconds() >= 1 && time.compareTo(LONGEST) <= 0)
                .orElseThrow(() -> FailureView.usage(
                        "invalid --timeout '" + timeout.or("") + "'", "Use a time from 1s to 24h, such as 10m."));
    }

    /** A source that the controller follows. */
    static SourceSettings followed(Context context, String name) {
        List<SourceSettings> all = context.parts().configuration().sources();
        List<String> names = all.stream()
                .filter(each -> each.watch().isPresent())
                .map(SourceSettings::name)
                .toList();
        if (!names.contains(name)) {
            boolean known = all.stream().anyMatch(each -> each.name().equals(name));
            throw FailureView.usage(
                    known ? "source " + name + " is not followed by the controller" : "unknown source " + name,
                    known
                            ? "Give it a ref, poll or sync in the configuration."
                            : names.isEmpty()
                                    ? "The configuration has no sources that are followed; see docs/controller.md."
                                    : "Followed sources: " + String.join(", ", names) + ".");
        }
        return all.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }
}
