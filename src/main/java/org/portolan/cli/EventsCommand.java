package org.portolan.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.portolan.model.event.Event;
import org.portolan.query.EventFilter;
import org.portolan.query.Happenings;

/** Shows what happened, and with {@code -f} what happens. */
final class EventsCommand extends CliCommand {
    private static final int SHOWN = 50;
    private static final Pattern ID = Pattern.compile("\\d{1,18}(-\\d{1,18})?");

    private final Syntax.Flag follow = syntax().flag("-f --follow", "Follow new events.");
    private final Syntax.Whole tail =
            syntax().whole("-n --tail", "COUNT", "How many past events to show; default: 50.");

    private final Syntax.Text since = syntax().text("--since", "ID", "Show all events after the one with this id.");

    private final Syntax.Flag audit =
            syntax().flag("--audit", "Show only the audit log: who added tokens and keys, and asked for changes.");

    EventsCommand() {
        super("events", "Show events of releases, instances and proxies.");
    }

    @Override
    int run(Context context) {
        if (since.given() && !ID.matcher(since.or("")).matches()) {
            throw FailureView.usage("'" + since.or("") + "' is not an event id", "`events --json` shows them as id.");
        }
        EventFilter wanted = new EventFilter(
                context.options().deployment(), context.console().json(), audit.given());
        Optional<Happenings> events = context.queries().events(follow.given(), wanted);
        if (events.isPresent()) {
            try (Happenings open = events.get()) {
                show(context, open);
            }
        } else {
            context.console().empty("No events yet.");
        }
        return ExitStatus.DONE.code();
    }

    private void show(Context context, Happenings happenings) {
        int most = tail.or(since.given() ? Integer.MAX_VALUE : SHOWN);
        List<Event> past = happenings.past(since.or(""), most);
        past.forEach(event -> print(context, event));
        if (past.isEmpty() && most > 0 && !since.given()) {
            context.console().empty("No events yet.");
        }
        happenings.follow(event -> print(context, event), context.console()::broken);
    }

    private static void print(Context context, Event event) {
        context.console()
                .line(Show.time(event.at()) + "  " + event.deployment()
                        + (event.release() == 0 ? "" : " release " + event.release()) + "  " + Show.event(event));
        context.console().record("event", JsonLines.event(event));
    }
}
