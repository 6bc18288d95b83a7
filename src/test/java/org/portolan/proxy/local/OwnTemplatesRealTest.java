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
import org.portolan.process.Commands;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.DeploymentRoutes.Backend;

/** Portolan's own templates, with all that a routing can have, give the proxies nothing to complain of. */
@Tag("real")
class OwnTemplatesRealTest {
    @TempDir
    Path folder;

    @Test
    void theyWarnOfNothing() throws IOException {
        try (Lab lab = new Lab(folder)) {
            theyWarnOfNothing(lab);
        }
    }

    private void theyWarnOfNothing(Lab lab) throws IOException {
        DeploymentRoutes all = PartFilesTest.part();
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
                List.of(Lab.ready(Lab.id("web", 3, 1), 20_002)));
        Backend database = new Backend(
                "db",
                "",
                false,
                List.of("127.0.0.1"),
                15_003,
                List.of("0.0.0.0:5432"),
                false,
                Optional.empty(),
                List.of(Lab.ready(Lab.id("db", 1, 1), 20_003), Lab.ready(Lab.id("db", 1, 2), 20_004)));
        Backend trial = new Backend(
                "next",
                "",
                true,
                List.of("127.0.0.1"),
                15_004,
                List.of(),
                false,
                Optional.empty(),
                Optional.of(new DeploymentRoutes.Trial(2, web.health().orElseThrow())),
                List.of(Lab.ready(Lab.id("next", 1, 1), 20_005), Lab.ready(Lab.id("next", 2, 1), 20_006)));
        DeploymentRoutes more = new DeploymentRoutes("shop", List.of(web, http2, database, trial), all.domains());
        DeploymentRoutes plain = new DeploymentRoutes(
                "other",
                List.of(),
                List.of(
                        Lab.domain("*.example.net")
                                .route("/", Lab.target("db"))
                                .route("/a", Lab.target("web"))
                                .sticky()
                                .make(),
                        Lab.domain("*").route("/", Lab.target("next")).make()));
        // Makes the files that the texts name.
        lab.proxy.apply(lab.part(List.of()));
        Preview.Texts texts = Preview.of(lab.settings, List.of(more, plain));
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
