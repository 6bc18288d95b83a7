package org.portolan.source.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps JGit away from the user's and the system's Git configuration: a fault or a rewrite rule there must not decide what
 * is deployed. It also keeps JGit from asking the git program for the system's file, and from measuring the file system by
 * writing probe files into repositories that are only read.
 */
final class IsolatedConfiguration extends SystemReader.Delegate {
    private static final String FILE_SYSTEM = "filesystem";
    // Coarser than any file system in use on Linux (ext4 ticks every 4 ms at most); too coarse only costs a second
    // look.
    private static final String RESOLUTION = "10 milliseconds";

    private IsolatedConfiguration() {
        super(SystemReader.getInstance());
    }

    /** Takes effect for the whole process, before the first repository is opened. */
    static void install() {
        if (!(SystemReader.getInstance() instanceof IsolatedConfiguration)) {
            SystemReader.setInstance(new IsolatedConfiguration());
        }
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new NoFile(parent, fs);
    }

    /** A configuration without a file, which knows the file system's resolution. */
    private static final class NoFile extends FileBasedConfig {
        @SuppressWarnings("NullAway") // JGit's own default passes no file either.
        NoFile(@Nullable Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {
            // There is nothing to load.
        }

        @Override
        public void save() {
            // What JGit finds out is known for this process only.
        }

        @Override
        public boolean isOutdated() {
            return false;
        }

        @Override
        public @Nullable String getString(String section, @Nullable String subsection, String name) {
            return section.equals(FILE_SYSTEM) ? RESOLUTION : super.getString(section, subsection, name);
        }
    }
}
