package org.portolan.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The few facts of a repository that every deploy from a work tree needs, read with the JDK alone: JGit takes a quarter of
 * a second to load, as long as all the rest. Whatever is out of the ordinary is left to JGit (an empty answer). Formats:
 * gitrepository-layout(5), git-config(1).
 *
 * @param own the folder of the work tree, which holds HEAD
 * @param common what linked work trees share: configuration, branches, objects
 */
record GitFolder(Path own, Path common) {
    private static final String LINK = "gitdir:";
    private static final String SYMBOLIC = "ref:";
    private static final int ID_DIGITS = 40;
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    /** The folder behind a work tree's {@code .git}, which is a folder or a file that names one. */
    static GitFolder of(Path workTree) throws IOException {
        Path own = workTree.resolve(".git");
        if (Files.isRegularFile(own)) {
            String text = text(own).strip();
            if (!text.startsWith(LINK)) {
                throw new IOException(own + " does not name a repository");
            }
            own = workTree.resolve(text.substring(LINK.length()).strip()).normalize();
        }
        Path link = own.resolve("commondir");
        return new GitFolder(
                own, Files.exists(link) ? own.resolve(text(link).strip()).normalize() : own);
    }

    /** What the repository's configuration says of {@code remote.origin.url}. */
    record Configured(Optional<String> originUrl) {}

    /** Empty where the file includes others or asks for extensions, which change how all else is read. */
    Optional<Configured> configured() throws IOException {
        Path file = common.resolve("config");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Optional<String> url = Optional.empty();
        boolean inOrigin = false;
        for (String line : text(file).split("\n")) {
            String entry = line.strip();
            if (entry.endsWith("\\")) {
                return Optional.empty();
            }
            if (entry.startsWith("[")) {
                String section = entry.toLowerCase(Locale.ROOT);
                boolean remote = section.startsWith("[remote");
                boolean plain = section.endsWith("]") && (!remote || section.startsWith("[remote \""));
                if (!plain || section.startsWith("[include") || section.startsWith("[extensions")) {
                    return Optional.empty();
                }
                inOrigin = remote && entry.endsWith(" \"origin\"]");
            } else if (inOrigin) {
                int equals = entry.indexOf('=');
                if (equals > 0 && entry.substring(0, equals).strip().equalsIgnoreCase("url")) {
                    String value = entry.substring(equals + 1).strip();
                    if (value.indexOf('"') >= 0
                            || value.indexOf('\\') >= 0
                            || value.indexOf('#') >= 0
                            || value.indexOf(';') >= 0) {
                        return Optional.empty();
                    }
                    url = url.or(() -> Optional.of(value));
                }
            }
        }
        return Optional.of(new Configured(url));
    }

    /** The commit that HEAD stands for; empty when it is unborn or kept in a way that is not known here. */
    Optional<String> head() throws IOException {
        String head = text(own.resolve("HEAD")).strip();
        if (!head.startsWith(SYMBOLIC)) {
            return id(head);
        }
        String reference = head.substring(SYMBOLIC.length()).strip();
        if (!reference.startsWith("refs/") || reference.contains("..")) {
            return Optional.empty();
        }
        Path loose = common.resolve(reference);
        if (Files.isRegularFile(loose)) {
            return id(text(loose).strip());
        }
        Path packed = common.resolve("packed-refs");
        if (Files.exists(packed)) {
            for (String line : text(packed).split("\n")) {
                int space = line.indexOf(' ');
                if (space == ID_DIGITS && line.substring(space + 1).equals(reference)) {
                    return id(line.substring(0, space));
                }
            }
        }
        return Optional.empty();
    }

    ObjectFiles objects() {
        return new ObjectFiles(common.resolve("objects"));
    }

    private static Optional<String> id(@Nullable String text) {
        if (text == null || text.length() != ID_DIGITS) {
            return Optional.empty();
        }
        for (int i = 0; i < ID_DIGITS; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return Optional.empty();
            }
        }
        return Optional.of(text);
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is too large");
        }
        return Files.readString(file);
    }
}
