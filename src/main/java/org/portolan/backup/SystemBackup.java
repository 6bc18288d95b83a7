package org.portolan.backup;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.FileProblems;
import org.portolan.store.StoreContent;
import org.portolan.store.StoredKey;

/** Saves everything of an installation that is not in Git, but no volumes, to a file that a passphrase opens. */
public final class SystemBackup {
    /** Shorter ones are guessed from a copy of the file. */
    public static final int SHORTEST_PASSPHRASE = 12;

    private static final int LARGEST_FILE = 1 << 30;

    /** What may be written in place is small. */
    private static final int AT_ONCE = 1 << 16;

    private final BackupParts parts;
    private final InstantSource clock;
    private final String host;
    private final int rounds;

    /**
     * Saves nothing yet.
     *
     * @param host this machine's name, for whoever reads the backup
     */
    public SystemBackup(BackupParts parts, InstantSource clock, String host) {
        this(parts, clock, host, SealedStream.ROUNDS);
    }

    /** @param rounds what a key costs */
    SystemBackup(BackupParts parts, InstantSource clock, String host, int rounds) {
        this.parts = parts;
        this.clock = clock;
        this.host = host;
        this.rounds = rounds;
    }

    /**
     * Writes a backup, reads it again whole, and gives the file its name only then; it is for its owner only.
     *
     * @throws Failure {@link Kind#REFUSED} where the file exists
     */
    public BackupContent save(Path file, char[] passphrase) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(Kind.REFUSED, file + " exists already").withHint("choose another name, or remove it");
        }
        Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createFile(
                    beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            BackupContent written;
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE);
                    OutputStream to = Files.newOutputStream(beside)) {
                written = send(to, passphrase);
                channel.force(true);
            }
            BackupContent read = BackupContent.of(beside, passphrase, rounds);
            if (!read.equals(written)) {
                throw new Failure(Kind.FAILED, file + " holds other things than were written to it: " + read)
                        .withHint("check the disk, and make the backup again");
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            return written;
        } catch (IOException problem) {
            throw FileProblems.ofGiven("write", file, problem);
        } finally {
            try {
                Files.deleteIfExists(beside);
            } catch (IOException left) {
                // It is sealed, and hinders no other backup.
            }
        }
    }

    /** Writes a backup to a stream, which stays open. Nothing of it was read again. */
    public BackupContent save(OutputStream to, char[] passphrase) {
        try {
            return send(to, passphrase);
        } catch (IOException problem) {
            throw new Failure(Kind.FAILED, "cannot write the backup: " + problem.getMessage()).withCause(problem);
        }
    }

    private BackupContent send(OutputStream to, char[] passphrase) throws IOException {
        StoreContent store = parts.storeContent();
        String installation = parts.home().knownInstallation().orElseThrow(() -> new Failure(
                        Kind.REFUSED, parts.home().root() + " is not used by an installation yet")
                .withHint("set PORTOLAN_HOME to the state directory of the installation"));
        BackupManifest manifest = new BackupManifest(
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                host,
                parts.home().root().toString(),
                installation,
                store.prefix(),
                HexFormat.of().formatHex(parts.home().key()));
        // Before the files: a file that a key speaks of was written before it.
        List<StoredKey> keys = store.read();
        BackupContent.Counter counter = new BackupContent.Counter(manifest);
        OutputStream open = new FilterOutputStream(to) {
            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                out.write(from, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
        BackupRecords.Sender sender =
                new BackupRecords.Sender(SealedStream.sealing(open, passphrase, rounds), manifest);
        StateDirectory directory = new StateDirectory(parts.home().root(), parts.volumesFolder());
        Path configuration = parts.configurationFile();
        Path usual = parts.home().file("portolan.yaml");
        for (Path file : directory.files()) {
            if (configuration.equals(usual) || !file.equals(usual)) {
                send(sender, counter, directory.path(file), file);
            }
        }
        if (!configuration.equals(usual) && Files.isRegularFile(configuration)) {
            send(sender, counter, directory.path(usual), configuration);
        }
        for (StoredKey key : keys) {
            sender.key(key);
            counter.key(key);
        }
        sender.end();
        return counter.content();
    }

    private static void send(BackupRecords.Sender sender, BackupContent.Counter counter, String path, Path file)
            throws IOException {
        if (Files.isDirectory(file)) {
            sender.folder(path);
            counter.file(path, 0);
            return;
        }
        try (FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = content.size();
            if (length > LARGEST_FILE) {
                throw new Failure(Kind.REFUSED, file + " is larger than 1 GiB")
                        .withHint("move it out of the state directory: backups hold what Portolan wrote there");
            }
            InputStream from = Channels.newInputStream(content);
            if (length <= AT_ONCE) {
                byte[] whole = from.readNBytes((int) length);
                from = new ByteArrayInputStream(whole);
                length = whole.length;
            }
            sender.file(path, StateDirectory.mode(file), length, from);
            counter.file(path, length);
        } catch (EOFException shorter) {
            throw new Failure(Kind.FAILED, file + " became shorter while it was saved")
                    .withHint("make the backup again")
                    .withCause(shorter);
        } catch (NoSuchFileException gone) {
            // Removed since the folder was listed: nothing that a backup of a moment later would have.
        }
    }
}
