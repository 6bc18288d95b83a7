package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SystemInstallCommandTest {
    @Test
    void theUnitStartsStoreAndProxiesAndEndsNothing() {
        String unit =
                SystemInstallCommand.unit("/opt/portolan/scripts/portolan", Path.of("/srv/state"), "default.target");

        assertThat(unit.lines())
                .contains(
                        "Environment=\"PORTOLAN_HOME=/srv/state\"",
                        "ExecStart=\"/opt/portolan/scripts/portolan\" system up",
                        "KillMode=none",
                        "WantedBy=default.target")
                .noneMatch(line -> line.startsWith("ExecStop"));
    }
}
