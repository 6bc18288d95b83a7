package org.portolan.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.FileProblems;

/**
 * Where a secret is, written {@code env:NAME} or {@code file:PATH}. It is read when it is used, so that one that is replaced works
 * at once.
 *
 * @param variable its environment variable, "" for a file
 * @param file its file, else empty
 * @param place the configuration's key with its position, for messages
 */
public record SecretReference(String variable, Optional<Path> file, String place) {
    static final String FORM = "env:NAME or file:PATH";

    private static final String ENV = "env:";
    private static final String FILE = "file:";
    private static final long MOST_BYTES = 64 * 1024;

    /**
     * Reads the reference.
     *
     * @param base what relative paths start at
     * @return empty when the text is neither
     */
    static Optional<SecretReference> parse(String text, Path base, String place) {
        if (text.startsWith(ENV) && text.length() > ENV.length()) {
            return Optional.of(new SecretReference(text.substring(ENV.length()), Optional.empty(), place));
        }
        if (text.startsWith(FILE) && text.length() > FILE.length()) {
            try {
                Path file = base.resolve(text.substring(FILE.length())).toAbsolutePath();
                return Optional.of(new SecretReference("", Optional.of(file.normalize()), place));
            } catch (InvalidPathException notPath) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * The secret as it is now, without white space around it.
     *
     * @throws Failure when it is missing or empty
     */
    public String read(Map<String, String> environment) {
        String text = file.map(this::content).orElseGet(() -> environment.getOrDefault(variable, ""));
        if (text.isBlank()) {
            throw new Failure(
                            Kind.INVALID,
                            place + ": "
                                    + file.map(path -> "the file " + path + " is empty")
                                            .orElse("the environment variable " + variable + " is not set"))
                    .withHint("put the secret there, or change the reference");
        }
        return text.strip();
    }

    private String content(Path path) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new Failure(Kind.INVALID, place + ": the file " + path + " is larger than 64 KiB");
            }
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw FileProblems.ofGiven("read", path, unreadable);
        }
    }
}
