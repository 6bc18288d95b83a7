package org.portolan.source.git;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.FileProblems;

/** Remotes of work trees. */
public final class Remotes {
    private static final String FETCH = "fetch";

    private Remotes() {}

    /** A name for a source of a work tree: that of its folder. */
    public static String nameOf(Path folder) {
        return String.valueOf(root(folder).getFileName()).replaceAll("[^A-Za-z0-9_-]", "-");
    }

    /**
     * Adds one, as {@code git remote add} does.
     *
     * @return false when it is there already
     * @throws Failure when another one has its name, or there is no work tree
     */
    public static boolean add(Path folder, String name, String url) {
        try (Repository repository = Repositories.open(root(folder))) {
            StoredConfig configuration = repository.getConfig();
            String known = configuration.getString(
                    ConfigConstants.CONFIG_REMOTE_SECTION, name, ConfigConstants.CONFIG_KEY_URL);
            if (url.equals(known)) {
                return false;
            }
            if (known != null) {
                throw new Failure(Kind.CONFLICT, "the repository has another remote " + name + " already")
                        .withHint("rename or remove it first: git -C " + folder + " remote rename " + name + " " + name
                                + "-old");
            }
            configuration.setString(ConfigConstants.CONFIG_REMOTE_SECTION, name, ConfigConstants.CONFIG_KEY_URL, url);
            configuration.setString(
                    ConfigConstants.CONFIG_REMOTE_SECTION, name, FETCH, "+refs/heads/*:refs/remotes/" + name + "/*");
            configuration.save();
            return true;
        } catch (IOException problem) {
            throw FileProblems.ofGiven("change the Git configuration of", folder, problem);
        }
    }

    private static Path root(Path folder) {
        try {
            Optional<Path> root = WorkTrees.rootOf(folder.toRealPath());
            return root.orElseThrow(() -> new Failure(Kind.INVALID, folder + " is not a Git repository")
                    .withHint("create one: git init " + folder));
        } catch (IOException missing) {
            throw FileProblems.ofGiven("read", folder, missing);
        }
    }
}
