package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.process.Commands;

/** Portolan's own templates, with all that a routing can have, give the proxies nothing to complain of. */
@Tag("real")
class OwnTemplatesRealTest {
    @TempDir
    Path folder;

    @Test
    void theyWarnOfNothing() throws IOException {
        try (ProxyFixture fixture = new ProxyFixture(folder)) {
            theyWarnOfNothing(fixture);
        }
    }

    private void theyWarnOfNothing(ProxyFixture fixture) throws IOException {
        RouteSet all = RouteSetFilesTest.part();
        Backend web = all.backends().getFirst();
        Backend http2 = new Backend(
                "web",
                "h2c",
                true,
                List.of("127.0.0.1"),
                15_002,
                List.of("[::1]:8081"),
                true,
                web.health(),
                List.of(ProxyFixture.ready(ProxyFixture.id("web", 3, 1), 20_002)));
        Backend database = new Backend(
                "db",
                "",
                false,
                List.of("127.0.0.1"),
                15_003,
                List.of("0.0.0.0:5432"),
                false,
                Optional.empty(),
                List.of(
                        ProxyFixture.ready(ProxyFixture.id("db", 1, 1), 20_003),
                        ProxyFixture.ready(ProxyFixture.id("db", 1, 2), 20_004)));
        Backend trial = new Backend(
                "next",
                "",
                true,
                List.of("127.0.0.1"),
                15_004,
                List.of(),
                false,
                Optional.empty(),
                Optional.of(new RouteSet.Trial(2, web.health().orElseThrow())),
                List.of(
                        ProxyFixture.ready(ProxyFixture.id("next", 1, 1), 20_005),
                        ProxyFixture.ready(ProxyFixture.id("next", 2, 1), 20_006)));
        RouteSet more = new RouteSet("shop", List.of(web, http2, database, trial), all.domains());
        RouteSet plain = new RouteSet(
                "other",
                List.of(),
                List.of(
                        ProxyFixture.domain("*.example.net")
                                .route("/", ProxyFixture.target("db"))
                                .route("/a", ProxyFixture.target("web"))
                                .sticky()
                                .make(),
                        ProxyFixture.domain("*")
                                .route("/", ProxyFixture.target("next"))
                                .make()));
        // Makes the files that the texts name.
        fixture.proxy.apply(fixture.part(List.of()));
        Preview.Texts texts = Preview.of(fixture.settings, List.of(more, plain));
        assertSilent(folder.resolve("all.cfg"), texts.haproxy(), "haproxy", "-c", "-f");
        assertSilent(folder.resolve("all.conf"), texts.nginx(), "nginx", "-t", "-q", "-e", "stderr", "-c");
    }

    private static void assertSilent(Path file, String text, String... command) throws IOException {
        Files.writeString(file, text);
        List<String> words = new ArrayList<>(List.of(command));
        words.add(file.toString());
        Commands.Result result = Commands.run(words, Duration.ofSeconds(20));
        assertThat(result.output().strip()).isIn("", "Configuration file is valid");
        assertThat(result.succeeded()).isTrue();
    }
}
