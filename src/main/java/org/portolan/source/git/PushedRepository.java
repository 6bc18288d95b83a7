package org.portolan.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;
import org.portolan.process.StateFiles;

/** Bare repositories of the state directory that receive pushes. */
public final class PushedRepository {
    private static final String UNUSED = "1.hour.ago";

    private PushedRepository() {}

    private static boolean exists(Path folder) {
        return WorkTrees.isBareRepository(folder);
    }

    /** Makes one that is empty, whole or not at all; false when it is there already. */
    public static boolean create(Path folder) {
        // Also for whoever opens it next.
        IsolatedConfiguration.install();
        if (exists(folder)) {
            return false;
        }
        Path above = Objects.requireNonNull(folder.getParent());
        Home.makeFolder(above);
        try {
            Path made = Files.createTempDirectory(above, "new-");
            try {
                fill(made);
                Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                StateFiles.delete(made);
            }
            return true;
        } catch (IOException problem) {
            if (exists(folder)) {
                return false;
            }
            throw FileProblems.failure("create the repository", folder, problem);
        }
    }

    private static void fill(Path folder) throws IOException {
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build()) {
            repository.create(true);
            StoredConfig configuration = repository.getConfig();
            configuration.setInt(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTO, 0);
            // What was refused goes at the next tidying, but nothing that is being received.
            configuration.setString(
                    ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_PRUNEEXPIRE, UNUSED);
            configuration.setString(
                    ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_PRUNEPACKEXPIRE, UNUSED);
            configuration.save();
            RefUpdate head = repository.updateRef(Constants.HEAD);
            head.disableRefLog();
            head.link(Constants.R_HEADS + "main");
        }
    }
}
