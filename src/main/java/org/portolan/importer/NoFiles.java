package org.portolan.importer;

import java.util.Optional;
import java.util.SortedSet;
import org.portolan.source.FileTree;

/** No files: for an input that was not read from a folder. */
public final class NoFiles implements FileTree {
    @Override
    public Optional<byte[]> read(String path) {
        return Optional.empty();
    }

    @Override
    public Optional<SortedSet<String>> children(String path) {
        return Optional.empty();
    }

    @Override
    public boolean executable(String path) {
        return false;
    }

    @Override
    public String shown(String path) {
        return path;
    }

    @Override
    public String describe() {
        return "no folder";
    }
}
