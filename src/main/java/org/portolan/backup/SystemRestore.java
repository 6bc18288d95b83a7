package org.portolan.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;
import org.portolan.process.StateFiles;
import org.portolan.store.StoredKey;

/** Brings back what {@link SystemBackup} saved: into an empty state directory, or in place of what is there. */
public final class SystemRestore {
    private final BackupParts parts;
    private final InstantSource clock;
    private final int fewestRounds;

    public SystemRestore(BackupParts parts, InstantSource clock) {
        this(parts, clock, SealedStream.ROUNDS);
    }

    /** @param fewestRounds a backup whose key costs less is refused */
    SystemRestore(BackupParts parts, InstantSource clock, int fewestRounds) {
        this.parts = parts;
        this.clock = clock;
        this.fewestRounds = fewestRounds;
    }

    /**
     * What was brought back.
     *
     * @param aside where the files are that were here before; empty for none
     */
    public record Restored(BackupContent content, Optional<Path> aside) {}

    /** Reads a backup to its end and says what it holds; nothing is changed. */
    public BackupContent check(Path file, char[] passphrase) {
        return BackupContent.of(file, passphrase, fewestRounds);
    }

    /**
     * Copies a stream to a temporary file, for what must be read twice; sealed as it is.
     *
     * @return to be deleted by the caller
     */
    public static Path spooled(InputStream from) {
        try {
            Path file = Files.createTempFile("portolan", ".backup");
            Files.copy(from, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException problem) {
            throw new Failure(Kind.FAILED, "cannot read the backup: " + problem.getMessage()).withCause(problem);
        }
    }

    /**
     * Restores. The backup is read to its end before anything is changed.
     *
     * @param replace whether what is here may be replaced: files are put aside, the store's content is removed
     * @throws Failure {@link Kind#REFUSED} when something is here, {@link Kind#LOCKED} while a controller or a release works with the
     *     store
     */
    public Restored restore(Path file, char[] passphrase, boolean replace) {
        BackupContent content = check(file, passphrase);
        Home home = parts.home();
        boolean used = !StateDirectory.isEmpty(home.root());
        if (used && !replace) {
            throw new Failure(Kind.REFUSED, "the state directory " + home.root() + " is not empty")
                    .withHint("set PORTOLAN_HOME to a new folder; to replace what is there, use --replace");
        }
        home.prepare();
        Path staged = home.file(StateDirectory.STAGED + UUID.randomUUID());
        Home.makeFolder(staged);
        try {
            Receiver received = new Receiver(staged);
            BackupContent.read(file, passphrase, fewestRounds, received);
            BackupManifest manifest = received.about();
            Optional<Path> aside = place(home.root(), staged, received.files);
            // Those two make the directory an installation, so they go last.
            AtomicFiles.write(
                    home.file("key"), (manifest.key() + "\n").getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
            AtomicFiles.write(
                    home.file("installation"),
                    (manifest.installation() + "\n").getBytes(StandardCharsets.UTF_8),
                    AtomicFiles.READABLE);
            parts.restoredContent()
                    .restore(
                            received.keys,
                            manifest.prefix(),
                            HexFormat.of().parseHex(manifest.key()),
                            manifest.installation(),
                            replace);
            return new Restored(content, aside);
        } catch (IOException problem) {
            throw FileProblems.failure("restore", home.root(), problem);
        } finally {
            try {
                StateFiles.delete(staged);
            } catch (IOException left) {
                // Later backups and restores leave it out.
            }
        }
    }

    private Optional<Path> place(Path root, Path staged, List<String> files) throws IOException {
        String time = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(clock.instant());
        Path aside = root.resolve(StateDirectory.REPLACED + time);
        List<String> all = new ArrayList<>(files);
        all.add("key");
        all.add("installation");
        for (String path : all) {
            Path target = root.resolve(path);
            if (Files.isDirectory(staged.resolve(path))) {
                makeFolders(root, target);
                continue;
            }
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                Home.makeFolder(parent(aside.resolve(path)));
                Files.move(target, aside.resolve(path), StandardCopyOption.REPLACE_EXISTING);
            }
            if (Files.exists(staged.resolve(path))) {
                makeFolders(root, parent(target));
                Files.move(staged.resolve(path), target, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return Files.exists(aside) ? Optional.of(aside) : Optional.empty();
    }

    /** A link in the place of a folder could lead anywhere. */
    private static void makeFolders(Path root, Path folder) throws IOException {
        for (Path each = folder; !each.equals(root); each = parent(each)) {
            if (Files.isSymbolicLink(each)) {
                throw new IOException(each + " is a symbolic link");
            }
        }
        Home.makeFolder(folder);
    }

    private static Path parent(Path file) {
        return java.util.Objects.requireNonNull(file.getParent());
    }

    /** Keeps what is read: files in a folder, the rest in memory. */
    private static final class Receiver implements BackupRecords.Receiver {
        private final Path folder;
        private final List<String> files = new ArrayList<>();
        private final List<StoredKey> keys = new ArrayList<>();
        private Optional<BackupManifest> manifest = Optional.empty();

        Receiver(Path folder) {
            this.folder = folder;
        }

        BackupManifest about() {
            return manifest.orElseThrow();
        }

        @Override
        public void manifest(BackupManifest read) {
            manifest = Optional.of(read);
        }

        @Override
        public void file(String path, int mode, InputStream content) throws IOException {
            if (path.equals("installation") || path.equals("key")) {
                return;
            }
            Path file = folder.resolve(path);
            Home.makeFolder(parent(file));
            Files.copy(content, file);
            Files.setPosixFilePermissions(file, StateDirectory.permissions(mode));
            files.add(path);
        }

        @Override
        public void folder(String path) {
            Home.makeFolder(folder.resolve(path));
            files.add(path);
        }

        @Override
        public void key(StoredKey key) {
            keys.add(key);
        }
    }
}
