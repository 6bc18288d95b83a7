package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.testing.SmallDisk;

/** Proxies that are started where nothing can be written: what is there and valid serves. */
@Tag("real")
class ProxiesOnFullDiskRealTest {
    @TempDir
    Path folder;

    private SmallDisk disk;

    @BeforeEach
    void mount() throws IOException {
        disk = new SmallDisk(folder.resolve("disk"), "4m");
    }

    @AfterEach
    void unmount() {
        disk.close();
    }

    @Test
    void yesterdaysFilesServe() throws IOException {
        try (ProxyFixture fixture = new ProxyFixture(disk.folder().resolve("proxies"));
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
            Path filler = disk.fill();
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
}
