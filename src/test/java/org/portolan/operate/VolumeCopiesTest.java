package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.model.Failure;
import org.portolan.model.NeedsConsent;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.service.Desired;
import org.portolan.release.DeployOptions;
import org.portolan.sim.SimSite;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Backups of volumes, and what stands in the way of one. */
class VolumeCopiesTest extends SimShop {
    private static final String VOLUME = "shop-db-data";

    @TempDir
    Path folder;

    private static Desired db(String image, Map<String, Object> more) {
        Map<String, Object> keys = new TreeMap<>(more);
        keys.put("image", image);
        keys.put("volumes", Map.of("data", Map.of("target", "/data", "driver", "nfs")));
        return SimSite.desired("shop", Map.of("db", keys), Map.of());
    }

    private void write(String text) {
        site.engine.put(
                "shop-db-1-1",
                "/",
                List.of(new ContainerFile("/data/file", 0600, 7, 7, text.getBytes(StandardCharsets.UTF_8))));
    }

    private String data() {
        return new String(
                site.engine
                        .files("shop-db-1-1", "/data/file", 1000)
                        .orElseThrow()
                        .getFirst()
                        .content(),
                StandardCharsets.UTF_8);
    }

    private VolumeCopies copies() {
        return new VolumeCopies(site.process().installation);
    }

    private VolumeCopies.Saved backup(String volume, Path file) {
        return copies().backup(volume, ArchiveFile.of(file), SimSite.MANDATE.caller(), DeployOptions.DEFAULT);
    }

    private void restore(Path file) {
        perform(new Request.RestoreVolume("shop", VOLUME, ArchiveFile.of(file), SimSite.MANDATE));
    }

    private void perform(Request request) {
        site.process().perform(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"saved.tar", "saved.tar.gz"})
    void whatWasSavedIsRestoredAndNothingElseIsThere(String name) throws IOException {
        deploy(db("db:1", Map.of()));
        write("good");
        Path file = folder.resolve(name);
        VolumeCopies.Saved saved = backup(VOLUME, file);
        assertThat(saved.bytes()).isEqualTo(Files.size(file)).isPositive();
        assertThat(saved.writing()).containsExactly("shop-db-1-1");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        write("damaged");
        site.engine.put("shop-db-1-1", "/", List.of(new ContainerFile("/data/later", 0600, 7, 7, new byte[1])));
        assertThatThrownBy(() -> restore(file)).hasMessageContaining("is in use by shop-db-1-1");
        perform(new Request.Stop("shop", Set.of(), SimSite.MANDATE));
        assertThatThrownBy(() -> perform(new Request.RestoreVolume(
                        "shop", VOLUME, ArchiveFile.of(file), Mandate.of(new Caller.Person("me")))))
                .isInstanceOf(NeedsConsent.class);
        restore(file);
        perform(new Request.Start("shop", Set.of(), SimSite.MANDATE));
        assertThat(data()).isEqualTo("good");
        assertThat(site.engine.files("shop-db-1-1", "/data/later", 1000)).isEmpty();
    }

    @Test
    void aDamagedArchiveChangesNothing() throws IOException {
        deploy(db("db:1", Map.of()));
        write("good");
        Path file = folder.resolve("saved.tar");
        backup(VOLUME, file);
        byte[] whole = Files.readAllBytes(file);
        perform(new Request.Stop("shop", Set.of(), SimSite.MANDATE));
        int changes = site.engine.changes().size();
        Files.write(file, java.util.Arrays.copyOf(whole, 700));
        assertThatThrownBy(() -> restore(file)).hasMessageContaining("is not a whole tar archive: it ends too early");
        whole[3] ^= 1;
        Files.write(file, whole);
        assertThatThrownBy(() -> restore(file)).hasMessageContaining("header of an entry is damaged");
        assertThatThrownBy(() -> restore(folder.resolve("none"))).hasMessageContaining("no such file");
        assertThat(site.engine.changes()).hasSize(changes);
    }

    @Test
    void aBackupThatFailsLeavesNoFileAndAnExistingOneIsKept() throws IOException {
        deploy(db("db:1", Map.of()));
        Path file = folder.resolve("saved.tar");
        site.engine.faults(call -> new Faults.Fate(
                call.verb().equals("read-volume") ? Faults.What.FAILS : Faults.What.GOOD, java.time.Duration.ZERO));
        assertThatThrownBy(() -> backup(VOLUME, file)).isInstanceOf(Failure.class);
        assertThat(folder).isEmptyDirectory();
        site.engine.faults(Faults.NONE);
        Files.writeString(file, "mine");
        assertThatThrownBy(() -> backup(VOLUME, file)).hasMessageContaining("exists already");
        assertThat(file).hasContent("mine");
        assertThatThrownBy(() -> backup("shop-db-none", folder.resolve("x"))).hasMessageContaining("unknown volume");
    }

