package org.portolan.source.git;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.SourceId;
import org.portolan.source.GitAddress;
import org.portolan.source.Located;
import org.portolan.source.PushedBranches;
import org.portolan.source.RepositoryPatterns;
import org.portolan.source.RepositoryPatterns.Match;

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
            // Exactly this one: a tag or branch with "refs/heads/main" as its short name is another.
            @Nullable Ref ref = repository.exactRef(name);
            @Nullable ObjectId tip = ref == null ? null : ref.getObjectId();
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

    /** Of a repository that is there; none when it is not. */
    static PushedBranches branches(Path folder) {
        SortedMap<String, String> commits = new TreeMap<>();
        try (Repository repository = Repositories.open(folder)) {
            for (Ref ref : repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS)) {
                @Nullable ObjectId id = ref.getObjectId();
                if (id != null) {
                    commits.put(Repository.shortenRefName(ref.getName()), id.name());
                }
            }
            return new PushedBranches(branchOfHead(repository), commits);
        } catch (RepositoryNotFoundException none) {
            return new PushedBranches(Constants.HEAD, commits);
        } catch (IOException damaged) {
            throw unreadable(folder, damaged);
        }
    }

    /** What patterns stand for; nothing is copied, and the commits need no branch. */
    static List<Match> find(Path folder, PushedBranches branches, RepositoryPatterns patterns) {
        String where = String.valueOf(folder.getFileName());
        boolean all = !patterns.branches().isEmpty();
        String only = patterns.revision().orElse(branches.head());
        List<Match> matches = new ArrayList<>();
        try (Repository repository = Repositories.open(folder);
                RevWalk walk = new RevWalk(repository)) {
            for (Map.Entry<String, String> branch : branches.commits().entrySet()) {
                String name = branch.getKey();
                if (all ? patterns.isBranch(name) : name.equals(only)) {
                    RevCommit commit = walk.parseCommit(ObjectId.fromString(branch.getValue()));
                    CommitFiles files = new CommitFiles(repository, commit.getTree(), where + " at " + name);
                    PatternFiles.add(
                            matches, PatternFiles.of(all ? name : "", commit, files, patterns.path(), where), where);
                }
            }
            return matches;
        } catch (RepositoryNotFoundException none) {
            return List.of();
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
