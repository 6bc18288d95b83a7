package org.portolan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Nearest;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds the command that was asked for, runs it, and shows how it ended. */
public final class Cli {
    private static final Duration REHEARSAL_WAIT = Duration.ofMinutes(1);

    private Cli() {}

    /** Runs one command line in this process's surroundings and returns its exit status. */
    public static int start(String[] arguments, Components.Factory factory) {
        Terminal terminal = Terminal.ofProcess(factory);
        String rehearsal = System.getProperty("portolan.rehearsal");
        return rehearsal == null ? run(List.of(arguments), terminal) : rehearse(Path.of(rehearsal), terminal);
    }

    static int run(List<String> arguments, Terminal terminal) {
        Console console = terminal.console(terminal.mode(
                Arguments.has(arguments, "--json"),
                false,
                Arguments.has(arguments, "--no-color"),
                Arguments.has(arguments, "--debug")));
        try {
            String name = Arguments.command(arguments);
            if (name.isEmpty()) {
                return alone(arguments, console);
            }
            CliCommand command = CommandTable.create(name);
            if (command == null) {
                throw unknownCommand(name);
            }
            if (command.asks()) {
                terminal.expectParts();
            }
            return run(command, arguments, terminal);
        } catch (Exception | StackOverflowError thrown) {
            return FailureView.show(console, thrown);
        }
    }

    private static int run(CliCommand command, List<String> arguments, Terminal terminal) {
        GlobalOptions options = new GlobalOptions();
        CommandLine line = options.with(command);
        parse(line, arguments);
        Console console = terminal.console(
                terminal.mode(options.json() || command.json(), options.quiet(), options.noColor(), options.debug()));
        CommandLine asked = asked(line);
        if (options.help()) {
            console.text(HelpCommand.usage(asked));
            return ExitStatus.DONE.code();
        }
        if (!(asked.getCommandSpec().userObject() instanceof CliCommand chosen)) {
            throw new IllegalStateException("no command was parsed");
        }
        String words = asked.getCommandSpec().qualifiedName();
        Components parts = terminal.parts(console::warning);
        if (chosen.asks()) {
            parts.expect();
        }
        try (Context context = new Context(console, options, terminal.environment(), parts)) {
            if (!terminal.environment().getOrDefault("PORTOLAN_URL", "").isBlank()) {
                CommandWays.check(words.replaceFirst("^portolan ", ""));
            }
            return chosen.run(context);
        } catch (Exception | StackOverflowError thrown) {
            return FailureView.show(console, thrown);
        } finally {
            console.settle();
        }
    }

    private static void parse(CommandLine line, List<String> arguments) {
        try {
            line.parseArgs(arguments.toArray(new String[0]));
        } catch (ParameterException wrong) {
            throw usage(wrong);
        }
    }

    /** The innermost command that was parsed. */
    private static CommandLine asked(CommandLine line) {
        CommandLine innermost = line;
        var parsed = line.getParseResult();
        while (parsed != null && parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
            innermost = parsed.commandSpec().commandLine();
        }
        return innermost;
    }

    private static int alone(List<String> arguments, Console console) {
        if (Arguments.has(arguments, "-V", "--version")) {
            console.line("portolan " + version());
            console.record("version", Map.of("version", version()));
            return ExitStatus.DONE.code();
        }
        boolean asked = Arguments.has(arguments, "-h", "--help");
        parse(new GlobalOptions().alone(), arguments);
        String help = HelpCommand.overview();
        if (asked) {
            console.text(help);
            return ExitStatus.DONE.code();
        }
        console.error(help);
        return ExitStatus.INVALID.code();
    }

    /** The version of the jar; {@code development} when it runs from classes. */
    static String version() {
        String version = Cli.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static Failure unknownCommand(String name) {
        String hint = CommandTable.instead(name)
                .or(() -> Nearest.of(name, CommandTable.names()).map(nearest -> "Did you mean '" + nearest + "'?"))
                .orElse("See 'portolan --help' for the commands.");
        return FailureView.usage("unknown command '" + name + "'", hint);
    }

    private static Failure usage(ParameterException wrong) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        String hint = "See '" + command + " --help'.";
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            List<String> known = word.startsWith("-")
                    ? wrong.getCommandLine().getCommandSpec().options().stream()
                            .map(OptionSpec::longestName)
                            .toList()
                    : List.copyOf(wrong.getCommandLine().getSubcommands().keySet());
            String what = word.startsWith("-") ? "unknown option '" : "unexpected argument '";
            String deployment = word.startsWith("-")
                    ? hint
                    : "A deployment is named with -D: '" + command + " -D " + word + "'. " + hint;
            return FailureView.usage(
                    what + word + "'",
                    Nearest.of(word, known)
                            .map(nearest -> "Did you mean '" + nearest + "'? " + hint)
                            .orElse(deployment));
        }
        String message = wrong.getMessage();
        return FailureView.usage(message == null ? "wrong usage" : message, hint);
    }

    /**
     * Runs every line of a file as a command: what scripts/archive records, so that later starts are fast. A line is the
     * exit status that the command must have, and the command: one that fails early leaves classes unrecorded. {@code await WORD} is for
     * what needs another process: the file WORD.asked is made, and WORD.done waited for.
     */
    private static int rehearse(Path script, Terminal terminal) {
        boolean asExpected = true;
        try {
            for (String line : Files.readAllLines(script)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    List<String> words = List.of(line.strip().split(" +", -1));
                    if (words.getFirst().equals("await")) {
                        asExpected &= await(words.getLast());
                        continue;
                    }
                    int status = run(words.subList(1, words.size()), terminal);
                    if (status != Integer.parseInt(words.getFirst())) {
                        asExpected = false;
                        System.err.println("rehearsal: exit status " + status + ", expected: " + line);
                    }
                }
            }
            return asExpected ? ExitStatus.DONE.code() : ExitStatus.FAILED.code();
        } catch (IOException unreadable) {
            return ExitStatus.FAILED.code();
        }
    }

    private static boolean await(String word) throws IOException {
        Files.createFile(Path.of(word + ".asked"));
        long first = System.nanoTime();
        while (!Files.exists(Path.of(word + ".done"))) {
            if (System.nanoTime() - first > REHEARSAL_WAIT.toNanos()) {
                System.err.println("rehearsal: nobody did within " + Durations.format(REHEARSAL_WAIT) + ": " + word);
                return false;
            }
            LockSupport.parkNanos(10_000_000);
        }
        return true;
    }
}
