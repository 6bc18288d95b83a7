package org.portolan.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes docs/commands.md from the commands themselves. */
final class CommandPage {
    private CommandPage() {}

    static String markdown() {
        StringBuilder text = new StringBuilder("""
                # Commands
                <!-- Made from the commands themselves by CommandPageTest; `mvn test -Dtest=CommandPageTest -Dupdate` writes it. -->
                `portolan [OPTION…] COMMAND [ARGUMENT…]`. Global options can be before or after the command.

                | exit status | meaning |
                |---|---|
                @STATUSES@

                `exec` exits with the status of its command.

                With `--json` every line of standard output is a JSON object with a `type`, also for errors
                (`{"type":"error","status":…,"kind":…,"message":…}`). Otherwise a line that starts with `---> ` is a job, and its
                details are indented.

                ## Global options
                """.replace("@STATUSES@", statuses()));
        options(text, new GlobalOptions().alone().getCommandSpec(), false);
        for (CommandTable.Group group : CommandTable.GROUPS) {
            text.append("\n## ").append(group.title()).append('\n');
            for (String name : group.names()) {
                CliCommand command = CommandTable.create(name);
                if (command != null) {
                    command(text, "portolan " + name, command.syntax().spec());
                }
            }
        }
        return text.toString();
    }

    private static String statuses() {
        return ExitStatus.MEANINGS.stream()
                .map(meaning -> "| " + meaning.status() + " | " + meaning.text() + " |")
                .collect(Collectors.joining("\n"));
    }

    private static void command(StringBuilder text, String name, CommandSpec spec) {
        text.append("\n### ").append(name).append("\n`").append(name);
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "…" : "");
            text.append(' ').append(parameter.required() ? label : "[" + label + "]");
        }
        text.append("`\n\n");
        for (String line : spec.usageMessage().description()) {
            text.append(Syntax.shown(line)).append('\n');
        }
        options(text, spec, true);
        List<String> footer = List.of(spec.usageMessage().footer());
        if (!footer.isEmpty()) {
            text.append("\n```\n")
                    .append(Syntax.shown(String.join("\n", footer)).strip())
                    .append("\n```\n");
        }
        for (CommandLine sub : spec.subcommands().values()) {
            command(text, name + " " + sub.getCommandName(), sub.getCommandSpec());
        }
    }

    private static void options(StringBuilder text, CommandSpec spec, boolean parameters) {
        StringBuilder rows = new StringBuilder();
        if (parameters) {
            for (PositionalParamSpec parameter : spec.positionalParameters()) {
                row(rows, parameter.paramLabel(), parameter.description());
            }
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden() && !option.inherited()) {
                String value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
                row(rows, String.join(", ", option.names()) + value, option.description());
            }
        }
        if (!rows.isEmpty()) {
            text.append("\n| | |\n|---|---|\n").append(rows);
        }
    }

    private static void row(StringBuilder rows, String name, String[] description) {
        rows.append("| `")
                .append(name)
                .append("` | ")
                .append(Syntax.shown(String.join(" ", description)))
                .append(" |\n");
    }
}
