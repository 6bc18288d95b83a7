package org.portolan.http;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.Home;

/**
 * The unix socket's file. It is bound in a folder that only its owner can enter and moved to its place once only its owner can open
 * it, so that there is no moment at which others can. What a dead process left in that place is replaced.
 */
final class SocketFile {
    /** What the kernel takes, in bytes. */
    private static final int LONGEST = 107;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String QUESTION = "GET /healthz HTTP/1.0\r\n\r\n";

    private final Path file;
    private final Path folder;
    private final Optional<String> group;
    private @Nullable Object own;

    /** One that only its owner can open. */
    SocketFile(Path file) {
        this(file, ".api", Optional.empty());
    }

    /**
     * One that a group can open as well.
     *
     * @param beside the name of the folder that it is bound in
     */
    SocketFile(Path file, String beside, Optional<String> group) {
        this.file = file;
        this.group = group;
        folder = file.resolveSibling(beside);
    }

    Path file() {
        return file;
    }

    /**
     * Where to bind.
     *
     * @throws Failure when a living process listens in its place, or the path is too long for a socket
     */
    Path prepare() {
        if (file.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "cannot listen on " + file + ": the path of a socket has at most " + LONGEST + " bytes")
                    .withHint("use a state directory with a shorter path (PORTOLAN_HOME)");
        }
        if (Files.exists(file) && answers(file)) {
            throw new Failure(Kind.UNAVAILABLE, "cannot listen on " + file + ": another process does");
        }
        Home.makeFolder(folder);
        return folder.resolve("s");
    }

    /** Moves what was bound to its place. */
    void publish() throws IOException {
        Path bound = folder.resolve("s");
        if (group.isPresent()) {
            Files.getFileAttributeView(bound, PosixFileAttributeView.class)
                    .setGroup(bound.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(group.get()));
        }
        Files.setPosixFilePermissions(
                bound, PosixFilePermissions.fromString(group.isPresent() ? "rw-rw----" : "rw-------"));
        Files.move(bound, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        own = key();
        Files.deleteIfExists(folder);
    }

    /** Removes it, unless another process has put its socket there meanwhile. */
    void remove() {
        try {
            if (own != null && own.equals(key())) {
                Files.deleteIfExists(file);
            }
        } catch (IOException gone) {
            // Whoever listens next replaces it.
        }
        own = null;
    }

    /** Whether it is in its place. */
    boolean inPlace() {
        try {
            return own != null && own.equals(key());
        } catch (IOException gone) {
            return false;
        }
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /** Whether a living process answers; one that is frozen takes connections and says nothing. */
    static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            channel.write(ByteBuffer.wrap(QUESTION.getBytes(StandardCharsets.US_ASCII)));
            try (Selector selector = Selector.open()) {
                channel.register(selector, SelectionKey.OP_READ);
                return selector.select(PATIENCE.toMillis()) > 0 && channel.read(ByteBuffer.allocate(1)) > 0;
            }
        } catch (IOException nobody) {
            return false;
        }
    }
}
