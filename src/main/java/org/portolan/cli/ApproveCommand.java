package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.NeedsConsent;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;

/** Agrees to what the controller waits for, or shows it. */
final class ApproveCommand extends ReasonedCommand {
    private final SteeringTarget target = new SteeringTarget(syntax());
    private final Syntax.Text id = syntax().text(
                    "--id",
                    "ID",
                    "Approve only what is shown with this id; without a terminal this or --yes is needed.");

    ApproveCommand() {
        super("approve", "Let the controller do what waits for approval; without NAME, show what waits.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        Console console = context.console();
        List<Standing> pending = context.queries().controller(console::warning).standings().stream()
                .filter(standing -> standing.condition() == Condition.PENDING_APPROVAL)
                .toList();
        if (!target.given() && context.options().deployment().isEmpty()) {
            if (pending.isEmpty()) {
                console.empty("Nothing waits for approval.");
            }
            pending.forEach(standing -> show(console, standing));
            return ExitStatus.DONE.code();
        }
        Standing standing = chosen(context, pending);
        if (id.given() && !id.or("").equals(standing.asks())) {
            throw new Failure(
                            Kind.STALE, "what waits for approval has the id " + standing.asks() + ", not " + id.or(""))
                    .withHint("nothing was approved; look at it again: portolan approve");
        }
        boolean agreed = id.given() || context.options().yes();
        if (!agreed && !agrees(console, List.of(words(standing)), "Approve?")) {
            throw new NeedsConsent(List.of(standing.what()))
                    .withHint("nothing was approved; to approve it, use --id " + standing.asks());
        }
        context.parts().instructing(console).approve(standing, mandate(context));
        return ExitStatus.DONE.code();
    }

    /** A deployment of that name before a source. */
    private Standing chosen(Context context, List<Standing> pending) {
        String name = target.key(context).name();
        return pending.stream()
                .filter(standing -> standing.name().equals(name))
                .filter(standing -> !target.isSource() || standing.subject() == Subject.SOURCE)
                .min((one, other) -> other.subject().compareTo(one.subject()))
                .orElseThrow(() -> new Failure(Kind.NOT_FOUND, "nothing of " + name + " waits for approval")
                        .withHint(pending.isEmpty() ? "nothing at all waits" : "what waits: portolan approve"));
    }

    private static String words(Standing standing) {
        return standing.subject().word() + " " + standing.name() + ": " + standing.what();
    }

    private static void show(Console console, Standing standing) {
        console.line(words(standing) + "  since " + Show.time(standing.since()) + "  id " + standing.asks());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("subject", standing.subject().word());
        fields.put("name", standing.name());
        fields.put("what", standing.what());
        fields.put("since", standing.since());
        fields.put("id", standing.asks());
        console.record("pending", fields);
    }
}
