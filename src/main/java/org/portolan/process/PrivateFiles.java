package org.portolan.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Files that a person names and that hold a secret. */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private static final String ROOT = "root";

    private PrivateFiles() {}

    /**
     * Looks whether only those can read a key who may.
     *
     * @throws Failure when others can read or change it. The group may read a file of root's: a machine's keys are often kept so.
     */
    public static void requirePrivate(Path file) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            Set<PosixFilePermission> allowed = EnumSet.copyOf(OWNER);
            if (attributes.owner().getName().equals(ROOT)) {
                allowed.add(PosixFilePermission.GROUP_READ);
            }
            if (!allowed.containsAll(attributes.permissions())) {
                throw new Failure(Kind.REFUSED, "the key " + file + " is open to others")
                        .withHint("run: chmod 600 " + file);
            }
        } catch (IOException unreadable) {
            throw FileProblems.ofGiven("read", file, unreadable);
        }
    }

    /**
     * A small text file.
     *
     * @throws Failure when it cannot be read, or is larger than so many bytes
     */
    public static String text(Path file, int most) {
        try (var in = Files.newInputStream(file)) {
            byte[] read = in.readNBytes(most + 1);
            if (read.length > most) {
                throw new Failure(Kind.INVALID, "the file " + file + " is larger than " + most / 1024 + " KiB");
            }
            return new String(read, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw FileProblems.ofGiven("read", file, unreadable);
        }
    }
}
