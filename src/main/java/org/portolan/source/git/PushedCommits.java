package org.portolan.source.git;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.SourceId;
import org.portolan.source.GitAddress;
import org.portolan.source.Located;

/** Servicefiles in commits that were pushed to a repository of this machine, or are being pushed. */
final class PushedCommits {
    private PushedCommits() {}

    /**
     * The last commit of a branch.
     *
     * @param branch empty: the one of HEAD
     * @return empty: there is none yet, or there is no repository
     */
    static Optional<Located> last(Path folder, Optional<String> branch, String path) {
        try {
            Repository repository = Repositories.open(folder);
            String name = branch.map(each -> Constants.R_HEADS + each).orElse(Constants.HEAD);
            @Nullable ObjectId tip = repository.resolve(name);
            if (tip == null) {
                repository.close();
                return Optional.empty();
            }
            String shown = branch.orElseGet(() -> branchOfHead(repository));
            return Optional.of(at(repository, tip, path, shown, () -> last(folder, branch, path)
                    .filter(now -> !now.origin().commit().equals(Optional.of(tip.name())))));
        } catch (RepositoryNotFoundException none) {
            return Optional.empty();
        } catch (IOException damaged) {
            throw unreadable(folder, damaged);
        }
    }

    private static Failure unreadable(Path folder, IOException problem) {
        return new Failure(Kind.CORRUPT, "cannot read the Git repository in " + folder)
                .withCause(problem)
                .withHint("check it with: git -C " + folder + " fsck");
    }

    private static String branchOfHead(Repository repository) {
        try {
            return Repository.shortenRefName(String.valueOf(repository.getFullBranch()));
        } catch (IOException unreadable) {
            return Constants.HEAD;
        }
    }

    /**
     * One commit, which no branch needs to name.
     *
     * @param branch that it is on or goes to, for people
     */
    static Located at(Path folder, String commit, String branch, String path) {
        try {
            return at(Repositories.open(folder), ObjectId.fromString(commit), path, branch, Optional::empty);
        } catch (IOException damaged) {
            throw unreadable(folder, damaged);
        }
    }

    private static Located at(
            Repository repository, AnyObjectId id, String path, String branch, Supplier<Optional<Located>> moved)
            throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(id);
            walk.parseBody(commit);
            Path folder = repository.getDirectory().toPath();
            String name = String.valueOf(folder.getFileName());
            CommitFiles files = new CommitFiles(
                    repository,
                    commit.getTree(),
                    name + " at " + branch + " (" + commit.name().substring(0, Commits.SHORT) + ")");
            String file = GitSources.servicefile(files, path);
            SourceId source =
                    new SourceId(GitAddress.parse(folder.toString(), folder).normal(), file);
            return new Located(files, file, source, () -> Commits.origin(source, commit, false), moved);
        }
    }
}
