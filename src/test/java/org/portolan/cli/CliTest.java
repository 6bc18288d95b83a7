package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
    @Test
    void showsItsVersion() {
        assertThat(CliRun.of("--version")).isEqualTo(new CliRun(0, "portolan development\n", ""));
        assertThat(CliRun.of("--version", "--json").out()).isEqualTo("""
                {"type":"version","version":"development"}
                """);
    }

    @Test
    void helpNamesEveryCommand() {
        CliRun run = CliRun.of("--help");
        assertThat(run.status()).isZero();
        for (String name : CommandTable.names()) {
            assertThat(run.out()).contains("\n  " + name + " ");
        }
    }

    @Test
    void withoutACommandItShowsHelpAsAnError() {
        CliRun run = CliRun.of();
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("Usage: portolan");
    }

    @Test
    void everyCommandHasHelpAndADescription() {
        for (String name : CommandTable.names()) {
            CliRun run = CliRun.of(name, "--help");
            assertThat(run.status()).as(name).isZero();
            assertThat(run.out()).startsWith("Usage: portolan " + name);
            assertThat(run).isEqualTo(CliRun.of("help", name));
        }
    }

    @Test
    void aWrongCommandNamesTheNearest() {
        CliRun run = CliRun.of("completoin");
        assertThat(run).isEqualTo(new CliRun(2, "", """
                portolan: unknown command 'completoin'
                     Did you mean 'completion'?
                """));
    }

    @ParameterizedTest
    @CsvSource({"ps,status", "ls,list", "rm,remove", "up,deploy", "down,stop", "undo,rollback", "apply,deploy"})
    void aWordOfAnotherToolGetsPortolansWord(String word, String own) {
        CliRun run = CliRun.of(word);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("unknown command '" + word + "'", "'portolan " + own);
        assertThat(CommandTable.names()).contains(own).doesNotContain(word);
    }

    @Test
    void aDeploymentWithoutItsOptionIsTold() {
        assertThat(CliRun.of("events", "shop").err()).contains("unexpected argument 'shop'", "-D shop");
    }

    @Test
    void aMacroInHelpIsShownAsItIsWritten() {
        assertThat(CliRun.of("deploy", "--help").out()).contains(" %%NAME%%").doesNotContain("%%%");
    }

    @Test
    void aWrongOptionNamesTheNearest() {
        CliRun run = CliRun.of("completion", "bash", "--quit");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("portolan: unknown option '--quit'\n     Did you mean '--quiet'?");
        assertThat(CliRun.of("--quit").err()).startsWith("portolan: unknown option '--quit'");
    }

    @Test
    void errorsAreJsonWhenAskedFor() {
        CliRun run = CliRun.of("--json", "completion");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith(
                        "{\"type\":\"error\",\"status\":2,\"kind\":\"invalid\",\"message\":\"Missing required parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void globalOptionsStandBeforeOrAfterTheCommand(String shell) {
        CliRun before = CliRun.of("-D", "shop", "--quiet", "completion", shell);
        assertThat(before.status()).isZero();
        assertThat(CliRun.of("completion", shell, "-D", "shop", "-q")).isEqualTo(before);
    }
}
