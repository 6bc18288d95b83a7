package org.portolan.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Shows what there is, or what one command does. */
final class HelpCommand extends CliCommand {
    private final Syntax.Texts path = syntax().parameters("COMMAND", false, "The command, and its subcommand.");

    HelpCommand() {
        super("help", "Show all commands, or help for one.");
    }

    @Override
    boolean asks() {
        return false;
    }

    @Override
    int run(Context context) {
        List<String> words = path.all();
        if (words.isEmpty()) {
            context.console().text(overview());
            return ExitStatus.DONE.code();
        }
        CliCommand command = CommandTable.create(words.get(0));
        if (command == null) {
            throw Cli.unknownCommand(words.get(0));
        }
        CommandLine line = new GlobalOptions().with(command);
        for (String word : words) {
            CommandLine next = line.getSubcommands().get(word);
            if (next == null) {
                throw FailureView.usage("unknown command '" + String.join(" ", words) + "'", "See 'portolan --help'.");
            }
            line = next;
        }
        context.console().text(usage(line));
        return ExitStatus.DONE.code();
    }

    /** The help of one command. */
    static String usage(CommandLine line) {
        return line.getUsageMessage(Ansi.OFF);
    }

    /** All commands by group, and the global options. */
    static String overview() {
        StringBuilder text = new StringBuilder("Usage: portolan [OPTION…] COMMAND [ARGUMENT…]\n");
        text.append("Deploys Servicefiles to Docker.\n");
        for (CommandTable.Group group : CommandTable.GROUPS) {
            text.append('\n').append(group.title()).append('\n');
            for (String name : group.names()) {
                text.append("  ").append(name).append(" ".repeat(Math.max(1, 20 - name.length())));
                text.append(description(name)).append('\n');
            }
        }
        text.append("\nGlobal options, before or after the command\n");
        text.append(new GlobalOptions().alone().getHelp().optionList());
        return text.append("\nRun 'portolan COMMAND --help' for help on a command.\n")
                .toString();
    }

    private static String description(String name) {
        CliCommand command = CommandTable.create(name);
        return command == null
                ? ""
                : Syntax.shown(command.syntax().spec().usageMessage().description()[0]);
    }
}
