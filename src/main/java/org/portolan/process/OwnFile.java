package org.portolan.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A file that Portolan alone writes. A checksum of what it wrote last is kept elsewhere, so that a change by hand shows: who wants to
 * hide one could write that, too, so it is one that a JVM which has just begun is quick with. Where it is missing, as of a file that
 * an earlier version wrote, nothing is known.
 *
 * @param file whose folder exists
 * @param sum where the checksum is kept
 */
public record OwnFile(Path file, Path sum) {
    /** Of SHA-256 in hex, which versions before this one kept. */
    private static final int DIGEST_LENGTH = 64;

    /** Writes or replaces it, as {@link AtomicFiles#write} does. */
    public void write(String text, String permissions) {
        AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8), permissions);
        wrote(text);
    }

    /** Remembers what it holds. A checksum that cannot be written, or is torn by a power failure, costs that it is written again. */
    public void wrote(String text) {
        try {
            Files.createDirectories(sum.getParent());
            Files.writeString(sum, checksum(text));
        } catch (IOException unknown) {
            try {
                Files.deleteIfExists(sum);
            } catch (IOException stays) {
                // It names what was written before, and the file is written once more than it needs.
            }
        }
    }

    /** Whether somebody else has written it since; one that is missing is for others to find. */
    public boolean altered() {
        try {
            Optional<String> known = StateFiles.text(sum);
            Optional<String> text = known.isPresent() ? StateFiles.text(file) : Optional.empty();
            return text.isPresent()
                    && !known.get()
                            .equals(known.get().length() == DIGEST_LENGTH ? digest(text.get()) : checksum(text.get()));
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Length in bytes, and CRC-32C (RFC 3720). */
    private static String checksum(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return bytes.length + " " + Long.toHexString(crc.getValue());
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
