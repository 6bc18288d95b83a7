package org.portolan.source.git;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.FileTree;
import org.portolan.source.LocalFiles;

/** A commit's files, refused where the work tree that they were taken from holds something else. */
final class UnchangedFiles implements FileTree {
    private final CommitFiles commit;
    private final WorkTree workTree;
    private final Path root;
    private final LocalFiles files;

    UnchangedFiles(CommitFiles commit, WorkTree workTree, Path root) {
        this.commit = commit;
        this.workTree = workTree;
        this.root = root;
        this.files = new LocalFiles(root, root, false);
    }

    @Override
    public Optional<byte[]> read(String path) {
        Optional<byte[]> committed = commit.read(path);
        Optional<byte[]> here = files.read(path);
        if (here.isPresent() && (committed.isEmpty() || workTree.differs(real(path), here.get()))) {
            throw new Failure(Kind.INVALID, path + " in the work tree " + root + " has uncommitted changes")
                    .withHint(
                            "commit them, or deploy HEAD without them (--ref HEAD), or deploy the file (without --git)");
        }
        return committed;
    }

    /** Those of the commit; what is not committed is not deployed. */
    @Override
    public Optional<SortedSet<String>> children(String path) {
        return commit.children(path);
    }

    @Override
    public boolean executable(String path) {
        return commit.executable(path);
    }

    @Override
    public String shown(String path) {
        return commit.shown(path);
    }

    @Override
    public String describe() {
        return commit.describe();
    }

    private Path real(String path) {
        Path wanted = root.resolve(path).normalize();
        try {
            return wanted.toRealPath();
        } catch (java.io.IOException gone) {
            return wanted;
        }
    }
}
