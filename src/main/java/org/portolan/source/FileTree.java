package org.portolan.source;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The files that desired state is read from: a folder, or the tree of a commit. Paths are relative to the root, with
 * {@code /}, in normal form. Nothing outside the root can be read, whatever the path or a symbolic link says.
 */
public interface FileTree {
    /** The most bytes that one file may have. */
    int MAX_FILE_BYTES = 1024 * 1024;

    /**
     * A file's content; empty when there is no such file.
     *
     * @throws OutsideTree when the path, or a link on it, leaves the root
     * @throws org.portolan.model.Failure when the file is larger than {@link #MAX_FILE_BYTES} or cannot be read
     */
    Optional<byte[]> read(String path);

    /**
     * The names of what is directly in a folder; empty when it is not a folder.
     *
     * @throws OutsideTree as {@link #read} does
     */
    Optional<SortedSet<String>> children(String path);

    /** Whether a file that can be read is a program: its owner may execute it. */
    boolean executable(String path);

    /** Whether its files lie on this machine, where a container could mount them: those of a commit do not. */
    default boolean onDisk() {
        return false;
    }

    /** Why its files are not {@link #onDisk}, in words. */
    default String apart() {
        return "the files of a commit are not on disk";
    }

    /**
     * Where a file or folder lies on this machine: its real path; empty when nothing is there, or not {@link #onDisk}.
     *
     * @throws OutsideTree as {@link #read} does
     * @throws org.portolan.model.Failure when Git's own folder is in it, or it cannot be looked at
     */
    default Optional<Path> place(String path) {
        return Optional.empty();
    }

    /** The path as it is shown to people, for example relative to the folder they stand in. */
    String shown(String path);

    /** The root, for people. */
    String describe();

    /** A path that leads out of the tree. */
    final class OutsideTree extends RuntimeException {
        public OutsideTree(String path) {
            super(path);
        }
    }
}
