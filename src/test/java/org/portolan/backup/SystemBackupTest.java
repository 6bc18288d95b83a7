package org.portolan.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.process.Home;
import org.portolan.store.StoreContent;
import org.portolan.store.StoredKey;

/** Files and keys go into one file and come back, and nothing comes back where it should not. */
class SystemBackupTest {
    private static final char[] PASSPHRASE = "correct horse battery".toCharArray();
    /** The usual number takes a second for each key, which is made twice for each backup. */
    private static final int FEW_ROUNDS = 1000;

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-28T05:00:00.123456789Z"));

    @TempDir
    Path folder;

    /** A state directory and a store in memory. */
    private static final class Site implements BackupParts, StoreContent {
        final Path root;
        List<StoredKey> keys = new ArrayList<>();
        String from = "";

        Site(Path root) {
            this.root = root;
        }

        @Override
        public Home home() {
            return Home.of(Map.of("PORTOLAN_HOME", root.toString()));
        }

        @Override
        public StoreContent storeContent() {
            return this;
        }

        @Override
        public StoreContent restoredContent() {
            assertThat(root.resolve("installation")).exists();
            return this;
        }

        @Override
        public Path configurationFile() {
            return root.resolve("portolan.yaml");
        }

        @Override
        public Path volumesFolder() {
            return root.resolve("volumes");
        }

        @Override
        public String address() {
            return "memory";
        }

        @Override
        public String prefix() {
            return "portolan";
        }

        @Override
        public List<StoredKey> read() {
            return keys;
        }

        @Override
        public void restore(List<StoredKey> saved, String prefix, byte[] key, String installation, boolean replace) {
            keys = saved;
            from = prefix + " " + installation + " " + key.length;
        }

        Site with(String path, String text) throws IOException {
            Files.createDirectories(root.resolve(path).getParent());
            Files.writeString(root.resolve(path), text);
            return this;
        }

        String text(String path) throws IOException {
            return Files.readString(root.resolve(path));
        }

