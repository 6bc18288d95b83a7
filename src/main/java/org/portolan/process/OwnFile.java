package org.portolan.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file that Portolan alone writes. A digest of what it wrote last is kept elsewhere, so that a change by hand shows. Where the digest
 * is missing, as of a file that an earlier version wrote, nothing is known.
 *
 * @param file whose folder exists
 * @param digest where the digest is kept
 */
public record OwnFile(Path file, Path digest) {

    /** Writes or replaces it, as {@link AtomicFiles#write} does. */
    public void write(String text, String permissions) {
        AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8), permissions);
        wrote(text);
    }

    /** Remembers what it holds. A digest that cannot be written, or is torn by a power failure, costs that it is written again. */
    public void wrote(String text) {
        try {
            Files.createDirectories(digest.getParent());
            Files.writeString(digest, digest(text));
        } catch (IOException unknown) {
            try {
                Files.deleteIfExists(digest);
            } catch (IOException stays) {
                // It names what was written before, and the file is written once more than it needs.
            }
        }
    }

    /** Whether somebody else has written it since; one that is missing is for others to find. */
    public boolean altered() {
        try {
            Optional<String> known = StateFiles.text(digest);
            Optional<String> text = known.isPresent() ? StateFiles.text(file) : Optional.empty();
            return text.isPresent() && !digest(text.get()).equals(known.get());
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
