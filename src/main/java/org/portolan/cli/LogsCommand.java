package org.portolan.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.container.Container;

/** Shows the output of instances, each line with its instance's name when there are several. */
final class LogsCommand extends CliCommand {
    private static final int TAIL = 100;

    private final Syntax.Texts names = syntax().parameters("NAME", false, "Services or instances; all unless given.");
    private final Syntax.Flag follow =
            syntax().flag("-f --follow", "Go on showing output as it comes, that of instances which come later too.");
    private final Syntax.Whole tail =
            syntax().whole("-n --tail", "COUNT", "How many past lines of each instance to show; 100 unless given.");
    private final Syntax.Flag times = syntax().flag("-t --timestamps", "Show each line's time.");

    LogsCommand() {
        super("logs", "Show the output of services' instances.");
    }

    @Override
    int run(Context context) {
        Inventory inventory = Inventory.take(context);
        Optional<String> asked = context.options().deployment();
        if (asked.isEmpty() && names.all().size() == 1) {
            asked = inventory.deploymentOf(names.all().get(0));
        }
        String deployment = inventory.deployment(context, asked);
        List<Container> containers = new ArrayList<>();
        if (names.all().isEmpty()) {
            inventory.services(deployment).values().forEach(containers::addAll);
        }
        for (String name : names.all()) {
            containers.addAll(inventory.containers(deployment, name));
        }
        if (follow.given()) {
            try (LogFollower follower = new LogFollower(
                    context.parts().engine(),
                    deployment,
                    names.all(),
                    (name, at, error, text) -> print(context, name, true, at, error, text))) {
                follower.run(containers, tail.or(TAIL), context.console()::broken);
            }
        } else {
            past(context, containers);
        }
        return ExitStatus.DONE.code();
    }

    private void past(Context context, List<Container> containers) {
        boolean prefixed = containers.size() > 1;
        for (Container container : containers) {
            // Without following, every line was handed out when the call returns.
            LogFollower.close(context.parts()
                    .engine()
                    .logs(
                            container.id(),
                            Optional.empty(),
                            tail.or(TAIL),
                            false,
                            (at, error, text) -> print(context, container.name(), prefixed, at, error, text)));
        }
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
