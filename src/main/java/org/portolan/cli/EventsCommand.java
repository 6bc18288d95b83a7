package org.portolan.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.portolan.model.event.Event;
import org.portolan.model.event.InstanceEvent.StepBegins;
import org.portolan.query.EventFeed;

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
        Predicate<Event> wanted = event -> wanted(context, event);
        Optional<EventFeed> feed =
                audit.given() ? auditFeed(context.parts(), wanted) : eventFeed(context.parts(), wanted);
        if (feed.isPresent()) {
            try (EventFeed open = feed.get()) {
                show(context, open);
            }
        } else {
            context.console().empty("No events yet.");
        }
        return ExitStatus.DONE.code();
    }

    private Optional<EventFeed> eventFeed(Components parts, Predicate<Event> wanted) {
        return follow.given() ? Optional.of(EventFeed.following(parts, wanted)) : EventFeed.past(parts, wanted);
    }

    private Optional<EventFeed> auditFeed(Components parts, Predicate<Event> wanted) {
        return follow.given()
                ? Optional.of(EventFeed.followingAudit(parts, wanted))
                : EventFeed.pastAudit(parts, wanted);
    }

    private void show(Context context, EventFeed feed) {
        int most = tail.or(since.given() ? Integer.MAX_VALUE : SHOWN);
        List<Event> past = feed.past(since.or(""), most);
        past.forEach(event -> print(context, event));
        if (past.isEmpty() && most > 0 && !since.given()) {
            context.console().empty("No events yet.");
        }
        feed.follow(event -> print(context, event), context.console()::broken);
    }

    /** Whether an event is shown: decided before the last ones are counted, so that as many lines come as were asked for. */
    private static boolean wanted(Context context, Event event) {
        // That a step begins is for whoever takes a broken-off release over; people get what came of it.
        boolean begins =
                event.data() instanceof StepBegins && !context.console().json();
        return !begins
                && context.options()
                        .deployment()
                        .filter(name -> !name.equals(event.deployment()))
                        .isEmpty();
    }

    private static void print(Context context, Event event) {
        context.console()
                .line(Show.time(event.at()) + "  " + event.deployment()
                        + (event.release() == 0 ? "" : " release " + event.release()) + "  " + Show.event(event));
        context.console().record("event", JsonLines.event(event));
    }
}
