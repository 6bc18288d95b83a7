package org.portolan.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.portolan.config.SourceSettings;
import org.portolan.model.event.ControllerEvent.SourceNotified;
import org.portolan.model.event.Event;
import org.portolan.notify.NotifiedSources;

/** For hooks of other systems: has the controller look at a source now. */
final class NotifyCommand extends CliCommand {
    private final Syntax.Text name = syntax().parameter("SOURCE", true, "A source of the configuration.");

    NotifyCommand() {
        super("notify", "Have the running controller look at a source now, without waiting for its next poll.");
    }

    @Override
    int run(Context context) {
        SourceSettings source = followed(context, name.or(""));
        NotifiedSources.say(
                context.parts().store(),
                source.name(),
                new Event(Instant.now(), "", 0, new SourceNotified(source.name(), Actor.asks(context.environment()))));
        context.console().job("Notified the controller: source " + source.name());
        context.console().record("notified", Map.of("source", source.name()));
        return ExitStatus.DONE.code();
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
