package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.routing.ProxySettings;

/** A folder that the proxies' files cannot name is refused when the proxies are asked for, not in the middle of a release. */
class HomeOfProxiesTest {
    @Test
    void aBlankInTheStateDirectoryIsRefusedAtOnce() {
        assertThatThrownBy(() -> LocalProxy.open(settings(Path.of("/srv/my state/proxies"))))
                .hasMessageContaining("the proxies cannot use the folder \"/srv/my state/proxies\"")
                .hasMessageContaining("letters, digits");
        assertThatCode(() -> LocalProxy.open(settings(Path.of("/srv/my-state/proxies"))))
                .doesNotThrowAnyException();
    }

    private static ProxySettings settings(Path folder) {
        return new ProxySettings(
                folder,
                Optional.empty(),
                new ProxySettings.Edge(List.of("127.0.0.1"), 8080, 8443, 0),
                new ProxySettings.Statistics(List.of("127.0.0.1"), 8404, "portolan", Optional.of("x")),
                ProxySettings.Timeouts.of(Duration.ofHours(1)),
                ProxySettings.Program.process("haproxy"),
                ProxySettings.Program.process("nginx"),
                Optional.empty());
    }
}
