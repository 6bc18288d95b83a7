package org.portolan.proxy.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.model.routing.RouteSet;
import org.portolan.process.OpenFiles;
import org.portolan.routing.ProxySettings;

/** A deploy from another shell: a separate program that applies one more service. */
final class LowLimits {
    private LowLimits() {}

    public static void main(String[] words) {
        System.out.println("own limit " + OpenFiles.decide());
        ProxySettings settings = new ProxySettings(
                Path.of(words[0]),
                Optional.empty(),
                new ProxySettings.Edge(List.of("127.0.0.1"), Integer.parseInt(words[1]), Integer.parseInt(words[2]), 0),
                new ProxySettings.Statistics(
                        List.of("127.0.0.1"), Integer.parseInt(words[3]), "portolan", Optional.of("look at it")),
                ProxySettings.Timeouts.of(Duration.ofHours(1)),
                ProxySettings.Program.process("haproxy"),
                ProxySettings.Program.process("nginx"),
                Optional.empty());
        try (LocalProxy proxy = LocalProxy.open(settings)) {
            proxy.ensureRunning();
            proxy.apply(new RouteSet(
                    "other", List.of(ProxyFixture.http("more", Integer.parseInt(words[4]) + 7)), List.of()));
            System.out.println("applied");
        }
    }
}
