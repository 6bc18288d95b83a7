package org.portolan.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/** Opens repositories of this machine for reading, whatever Git's variables in the environment say. */
final class Repositories {
    private Repositories() {}

    /**
     * A bare repository, or the one of a work tree.
     *
     * @throws org.eclipse.jgit.errors.RepositoryNotFoundException when there is none in the folder
     */
    static Repository open(Path folder) throws IOException {
        IsolatedConfiguration.install();
        FileRepositoryBuilder builder = new FileRepositoryBuilder().setMustExist(true);
        return Files.exists(folder.resolve(Constants.DOT_GIT))
                ? builder.setWorkTree(folder.toFile()).build()
                : builder.setGitDir(folder.toFile()).setBare().build();
    }

    /** Whether its objects have SHA-1 names, the only ones that JGit knows. */
    static boolean hasKnownIds(Repository repository) {
        String format = repository.getConfig().getString("extensions", null, "objectFormat");
        return format == null || format.equalsIgnoreCase("sha1");
    }
}