    @Test
    void aServicesCommandsRunAroundItsBackup() {
        Map<String, Object> hooks = Map.of("backup", Map.of("pre", List.of("dump"), "post", List.of("clean")));
        deploy(db("db:1", hooks));
        write("good");
        VolumeCopies.Saved saved = backup(VOLUME, folder.resolve("a.tar"));
        assertThat(saved.writing()).as("its commands are its own care").isEmpty();
    }

    @Test
    void aCommandThatFailsAfterwardsHidesNothing() {
        // A simulated command fails where its container is not healthy.
        site.engine.world().image("db:ill", Behaviour.neverHealthy());
        deploy(db("db:ill", Map.of("backup", Map.of("post", List.of("clean")))));
        site.engine.faults(call -> new Faults.Fate(
                call.verb().equals("read-volume") ? Faults.What.FAILS : Faults.What.GOOD, java.time.Duration.ZERO));
        Path file = folder.resolve("c.tar");
        String after = "backup.post of db failed in shop-db-1-1 (exit status 1)";
        assertThatThrownBy(() -> backup(VOLUME, file)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).doesNotContain("backup.post");
            assertThat(failure.details()).contains(after);
        });
        site.engine.faults(Faults.NONE);
        assertThatThrownBy(() -> backup(VOLUME, file)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).isEqualTo(after);
            assertThat(failure.hint()).contains("the backup is complete: " + file);
        });
        assertThat(file).exists();
    }

    @Test
    void aCommandThatFailsSavesNothing() {
        // A simulated command fails where its container is not healthy.
        site.engine.world().image("db:ill", Behaviour.neverHealthy());
        deploy(db("db:ill", Map.of("backup", Map.of("pre", List.of("dump")))));
        write("good");
        assertThatThrownBy(() -> backup(VOLUME, folder.resolve("b.tar")))
                .hasMessageContaining("backup.pre of db failed in shop-db-1-1 (exit status 1)");
        assertThat(folder).isEmptyDirectory();
    }

    /** Else a release replaces the instance between the two commands, and a second backup removes the first one's helper. */
    @Test
    void nothingElseChangesTheDeploymentMeanwhile() {
        deploy(db("db:1", Map.of()));
        List<String> holders = new ArrayList<>();
        site.engine.faults(call -> {
            if (call.verb().equals("read-volume")) {
                Store store = site.process().installation.store();
                holders.add(store.holder("shop").orElse("nobody"));
                assertThat(store.acquire("shop", "another")).isEmpty();
            }
            return Faults.NONE.fate(call);
        });
        backup(VOLUME, folder.resolve("d.tar"));
        site.engine.faults(Faults.NONE);
        assertThat(holders).singleElement().asString().contains("backup of " + VOLUME + " by tester@sim");
        assertThat(site.process().installation.store().holder("shop"))
                .as("it gives the lock back")
                .isEmpty();
    }

    @Test
    void aBackupDuringAReleaseWaitsOrSaysSo() {
        deploy(db("db:1", Map.of()));
        Path file = folder.resolve("e.tar");
        try (Lease release = site.process()
                .installation
                .store()
                .acquire("shop", "deploy by me")
                .orElseThrow()) {
            DeployOptions impatient = new DeployOptions(false, Optional.empty(), () -> false);
            assertThatThrownBy(() -> copies().backup(VOLUME, ArchiveFile.of(file), SimSite.MANDATE.caller(), impatient))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.LOCKED);
                        assertThat(failure.what()).contains("shop is locked by", "deploy by me");
                    });
        }
        assertThat(file).doesNotExist();
        backup(VOLUME, file);
        assertThat(file).exists();
    }

    @Test
    void aBackupThatIsStoppedLeavesNothing() {
        deploy(db("db:1", Map.of()));
        write("good");
        DeployOptions stopped = new DeployOptions(true, Optional.empty(), () -> true);
        assertThatThrownBy(() -> copies().backup(
                                VOLUME, ArchiveFile.of(folder.resolve("f.tar")), SimSite.MANDATE.caller(), stopped))
                .hasMessageContaining("the backup was stopped");
        assertThat(folder).isEmptyDirectory();
    }
}
