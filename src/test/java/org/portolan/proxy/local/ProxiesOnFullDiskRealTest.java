package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.process.Commands;

/** Proxies that are started where nothing can be written: what is there and valid serves. */
@Tag("real")
class ProxiesOnFullDiskRealTest {
    @TempDir
    Path folder;

    private Path disk = Path.of("");

    @BeforeEach
    void mount() throws IOException {
        assertThat(System.getenv("PORTOLAN_SANDBOX"))
                .as("run this in scripts/sandbox")
                .isNotNull();
        disk = Files.createDirectory(folder.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString());
    }

    @AfterEach
    void unmount() {
        run("umount", "-l", disk.toString());
    }

    private static void run(String... command) {
        assertThat(Commands.run(List.of(command), Duration.ofSeconds(10)))
                .extracting(Commands.Result::exitCode)
                .isEqualTo(0);
    }

    @Test
    void yesterdaysFilesServe() throws IOException {
        try (ProxyFixture fixture = new ProxyFixture(disk.resolve("proxies"));
                OriginServer origin = new OriginServer("one")) {
            fixture.proxy.apply(fixture.part(
                    List.of(ProxyFixture.http(
                            "web",
                            ProxyFixture.free(),
                            ProxyFixture.ready(ProxyFixture.id("web", 1, 1), origin.port()))),
                    ProxyFixture.domain("open.org")
                            .route("/", ProxyFixture.target("web"))
                            .make()));
            fixture.proxy.stop();
            Path filler = fill();
            try {
                fixture.proxy.ensureRunning();
            } catch (Failure said) {
                assertThat(said.what()).contains("cannot write");
            }
            assertThat(fixture.status("open.org", "/")).isEqualTo("200");
            Files.delete(filler);
            fixture.proxy.ensureRunning();
            assertThat(fixture.proxy.defects()).isEmpty();
            assertThat(fixture.status("open.org", "/")).isEqualTo("200");
        }
    }

    /** Takes the room that is left, to the last byte. */
    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return filler;
        }
    }
}
