package org.portolan.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ScopeType;

/**
 * Declares a command's options and parameters and hands their values out after parsing. It stands where picocli's
 * annotations would: reading those takes some 60 ms in every start, most of it for the JVM's proxies.
 */
final class Syntax {
    private static final String[] NO_TEXT = {};

    private final CommandSpec spec;
    private int positions;

    Syntax(@Nullable Object command, String name, String description) {
        spec = CommandSpec.wrapWithoutInspection(command);
        spec.name(name);
        spec.usageMessage()
                .description(literal(description))
                .sortOptions(false)
                .width(100)
                .abbreviateSynopsis(true);
    }

    /** A text as picocli prints it as it is: it takes every description for a format. */
    private static String literal(String text) {
        return text.replace("%", "%%");
    }

    /** The text that {@link #literal} was made of. */
    static String shown(String description) {
        return description.replace("%%", "%");
    }

    CommandSpec spec() {
        return spec;
    }

    /** Lines below the help. */
    void footer(String... lines) {
        spec.usageMessage().footer(List.of(lines).stream().map(Syntax::literal).toArray(String[]::new));
    }

    void add(CliCommand subcommand) {
        spec.addSubcommand(subcommand.name(), subcommand.syntax().spec());
    }

    /** Everything after the first parameter is a parameter, whatever it looks like. */
    void stopAtParameter() {
        spec.parser().stopAtPositional(true);
    }

    /** An option without a value. {@code names} are separated by a space. */
    Flag flag(String names, String description) {
        return new Flag(option(names, description, false).type(boolean.class), this);
    }

    /** An option with a value, given at most once. */
    Text text(String names, String label, String description) {
        OptionSpec option = option(names, description, false)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .build();
        spec.addOption(option);
        return new Text(option);
    }

    /** An option with a whole number. */
    Whole whole(String names, String label, String description) {
        OptionSpec option = option(names, description, false)
                .type(Integer.class)
                .arity("1")
                .paramLabel(label)
                .build();
        spec.addOption(option);
        return new Whole(option);
    }

    /** An option with a value, given any number of times. */
    Texts texts(String names, String label, String description) {
        OptionSpec option = option(names, description, false)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .build();
        spec.addOption(option);
        return new Texts(option);
    }

    /** The next parameter. */
    Text parameter(String label, boolean required, String description, String... oneOf) {
        PositionalParamSpec.Builder builder = PositionalParamSpec.builder()
                .index(String.valueOf(positions++))
                .arity(required ? "1" : "0..1")
                .required(required)
                .type(String.class)
                .paramLabel(label)
                .description(literal(description));
        if (oneOf.length > 0) {
            builder.completionCandidates(List.of(oneOf));
        }
        PositionalParamSpec parameter = builder.build();
        spec.addPositional(parameter);
        return new Text(parameter);
    }

    /** The remaining parameters. */
    Texts parameters(String label, boolean required, String description) {
        PositionalParamSpec parameter = PositionalParamSpec.builder()
                .index(positions + "..*")
                .arity(required ? "1..*" : "0..*")
                .required(required)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(label)
                .description(literal(description))
                .build();
        spec.addPositional(parameter);
        return new Texts(parameter);
    }

    private static OptionSpec.Builder option(String names, String description, boolean inherited) {
        String[] split = names.split(" ", -1);
        OptionSpec.Builder builder = OptionSpec.builder(
                split[0], List.of(split).subList(1, split.length).toArray(NO_TEXT));
        return builder.description(literal(description)).scopeType(inherited ? ScopeType.INHERIT : ScopeType.LOCAL);
    }

    /** An option for this and every subcommand, without a value; {@code help} for one that replaces the command. */
    Flag globalFlag(String names, String description, boolean help) {
        return new Flag(option(names, description, true).type(boolean.class).usageHelp(help), this);
    }

    /** An option with a value for this and every subcommand. */
    Text globalText(String names, String label, String description) {
        OptionSpec option = option(names, description, true)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .build();
        spec.addOption(option);
        return new Text(option);
    }

    /** Whether an option was given. */
    static final class Flag {
        private final OptionSpec option;

        private Flag(OptionSpec.Builder builder, Syntax syntax) {
            option = builder.build();
            syntax.spec.addOption(option);
        }

        boolean given() {
            return Boolean.TRUE.equals(option.getValue());
        }
    }

    /** A value, or null when it was not given. */
    static final class Text {
        private final ArgSpec argument;

        private Text(ArgSpec argument) {
            this.argument = argument;
        }

        @Nullable
        String orNull() {
            return argument.getValue();
        }

        String or(String otherwise) {
            String value = argument.getValue();
            return value == null ? otherwise : value;
        }

        boolean given() {
            return argument.getValue() != null;
        }
    }

    /** A whole number, or a default. */
    static final class Whole {
        private final ArgSpec argument;

        private Whole(ArgSpec argument) {
            this.argument = argument;
        }

        int or(int otherwise) {
            Integer value = argument.getValue();
            return value == null ? otherwise : value;
        }

        boolean given() {
            return argument.getValue() != null;
        }
    }

    /** Any number of values. */
    static final class Texts {
        private final ArgSpec argument;

        private Texts(ArgSpec argument) {
            this.argument = argument;
        }

        List<String> all() {
            List<String> values = argument.getValue();
            return values == null ? List.of() : List.copyOf(values);
        }
    }
}
