package org.portolan.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * The state directory: {@code PORTOLAN_HOME}, by default {@code .portolan} in the user's home. Its folders are open to their owner only. It
 * holds the installation's id (file {@code installation}), the key that secrets in the store are encrypted with (file
 * {@code key}), and a folder for each part that keeps something.
 */
public final class Home {
    /** Bytes of the key (AES-256). */
    public static final int KEY_BYTES = 32;

    private static final int ID_BYTES = 4;

    private final Path root;
    private final Optional<String> givenKey;

    private Home(Path root, Optional<String> givenKey) {
        this.root = root.toAbsolutePath().normalize();
        this.givenKey = givenKey;
    }

    /**
     * The state directory that the environment names; nothing is made yet.
     *
     * @param environment variables; {@code PORTOLAN_HOME}, {@code PORTOLAN_KEY} and {@code HOME} are looked at
     */
    public static Home of(Map<String, String> environment) {
        String named = environment.get("PORTOLAN_HOME");
        Path root = named == null || named.isBlank() ? userHome(environment).resolve(".portolan") : Path.of(named);
        String key = environment.get("PORTOLAN_KEY");
        return new Home(root, key == null || key.isBlank() ? Optional.empty() : Optional.of(key.strip()));
    }

    /**
     * The user's home: {@code HOME}, as a shell and Docker's own client take it, else what the system knows of the user.
     *
     * @throws Failure when neither names a folder
     */
    public static Path userHome(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        if (!home.startsWith("/")) {
            home = System.getProperty("user.home", "");
        }
        if (!home.startsWith("/")) {
            throw new Failure(Kind.INVALID, "the user has no home directory: HOME is not set, and passwd has none")
                    .withHint("set HOME, or PORTOLAN_HOME to the folder that holds the installation's state");
        }
        return Path.of(home);
    }

    /**
     * Refuses a state directory of another user: what root would make in it ({@code sudo portolan}) its owner could not read
     * any more.
     *
     * @param user who runs this, by number
     * @param sudo {@code SUDO_UID}, "" without it: whose home root may have been given
     * @throws Failure when it is another's
     */
    public void requireOwn(long user, String sudo) {
        if (user != 0) {
            return;
        }
        Path there = Files.exists(root) || sudo.isEmpty() || root.getParent() == null ? root : root.getParent();
        if (!Files.exists(there)) {
            return;
        }
        try {
            long owner = ((Number) Files.getAttribute(there, "unix:uid")).longValue();
            boolean others =
                    there.equals(root) ? owner != user : Long.toString(owner).equals(sudo) && owner != user;
            if (others) {
                throw new Failure(
                                Kind.INVALID,
                                "the state directory " + root + " belongs to "
                                        + Files.getOwner(there).getName() + ", but this command runs as root")
                        .withHint("run it as " + Files.getOwner(there).getName()
                                + ", without sudo, or set PORTOLAN_HOME to a folder of root");
            }
        } catch (UnsupportedOperationException | IOException unknown) {
            // Where owners cannot be asked for, the files themselves say what may be done.
        }
    }

    /** Who runs this program, by number; -1 where the system does not say. */
    public static long user() {
        try {
            return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
        } catch (UnsupportedOperationException | IOException unknown) {
            return -1;
        }
    }

    /** The name of this machine. */
    public static String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException notLinux) {
            return "localhost";
        }
    }

    public Path root() {
        return root;
    }

    /** A file under the root; nothing is made. */
    public Path file(String name) {
        return root.resolve(name);
    }

    /** A folder under the root, made with the folders above it if it is missing. */
    public Path folder(String name) {
        Path folder = root.resolve(name);
        makeFolder(folder);
        return folder;
    }

    /** Makes the root if it is missing, and checks that it can be written. */
    public void prepare() {
        makeFolder(root);
    }

    /** Makes a folder that only its owner can enter, with the folders above it. */
    public static void makeFolder(Path folder) {
        if (Files.isDirectory(folder)) {
            if (!Files.isWritable(folder)) {
                throw FileProblems.failure(
                        "write in", folder, new java.nio.file.AccessDeniedException(folder.toString()));
            }
            return;
        }
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException notFolder) {
            throw new Failure(Kind.UNAVAILABLE, "cannot use " + notFolder.getFile() + ": it is not a folder")
                    .withHint("move it away, or set PORTOLAN_HOME to another folder")
                    .withCause(notFolder);
        } catch (IOException problem) {
            throw FileProblems.failure("create the folder", folder, problem);
        }
    }

    /** The installation's id, 8 hex digits; made once, by whichever process comes first. */
    public String installation() {
        Path file = file("installation");
        Optional<String> kept = read(file);
        if (kept.isEmpty()) {
            prepare();
            AtomicFiles.create(file, line(random(ID_BYTES)), AtomicFiles.READABLE);
            kept = read(file);
        }
        String id = kept.orElse("");
        if (id.length() != ID_BYTES * 2 || !isHex(id)) {
            throw new Failure(Kind.CORRUPT, file + " does not contain an installation id (8 hex digits)")
                    .withHint("restore it: `docker ps -a --format '{{.Label \"org.portolan.installation\"}}'` shows the"
                            + " ids in use; without the id, running containers belong to another installation");
        }
        return id;
    }

    /** The installation's id if there is one; nothing is made. */
    public Optional<String> knownInstallation() {
        return read(file("installation")).isEmpty() ? Optional.empty() : Optional.of(installation());
    }

    /** Writes the id that the store remembers, when this directory lost its own. */
    public void restoreInstallation(String id) {
        prepare();
        AtomicFiles.create(file("installation"), (id + "\n").getBytes(StandardCharsets.UTF_8), AtomicFiles.READABLE);
    }

    /**
     * The key, 32 bytes: {@code PORTOLAN_KEY} (64 hex digits or base64), else the file {@code key}, which is made once.
     */
    public byte[] key() {
        if (givenKey.isPresent()) {
            return decodeKey(givenKey.get()).orElseThrow(() -> new Failure(
                            Kind.INVALID, "PORTOLAN_KEY is not a valid key: use 32 bytes as 64 hex digits or base64")
                    .withHint("create one with: openssl rand -hex 32"));
        }
        Path file = file("key");
        Optional<String> kept = read(file);
        if (kept.isEmpty()) {
            prepare();
            AtomicFiles.create(file, line(random(KEY_BYTES)), AtomicFiles.PRIVATE);
            kept = read(file);
        }
        return kept.flatMap(Home::decodeKey).orElseThrow(() -> new Failure(
                        Kind.CORRUPT, file + " does not contain a key (64 hex digits)")
                .withHint("restore it from a backup; without a backup move it away: a new key is created, and encrypted"
                        + " values of the store are read from the files and containers again"));
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(
                    Files.readString(file, StandardCharsets.ISO_8859_1).strip());
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException problem) {
            throw FileProblems.failure("read", file, problem);
        }
    }

    private static Optional<byte[]> decodeKey(String text) {
        if (text.length() == KEY_BYTES * 2 && isHex(text)) {
            return Optional.of(HexFormat.of().parseHex(text));
        }
        try {
            byte[] key = Base64.getDecoder().decode(text);
            return key.length == KEY_BYTES ? Optional.of(key) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] line(byte[] bytes) {
        return (HexFormat.of().formatHex(bytes) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
