package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.portolan.config.ConfigKey;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages have what the commands and the configuration have, and are what man can show. */
class ManualPagesTest {
    private final SortedMap<String, String> pages = ManualPages.pages("2026-11-27");

    @Test
    void everyCommandHasAPageWithAllItsOptionsAndSubcommands() {
        for (String name : CommandTable.names()) {
            CliCommand command = CommandTable.create(name);
            assertThat(command).isNotNull();
            String page = pages.get("portolan-" + name + ".1");
            assertThat(page).as(name).isNotNull();
            everything(command.syntax().spec())
                    .forEach(typed -> assertThat(page).as(name).contains(typed.replace("-", "\\-")));
            assertThat(pages.get("portolan.1")).contains(".TP\n.B \"" + name.replace("-", "\\-") + "\"\n");
        }
    }

    private static List<String> everything(CommandSpec spec) {
        List<String> typed = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (!option.hidden() && !option.inherited()) {
                typed.addAll(List.of(option.names()));
            }
        }
        spec.positionalParameters().forEach(parameter -> typed.add(parameter.paramLabel()));
        for (CommandLine sub : spec.subcommands().values()) {
            typed.add(sub.getCommandName());
            typed.addAll(everything(sub.getCommandSpec()));
        }
        return typed;
    }

    @Test
    void theOverviewHasGlobalOptionsAndExitStatuses() {
        String page = pages.get("portolan.1");
        assertThat(page).contains("\\-\\-deployment NAME", "\\-\\-version", ".TP\n.B \"130\"\nstopped by Ctrl\\-C\n");
        ExitStatus.MEANINGS.forEach(each -> assertThat(page).contains(".B \"" + each.status() + "\"\n"));
        assertThat(page).contains("changes are pending (\\fBplan\\fR)");
    }

    @Test
    void everyKeyOfTheConfigurationIsThere() {
        String page = pages.get("portolan.yaml.5");
        for (ConfigKey key : ConfigKey.values()) {
            assertThat(page)
                    .contains(".B \"" + key.path().replace("-", "\\-") + "\"\n", "\\fB" + key.variable() + "\\fR");
        }
    }

    /** A line that begins with a dot is a request, of which man knows these. */
    @Test
    void noTextIsTakenForARequest() {
        List<String> requests =
                List.of(".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".nh", ".ad", ".nf", ".fi", ".RS", ".RE");
        pages.forEach((name, page) -> {
            assertThat(page.lines().filter(line -> line.startsWith(".") || line.startsWith("'")))
                    .as(name)
                    .allSatisfy(line -> assertThat(requests).contains(line.split(" ", 2)[0]));
            assertThat(page.lines().findFirst().orElseThrow()).startsWith(".TH \"PORTOLAN");
        });
        assertThat(new Roff("x", 1, "d", "s", "m")
                        .paragraph(".dot and \\back")
                        .literal("'quote\n.B")
                        .toString())
                .contains("\\&.dot and \\eback\n", "\\&'quote\n", "\\&.B\n");
    }
}
