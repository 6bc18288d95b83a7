package org.portolan.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.portolan.process.FileProblems;
import org.portolan.source.GitAddress;

/**
 * Where the repositories of an installation that receive pushes are: bare ones in the state directory. They are not copies, as
 * mirrors are: what was pushed may be nowhere else.
 */
public final class PushRepositories {
    private static final String FOLDER = "repositories";
    private static final String SUFFIX = ".git";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    private PushRepositories() {}

    /** Whether a source that receives pushes can have this name: it is a folder's, and a part of addresses. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The folder of one, which need not be there. */
    public static Path repository(Path home, String name) {
        return real(home).resolve(FOLDER).resolve(name + SUFFIX);
    }

    /** Whose what is pushed there is, as in {@link org.portolan.model.service.SourceId#location}. */
    public static String location(Path home, String name) {
        return GitAddress.parse(repository(home, name).toString(), home).normal();
    }

    /** The names of those that are there. */
    public static SortedSet<String> names(Path home) {
        SortedSet<String> names = new TreeSet<>();
        Path folder = real(home).resolve(FOLDER);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path entry : entries) {
                String file = String.valueOf(entry.getFileName());
                String name = file.substring(0, file.length() - SUFFIX.length());
                if (isName(name) && Files.isRegularFile(entry.resolve("HEAD"))) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException none) {
            return names;
        } catch (IOException problem) {
            throw FileProblems.failure("read", folder, problem);
        }
        return names;
    }

    private static Path real(Path home) {
        try {
            return home.toRealPath();
        } catch (IOException missing) {
            return home.toAbsolutePath().normalize();
        }
    }
}
