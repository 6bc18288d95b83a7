package org.portolan.gitserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Repositories as files: opens them and keeps them small. */
final class Packs {
    private static final int MOST = 50;

    private Packs() {}

    /** Opens one; whoever asked closes it. */
    static Repository open(Path folder) throws IOException {
        return new FileRepositoryBuilder()
                .setGitDir(folder.toFile())
                .setBare()
                .setMustExist(true)
                .build();
    }

    /** Puts many packs together, each push leaves one, and removes what no branch or tag needs for an hour. */
    static void tidy(Repository repository) throws IOException {
        Path packs = repository.getDirectory().toPath().resolve("objects/pack");
        try (Stream<Path> files = Files.list(packs)) {
            if (files.filter(file -> file.toString().endsWith(".pack")).count() <= MOST) {
                return;
            }
        }
        try (Git git = Git.wrap(repository)) {
            git.gc().call();
        } catch (GitAPIException problem) {
            throw new IOException(problem);
        }
    }

    /** What it takes on disk, in bytes. */
    static long size(Repository repository) {
        try (Stream<Path> files = Files.walk(repository.getDirectory().toPath())) {
            return files.mapToLong(Packs::length).sum();
        } catch (IOException | UncheckedIOException changing) {
            return 0;
        }
    }

    private static long length(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
