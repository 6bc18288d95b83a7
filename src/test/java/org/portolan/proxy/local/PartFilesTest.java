package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Domain;
import org.portolan.model.ServiceSpec.EnvValue;
import org.portolan.model.ServiceSpec.Health;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.DeploymentRoutes.Backend;
import org.portolan.proxy.DeploymentRoutes.State;

class PartFilesTest {
    @TempDir
    Path folder;

    private static DeploymentRoutes part() {
        Health health = new Health(
                Health.Type.HTTP,
                "/up",
                "example.org",
                new TreeMap<>(Map.of("X-Probe", new EnvValue("a: b", true))),
                "http",
                List.of("true"),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                2,
                3,
                Duration.ofMillis(250),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
        Backend backend = new Backend(
                "web",
                "http",
                true,
                List.of("10.1.0.1"),
                15_001,
                List.of("0.0.0.0:80"),
                true,
                Optional.of(health),
                List.of(Lab.with(Lab.ready(Lab.id("web", 3, 1), 20_001), State.DRAIN, 7)));
        Domain domain = Lab.domain("example.org")
                .alias("www.example.org")
                .route("/", Lab.target("web", 100), Lab.target("next", 10))
                .route("/api/deep", Lab.target("web"))
                .tcp(2222, "web")
                .certificate(new Domain.Certificate("chain", "key"))
                .redirect()
                .maintenance()
                .sticky()
                .streamUploads()
                .auth("ann", "secret")
                .make();
        return new DeploymentRoutes("shop", List.of(backend), List.of(domain));
    }

    @Test
    void aPartComesBackAsItWasAndOnlyItsOwnerMayReadIt() throws IOException {
        PartFiles files = new PartFiles(folder);
        files.write(new PartFiles.Part(7, part()));
        assertThat(files.read("shop")).contains(new PartFiles.Part(7, part()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("shop.json"))))
                .isEqualTo("rw-------");
        files.write(new PartFiles.Part(3, new DeploymentRoutes("a", List.of(), List.of())));
        assertThat(files.all().stream().map(PartFiles.Part::sequence)).containsExactly(3L, 7L);
        files.delete("shop");
        assertThat(files.read("shop")).isEmpty();
    }

    @Test
    void aDamagedFileIsNamedWithoutItsContent() throws IOException {
        Files.writeString(folder.resolve("shop.json"), "{\"secret\": ");
        assertThatThrownBy(() -> new PartFiles(folder).all())
                .hasMessageContaining("shop.json")
                .hasMessageNotContaining("secret");
    }
}
