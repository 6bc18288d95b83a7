package org.portolan.cli;

import java.util.Optional;
import picocli.CommandLine;

/** The program itself: the options that stand before or after every command's name. */
final class GlobalOptions {
    private final Syntax syntax = new Syntax(null, "portolan", "Deploys Servicefiles to Docker.");
    private final Syntax.Text deployment = syntax.globalText("-D --deployment", "NAME", "The deployment.");
    private final Syntax.Flag json =
            syntax.globalFlag("--json", "Print results, events and errors as JSON, one object per line.", false);
    private final Syntax.Flag quiet =
            syntax.globalFlag("-q --quiet", "Print only results and errors, no progress.", false);
    private final Syntax.Flag yes = syntax.globalFlag("-y --yes", "Answer yes to all questions.", false);
    private final Syntax.Flag noColor =
            syntax.globalFlag("--no-color", "Print without colours (like NO_COLOR=1).", false);
    private final Syntax.Flag debug = syntax.globalFlag("--debug", "Show stack traces of errors.", false);
    private final Syntax.Flag help = syntax.globalFlag("-h --help", "Show help for a command.", true);

    /** The parser of the program with one of its commands. */
    CommandLine with(CliCommand... commands) {
        for (CliCommand command : commands) {
            syntax.add(command);
        }
        return new CommandLine(syntax.spec());
    }

    /** The parser of the program without commands. */
    CommandLine alone() {
        syntax.flag("-V --version", "Show Portolan's version.");
        return new CommandLine(syntax.spec());
    }

    Optional<String> deployment() {
        return Optional.ofNullable(deployment.orNull());
    }

    boolean json() {
        return json.given();
    }

    boolean quiet() {
        return quiet.given();
    }

    boolean yes() {
        return yes.given();
    }

    boolean noColor() {
        return noColor.given();
    }

    boolean debug() {
        return debug.given();
    }

    boolean help() {
        return help.given();
    }
}
