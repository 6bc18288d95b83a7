package org.portolan.source.git;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds work trees by looking at folders only, so that a file outside Git costs nothing of Git. */
final class WorkTrees {
    private WorkTrees() {}

    /** The root of the work tree that a folder lies in: the nearest one above it. */
    static Optional<Path> rootOf(Path realFolder) {
        for (@Nullable Path folder = realFolder; folder != null; folder = folder.getParent()) {
            Path git = folder.resolve(".git");
            // A file names the folder of a linked work tree or of a submodule; a folder without HEAD is not Git's.
            if (Files.isRegularFile(git) || Files.exists(git.resolve("HEAD"))) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    static boolean isBareRepository(Path folder) {
        return Files.isRegularFile(folder.resolve("HEAD"))
                && Files.isDirectory(folder.resolve("objects"))
                && Files.isDirectory(folder.resolve("refs"));
    }
}
