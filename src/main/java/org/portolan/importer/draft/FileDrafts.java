package org.portolan.importer.draft;

import java.util.Optional;

/** Files and folders beside the input that a service gets: as {@code files}, a part of the version, where they can be. */
public final class FileDrafts {
    private static final int MOST_FILES = 500;
    private static final long MOST_BYTES = 1024 * 1024;

    private final InputFiles files;

    public FileDrafts(InputFiles files) {
        this.files = files;
    }

    /** Why a path cannot be in {@code files}; empty when it can. */
    public Optional<String> obstacle(@org.jspecify.annotations.Nullable String inTree) {
        if (inTree == null) {
            return Optional.of("it is outside of the folder or repository of the input");
        }
        return switch (files.presence(inTree)) {
            case FILE -> size(inTree) > MOST_BYTES ? Optional.of("it is larger than 1 MiB") : Optional.empty();
            case FOLDER -> folder(inTree);
            case MISSING -> Optional.of("it does not exist now");
            case OUTSIDE -> Optional.of("it is outside of the folder or repository of the input");
        };
    }

    private Optional<String> folder(String path) {
        long[] found = {0, 0};
        count(path, found);
        if (found[0] == 0) {
            return Optional.of("the folder is empty");
        }
        boolean fits = found[0] <= MOST_FILES && found[1] <= MOST_BYTES;
        return fits ? Optional.empty() : Optional.of("the folder has more than 500 files or 1 MiB");
    }

    private void count(String path, long[] found) {
        for (String name : files.children(path)) {
            String below = path.isEmpty() ? name : path + "/" + name;
            if (found[0] > MOST_FILES || found[1] > MOST_BYTES) {
                return;
            }
            if (files.presence(below) == InputFiles.Presence.FOLDER) {
                count(below, found);
            } else {
                found[0]++;
                found[1] += size(below);
            }
        }
    }

    private long size(String path) {
        return files.size(path);
    }
}
