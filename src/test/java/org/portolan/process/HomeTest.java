package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;

class HomeTest {
    @TempDir
    Path dir;

    private Home home() {
        return Home.of(Map.of("PORTOLAN_HOME", dir.resolve("home").toString()));
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void theDefaultIsInTheHomeThatTheEnvironmentNames() {
        assertThat(Home.of(Map.of("HOME", "/srv/ada")).root()).isEqualTo(Path.of("/srv/ada/.portolan"));
        Path known = Path.of(System.getProperty("user.home"), ".portolan");
        assertThat(Home.of(Map.of()).root()).isEqualTo(known);
        assertThat(Home.of(Map.of("HOME", "")).root()).isEqualTo(known);
        assertThat(Home.of(Map.of("HOME", "relative")).root()).isEqualTo(known);
        assertThat(Home.of(Map.of("HOME", "/srv/ada", "PORTOLAN_HOME", "/p")).root())
                .isEqualTo(Path.of("/p"));
    }

    @Test
    void rootMakesNothingInAnothersStateDirectory() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Home.user() == 0, "only root can give a folder away");
        Home home = home();
        home.prepare();
        home.requireOwn(0, "");
        Files.setAttribute(home.root(), "unix:uid", 4711);
        assertThatThrownBy(() -> home.requireOwn(0, ""))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("belongs to 4711");
        home.requireOwn(4711, "");
    }

    @Test
    void rootMakesNoStateDirectoryInTheHomeThatSudoKept() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Home.user() == 0, "only root can give a folder away");
        Files.setAttribute(dir, "unix:uid", 4711);
        assertThatThrownBy(() -> home().requireOwn(0, "4711")).isInstanceOf(Failure.class);
        home().requireOwn(0, "");
        home().requireOwn(0, "12");
    }

    @Test
    void foldersAndKeyAreForTheirOwnerOnly() throws Exception {
        Home home = home();
        assertThat(home.key()).hasSize(Home.KEY_BYTES);
        assertThat(mode(home.root())).isEqualTo("rwx------");
        assertThat(mode(home.folder("store"))).isEqualTo("rwx------");
        assertThat(mode(home.file("key"))).isEqualTo("rw-------");
    }

    @Test
    void idAndKeyAreMadeOnceHoweverManyAsk() {
        assertThat(IntStream.range(0, 50)
                        .parallel()
                        .mapToObj(n -> home().installation())
                        .distinct())
                .hasSize(1)
                .allMatch(id -> id.length() == 8);
        assertThat(IntStream.range(0, 50)
                        .parallel()
                        .mapToObj(n -> HexFormat.of().formatHex(home().key()))
                        .distinct())
                .hasSize(1);
        assertThat(dir.resolve("home").toFile().list()).containsExactlyInAnyOrder("installation", "key");
    }

    @Test
    void nothingIsMadeByLooking() {
        assertThat(home().knownInstallation()).isEmpty();
        assertThat(dir.resolve("home")).doesNotExist();
    }

    @Test
    void aKeyFromTheEnvironmentIsTakenInHexOrBase64() {
        String hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        byte[] key = HexFormat.of().parseHex(hex);
        assertThat(Home.of(Map.of("PORTOLAN_KEY", hex)).key()).isEqualTo(key);
        assertThat(Home.of(Map.of("PORTOLAN_KEY", java.util.Base64.getEncoder().encodeToString(key)))
                        .key())
                .isEqualTo(key);
        assertThatThrownBy(() -> Home.of(Map.of("PORTOLAN_KEY", "hunter2")).key())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("PORTOLAN_KEY is not a valid key")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void damagedFilesAreNamed() throws Exception {
        Home home = home();
        home.prepare();
        Files.writeString(home.file("installation"), "");
        Files.writeString(home.file("key"), "not a key");
        assertThatThrownBy(home::installation)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(home.file("installation").toString());
        assertThatThrownBy(home::key)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(home.file("key").toString());
    }

    @Test
    void aFileInItsPlaceIsNamed() throws Exception {
        Files.writeString(dir.resolve("home"), "");
        assertThatThrownBy(() -> home().folder("store"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("not a directory");
    }

    @Test
    void anIdThatTheStoreRemembersComesBack() {
        Home home = home();
        home.restoreInstallation("0badcafe");
        assertThat(home.installation()).isEqualTo("0badcafe");
        assertThat(Arrays.asList(home.root().toFile().list())).containsExactly("installation");
    }
}
