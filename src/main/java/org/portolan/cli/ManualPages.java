package org.portolan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.config.ConfigKey;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes the manual pages of a package from the commands and the keys of the configuration themselves: {@code portolan.1},
 * one page for each command, and {@code portolan.yaml.5}.
 */
public final class ManualPages {
    private static final String COMMANDS = "Portolan commands";

    private final String date;
    private final String source;

    private ManualPages(String date, String source) {
        this.date = date;
        this.source = source;
    }

    /**
     * Writes all pages.
     *
     * @param arguments the folder of the pages, which is made, and the date in their footers
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        for (Map.Entry<String, String> page : pages(arguments[1]).entrySet()) {
            Files.writeString(folder.resolve(page.getKey()), page.getValue());
        }
    }

    /** The pages by the name of their file. */
    static SortedMap<String, String> pages(String date) {
        ManualPages pages = new ManualPages(date, "Portolan " + Cli.version());
        SortedMap<String, String> files = new TreeMap<>();
        files.put("portolan.1", pages.overview());
        for (String name : CommandTable.names()) {
            CliCommand command = CommandTable.create(name);
            if (command != null) {
                files.put(
                        "portolan-" + name + ".1",
                        pages.command(command.syntax().spec()));
            }
        }
        files.put("portolan.yaml.5", pages.configuration());
        return files;
    }

    private String overview() {
        Roff page = new Roff("portolan", 1, date, source, COMMANDS);
        CommandSpec global = new GlobalOptions().alone().getCommandSpec();
        page.section("Name").line("portolan - deploy Servicefiles to Docker", false);
        page.section("Synopsis").line("portolan [OPTION…] COMMAND [ARGUMENT…]", true);
        page.section("Description")
                .paragraph(
                        "Portolan reads a Servicefile, plans what has to change, and changes it: it starts services as"
                                + " Docker containers, routes their domains to them through nginx and HAProxy, and rolls a"
                                + " release back that does not become healthy. Each command has a page, such as"
                                + " `portolan-deploy`(1).");
        for (CommandTable.Group group : CommandTable.GROUPS) {
            page.subsection(group.title());
            for (String name : group.names()) {
                CliCommand command = CommandTable.create(name);
                if (command != null) {
                    page.entry(name, description(command.syntax().spec()));
                }
            }
        }
        page.section("Options").paragraph("They can be before or after the command.");
        options(page, global);
        page.section("Exit status");
        ExitStatus.MEANINGS.forEach(each -> page.entry(Integer.toString(each.status()), each.text()));
        page.section("Files")
                .entry("~/.portolan", "The state directory; `PORTOLAN_HOME` names another one.")
                .entry("~/.portolan/portolan.yaml", "The configuration: `portolan.yaml`(5).");
        seeAlso(page, CommandTable.names());
        return page.toString();
    }

    private String command(CommandSpec spec) {
        String name = "portolan-" + spec.name();
        Roff page = new Roff(name, 1, date, source, COMMANDS);
        page.section("Name").line(name + " - " + withoutStop(description(spec)), false);
        page.section("Synopsis");
        page.line(synopsis("portolan", spec), true);
        page.section("Description")
                .paragraph(String.join(" ", texts(spec.usageMessage().description())));
        body(page, spec);
        for (CommandLine sub : spec.subcommands().values()) {
            CommandSpec inner = sub.getCommandSpec();
            page.section(spec.name() + " " + inner.name()).line(synopsis("portolan " + spec.name(), inner), true);
            page.paragraph(String.join(" ", texts(inner.usageMessage().description())));
            body(page, inner);
        }
        page.section("Exit status").paragraph("As in `portolan`(1), which also has the global options.");
        seeAlso(page, List.of());
        return page.toString();
    }

    private static void body(Roff page, CommandSpec spec) {
        options(page, spec);
        List<String> footer = texts(spec.usageMessage().footer());
        if (!footer.isEmpty()) {
            page.literal(String.join("\n", footer).strip());
        }
    }

    private static void options(Roff page, CommandSpec spec) {
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            page.entry(parameter.paramLabel(), String.join(" ", texts(parameter.description())));
        }
        for (OptionSpec option : spec.options()) {
            if (!option.hidden() && !option.inherited()) {
                String value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
                page.entry(String.join(", ", option.names()) + value, String.join(" ", texts(option.description())));
            }
        }
    }

    private static String synopsis(String before, CommandSpec spec) {
        StringBuilder words = new StringBuilder(before + " " + spec.name());
        if (!spec.subcommands().isEmpty()) {
            words.append(" COMMAND");
        }
        if (spec.options().stream().anyMatch(option -> !option.hidden() && !option.inherited())) {
            words.append(" [OPTION…]");
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "…" : "");
            words.append(' ').append(parameter.required() ? label : "[" + label + "]");
        }
        return words.toString();
    }

    private String configuration() {
        Roff page = new Roff("portolan.yaml", 5, date, source, "Portolan files");
        page.section("Name").line("portolan.yaml - configuration of Portolan", false);
        page.section("Description")
                .paragraph(
                        "Portolan works without configuration. The file is in the state directory (`PORTOLAN_HOME`, by"
                                + " default `~/.portolan`); `PORTOLAN_CONFIG` names another one. Keys are written as sections or"
                                + " with dots. Every key is also an environment variable, which overrides the file.");
        page.literal("edge:\n  address: 0.0.0.0\n  http: 80\n  https: 443");
        page.section("Keys");
        for (ConfigKey key : ConfigKey.values()) {
            String usual = key.byDefault().isEmpty() ? "" : " Default: `" + key.byDefault() + "`.";
            page.entry(
                    key.path(),
                    key.meaning() + usual + " Value: " + key.accepts() + ". Variable: `" + key.variable() + "`.");
        }
        seeAlso(page, List.of());
        return page.toString();
    }

    private static void seeAlso(Roff page, List<String> commands) {
        List<String> pages = new ArrayList<>();
        if (commands.isEmpty()) {
            pages.add("`portolan`(1)");
        }
        commands.forEach(name -> pages.add("`portolan-" + name + "`(1)"));
        pages.add("`portolan.yaml`(5)");
        page.section("See also").paragraph(String.join(", ", pages));
    }

    private static String description(CommandSpec spec) {
        return texts(spec.usageMessage().description()).getFirst();
    }

    private static List<String> texts(String[] lines) {
        return List.of(lines).stream().map(Syntax::shown).toList();
    }

    /** A whatis entry begins in lower case and has no full stop. */
    private static String withoutStop(String sentence) {
        String words = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
        return words.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + words.substring(1);
    }
}
