package org.portolan.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** The token that a command shows a controller: of the environment or a file, never an argument, which others can list. */
final class AccessToken {
    private static final String FILE = "PORTOLAN_TOKEN_FILE";
    private static final int MOST = 4096;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private AccessToken() {}

    /**
     * The token, if there is one.
     *
     * @throws Failure when it cannot be one, or others can read its file
     */
    static Optional<String> of(Map<String, String> environment) {
        String given = environment.getOrDefault("PORTOLAN_TOKEN", "");
        if (!given.isBlank()) {
            return Optional.of(checked("PORTOLAN_TOKEN", given.strip()));
        }
        String file = environment.getOrDefault(FILE, "");
        return file.isBlank() ? Optional.empty() : Optional.of(ofFile(Path.of(file)));
    }

    private static String ofFile(Path file) {
        try {
            if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                throw new Failure(Kind.REFUSED, "the file of the token, " + file + ", is open to others")
                        .withHint("run: chmod 600 " + file);
            }
            if (Files.size(file) > MOST) {
                throw new Failure(Kind.INVALID, file + " is not a token: it is larger than " + MOST + " bytes");
            }
            return checked(file.toString(), Files.readString(file).strip());
        } catch (IOException unreadable) {
            throw new Failure(Kind.INVALID, "cannot read the file of the token, " + file)
                    .withHint(FILE + " names it")
                    .withCause(unreadable);
        }
    }

    /** What goes into a line of HTTP has to stay in it. */
    private static String checked(String where, String token) {
        if (token.isEmpty() || !token.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
            throw new Failure(Kind.INVALID, where + " does not hold a token")
                    .withHint("a token is one word of letters, digits and signs");
        }
        return token;
    }
}
