package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code PORTOLAN_URL} nothing of this machine is looked at or changed. */
class ControllerElsewhereTest {
    @TempDir
    Path folder;

    private CliRun run(String... arguments) {
        Map<String, String> environment = Map.of(
                "PORTOLAN_URL",
                "unix:" + folder.resolve("none.sock"),
                "PORTOLAN_HOME",
                folder.resolve("home").toString());
        return CliRun.with("", environment, "", arguments);
    }

    @Test
    void whatLooksAsksTheControllerOnly() {
        for (List<String> command :
                List.of(List.of("list"), List.of("status"), List.of("history"), List.of("events"), List.of("logs"))) {
            CliRun run = run(command.toArray(new String[0]));
            assertThat(run.status()).as(command + run.err()).isEqualTo(4);
            assertThat(run.err()).contains("cannot reach the controller at " + folder.resolve("none.sock"));
        }
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void whatChangesAsksTheControllerOnly() {
        for (List<String> command : List.of(
                List.of("-D", "shop", "scale", "web=2"),
                List.of("-D", "shop", "stop"),
                List.of("remove", "shop", "--yes"),
                List.of("-D", "shop", "set-service", "web"),
                List.of("suspend", "shop"),
                List.of("secret", "list", "-D", "shop"),
                List.of("volume", "list"),
                List.of("volume", "backup", "v", folder.resolve("v.tar").toString()),
                List.of("-D", "shop", "exec", "web", "sh"),
                List.of("-D", "shop", "run", "web", "sh"),
                List.of("events", "--audit"),
                List.of("-D", "shop", "abort"))) {
            CliRun run = run(command.toArray(new String[0]));
            assertThat(run.status()).as(command + run.err()).isEqualTo(4);
            assertThat(run.err()).contains("cannot reach the controller at " + folder.resolve("none.sock"));
        }
        assertThat(folder.resolve("home").resolve("store")).doesNotExist();
    }

    @Test
    void whatDoesNotGoThroughItIsRefusedInsteadOfDoneHere() {
        for (List<String> command : List.of(List.of("system", "down"), List.of("token", "list"))) {
            CliRun run = run(command.toArray(new String[0]));
            assertThat(run.status()).as(command + run.err()).isEqualTo(1);
            assertThat(run.err()).contains("PORTOLAN_URL");
        }
        assertThat(folder.resolve("home").resolve("store")).doesNotExist();
    }

    @Test
    void anAddressThatIsNoneIsWrongUse() {
        CliRun run = CliRun.with("", Map.of("PORTOLAN_URL", "ftp://x"), "", "list");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("PORTOLAN_URL is not the address of a controller");
    }
}
