package org.portolan.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.container.Container;
import org.portolan.query.Inventory;
import org.portolan.query.Outputs;

/** Shows the output of instances, each line with its instance's name when there are several. */
final class LogsCommand extends CliCommand {
    private static final int TAIL = 100;

    private final Syntax.Texts names = syntax().parameters("NAME", false, "Services or instances; default: all.");
    private final Syntax.Flag follow =
            syntax().flag("-f --follow", "Follow new output, also of instances that start later.");
    private final Syntax.Whole tail = syntax().whole(
                    "-n --tail",
                    "COUNT",
                    "How many past lines of each instance to show; default: 100, with --since all.");
    private final Syntax.Text access = syntax().text(
                    "--access", "DOMAIN", "Show the access log of a domain instead, which has `access_log: true`.");
    private final Syntax.Text since = syntax().text(
                    "--since",
                    "TIME",
                    "With --access: only lines since a time (2026-01-31T12:00:00Z), or of the last 10m, 2h …");
    private final Syntax.Flag times = syntax().flag("-t --timestamps", "Show the time of each line.");

    LogsCommand() {
        super("logs", "Show the output of instances.");
    }

    @Override
    int run(Context context) {
        if (access.given()) {
            if (!names.all().isEmpty() || times.given()) {
                throw FailureView.usage(
                        "--access cannot be used with " + (times.given() ? "--timestamps" : "NAME"),
                        "An access log is a domain's: portolan logs --access DOMAIN");
            }
            new AccessLogView(context.console(), context.queries(), access.or(""))
                    .show(
                            AccessLogView.since(since.orNull(), Instant.now()),
                            tail.or(since.given() ? Integer.MAX_VALUE : TAIL),
                            follow.given());
            return ExitStatus.DONE.code();
        }
        if (since.given()) {
            throw FailureView.usage("--since needs --access", "Add the domain: --access DOMAIN.");
        }
        Inventory inventory = DeploymentChoice.inventory(context);
        Optional<String> asked = context.options().deployment();
        if (asked.isEmpty() && names.all().size() == 1) {
            asked = inventory.deploymentOf(names.all().get(0));
        }
        String deployment = DeploymentChoice.one(context, inventory, asked);
        List<Container> containers = new ArrayList<>();
        if (names.all().isEmpty()) {
            inventory.services(deployment).values().forEach(containers::addAll);
        }
        for (String name : names.all()) {
            containers.addAll(inventory.containers(deployment, name));
        }
        boolean prefixed = follow.given() || containers.size() > 1;
        Outputs logs = context.queries()
                .logs((instance, at, error, text) -> print(context, instance, prefixed, at, error, text));
        if (follow.given()) {
            logs.follow(deployment, names.all(), containers, tail.or(TAIL), context.console()::broken);
        } else {
            logs.past(containers, tail.or(TAIL));
        }
        return ExitStatus.DONE.code();
    }

    private void print(Context context, String instance, boolean prefixed, Instant at, boolean error, String text) {
        context.console().line((prefixed ? instance + " | " : "") + (times.given() ? at + " " : "") + text);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("instance", instance);
        fields.put("at", at);
        fields.put("stream", error ? "stderr" : "stdout");
        fields.put("text", text);
        context.console().record("log", fields);
    }
}