        List<String> files() throws IOException {
            try (Stream<Path> files = Files.walk(root)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString())
                        .sorted()
                        .toList();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Site used() throws IOException {
        Site site = new Site(folder.resolve("old"));
        site.home().installation();
        site.home().key();
        site.with("portolan.yaml", "edge: {http: 8081}\n")
                .with("store/appendonly.aof", "x")
                .with("git/site/HEAD", "x")
                .with("data/shop/db/data/file", "x")
                .with("volumes/shop/db/data/file", "x")
                .with("proxies/nginx.conf", "x")
                .with("uploads/ab12.archive", "rows of a volume on its way")
                .with("proxies/secret-statistics", "hunter2")
                .with("proxies/parts/shop.json", "{}")
                .with("boot", "x")
                .with("api/host_key", "private")
                .with("api/socket.lock", "");
        Files.setPosixFilePermissions(site.root.resolve("api/host_key"), PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(site.root.resolve("api/link"), Path.of("/etc/passwd"));
        site.keys = List.of(
                new StoredKey("deployments", StoredKey.Type.HASH, 0, List.of(List.of(bytes("shop"), bytes("{}")))),
                new StoredKey("anything:else", StoredKey.Type.STRING, 5000, List.of(List.of(new byte[] {0, -1}))));
        return site;
    }

    /** A repository can be larger than the memory of a command. */
    @Test
    void aLargeFileIsNotHeldInMemory() throws IOException {
        Site site = used();
        long small = allocated(site);
        long size = 48L << 20;
        Path pack = Files.createDirectories(site.root.resolve("repositories/shop.git/objects/pack"))
                .resolve("pack-1.pack");
        try (FileChannel large = FileChannel.open(pack, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            large.write(ByteBuffer.wrap(bytes("end")), size - 3);
        }
        assertThat(allocated(site) - small).isLessThan(size / 2);
    }

    /** By this thread, for a backup. */
    private long allocated(Site site) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().threadId();
        long before = threads.getThreadAllocatedBytes(self);
        backup(site).save(OutputStream.nullOutputStream(), PASSPHRASE);
        return threads.getThreadAllocatedBytes(self) - before;
    }

    private SystemBackup backup(Site site) {
        return new SystemBackup(site, CLOCK, "box", FEW_ROUNDS);
    }

    private Path saved() throws IOException {
        Path file = folder.resolve("backup");
        backup(used()).save(file, PASSPHRASE);
        return file;
    }

    /** Seventeen bytes into the file is what a guess at the passphrase costs. */
    @Test
    void aKeyCostsTheUsualNumberOfRounds() throws IOException {
        Site site = used();
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        new SystemBackup(site, CLOCK, "box").save(to, PASSPHRASE);
        assertThat(ByteBuffer.wrap(to.toByteArray()).getInt(17)).isEqualTo(600_000);

        Path cheap = folder.resolve("cheap");
        backup(site).save(cheap, PASSPHRASE);
        SystemRestore restore = new SystemRestore(new Site(folder.resolve("new")), CLOCK);
        assertThatThrownBy(() -> restore.check(cheap, PASSPHRASE)).hasMessageContaining("header is damaged");
        assertThatThrownBy(() -> restore.restore(cheap, PASSPHRASE, false)).hasMessageContaining("header is damaged");
    }

    @Test
    void allButVolumesAndWhatIsMadeAgainComesBack() throws IOException {
        Site old = used();
        Files.createDirectories(old.root.resolve("repositories/site.git/refs/heads"));
        Path file = folder.resolve("backup");
        BackupContent content = backup(old).save(file, PASSPHRASE);
        assertThat(content.deployments()).isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Site fresh = new Site(folder.resolve("new"));
        SystemRestore restore = new SystemRestore(fresh, CLOCK, FEW_ROUNDS);
        assertThat(restore.check(file, PASSPHRASE)).isEqualTo(content);
        assertThat(fresh.root).doesNotExist();
        assertThat(restore.restore(file, PASSPHRASE, false).aside()).isEmpty();
        assertThat(fresh.files())
                .containsExactly(
                        "api/host_key",
                        "installation",
                        "key",
                        "portolan.yaml",
                        "proxies/parts/shop.json",
                        "proxies/secret-statistics");
        assertThat(fresh.root.resolve("repositories/site.git/refs/heads")).isEmptyDirectory();
        assertThat(fresh.text("api/host_key")).isEqualTo("private");
        assertThat(Files.getPosixFilePermissions(fresh.root.resolve("api/host_key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(fresh.home().installation()).isEqualTo(old.home().installation());
        assertThat(fresh.home().key()).isEqualTo(old.home().key());
        assertThat(fresh.from).isEqualTo("portolan " + old.home().installation() + " 32");
        assertThat(fresh.keys).extracting(StoredKey::name).containsExactly("deployments", "anything:else");
        assertThat(fresh.keys.get(1).items().getFirst().getFirst()).isEqualTo(new byte[] {0, -1});
        assertThat(fresh.keys.get(1).expires()).isEqualTo(5000);
    }

    @Test
    void whatIsThereIsKeptOrPutAside() throws IOException {
        Path file = saved();
        Site other = new Site(folder.resolve("other"))
                .with("portolan.yaml", "edge: {http: 9}\n")
                .with("mine", "mine");
        SystemRestore restore = new SystemRestore(other, CLOCK, FEW_ROUNDS);
        assertThatThrownBy(() -> restore.restore(file, PASSPHRASE, false)).hasMessageContaining("is not empty");
        assertThat(other.files()).containsExactly("mine", "portolan.yaml");

        Path aside = restore.restore(file, PASSPHRASE, true).aside().orElseThrow();
        assertThat(aside).isEqualTo(other.root.resolve("replaced-20261128-050000"));
        assertThat(Files.readString(aside.resolve("portolan.yaml"))).isEqualTo("edge: {http: 9}\n");
        assertThat(other.text("portolan.yaml")).isEqualTo("edge: {http: 8081}\n");
        assertThat(other.text("mine")).isEqualTo("mine");
        Path again = folder.resolve("again");
        assertThat(backup(other).save(again, PASSPHRASE).files())
                .as("files that were put aside are not saved")
                .isEqualTo(6);
    }

    @Test
    void nothingIsChangedByAWrongPassphraseOrADamagedFile() throws IOException {
        Path file = saved();
        Site fresh = new Site(folder.resolve("new"));
        SystemRestore restore = new SystemRestore(fresh, CLOCK, FEW_ROUNDS);
        assertThatThrownBy(() -> restore.restore(file, "not the right one".toCharArray(), false))
                .hasMessageContaining("passphrase is wrong");
        byte[] content = Files.readAllBytes(file);
        content[content.length - 3] ^= 1;
        Files.write(file, content);
        assertThatThrownBy(() -> restore.restore(file, PASSPHRASE, false)).hasMessageContaining("damaged");
        assertThat(fresh.root).doesNotExist();
        assertThatThrownBy(() -> backup(fresh).save(file, PASSPHRASE)).hasMessageContaining("exists already");
    }

    @Test
    void aPathOutsideIsRefusedAndALinkIsNotFollowed() throws IOException {
        for (String path : List.of("../x", "/etc/x", "a/../../x", "a//b", ".", "a\\b", "a\0b")) {
            ByteArrayInputStream records = new ByteArrayInputStream(records(path));
            assertThatThrownBy(() -> BackupRecords.read(records, NONE))
                    .as(path)
                    .hasMessageContaining("its content is not valid");
        }
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Site linked = new Site(Files.createDirectories(folder.resolve("linked")));
        Files.createSymbolicLink(linked.root.resolve("api"), elsewhere);
        Path file = folder.resolve("hostile");
        Files.write(file, made("api/key"));
        assertThatThrownBy(() -> new SystemRestore(linked, CLOCK, FEW_ROUNDS).restore(file, PASSPHRASE, true))
                .hasMessageContaining("symbolic link");
        assertThat(elsewhere).isEmptyDirectory();
    }

    private static byte[] made(String path) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (OutputStream sealing = SealedStream.sealing(to, PASSPHRASE, FEW_ROUNDS)) {
            sealing.write(records(path));
        }
        return to.toByteArray();
    }

    private static byte[] records(String path) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        BackupRecords.Sender sender = new BackupRecords.Sender(
                to, new BackupManifest(Instant.EPOCH, "box", "/home", "cafe0001", "portolan", "00".repeat(32)));
        sender.file(path, 0600, 4, new ByteArrayInputStream(bytes("evil")));
        sender.end();
        return to.toByteArray();
    }

    private static final BackupRecords.Receiver NONE = new BackupRecords.Receiver() {
        @Override
        public void manifest(BackupManifest manifest) {}

        @Override
        public void file(String path, int mode, java.io.InputStream content) {}

        @Override
        public void folder(String path) {}

        @Override
        public void key(StoredKey key) {}
    };

    @Test
    void aFileThatSaysItsItemsAreManyCostsNoMemory() throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (java.io.DataOutputStream out = new java.io.DataOutputStream(new java.util.zip.GZIPOutputStream(to))) {
            new BackupManifest(Instant.EPOCH, "box", "/home", "cafe0001", "portolan", "00".repeat(32)).write(out);
            out.writeByte('K');
            out.writeInt(Integer.MAX_VALUE);
        }
        assertThatThrownBy(() -> BackupRecords.read(new ByteArrayInputStream(to.toByteArray()), NONE))
                .hasMessageContaining("not valid");
    }
}
