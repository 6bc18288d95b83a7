package org.portolan.source;

import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * Which branches and Servicefiles of a repository are meant.
 *
 * @param revision a branch, tag or commit; empty: the repository's HEAD. Not used with {@code branches}
 * @param branches patterns of branches, of which a branch has to be like one; none: the one of the revision
 * @param path the Servicefile or its folder, or a {@link PathPattern}
 * @param except branches that are not meant, whatever they are like
 */
public record RepositoryPatterns(
        Optional<String> revision, List<BranchPattern> branches, String path, List<String> except) {
    /** The most branches and Servicefiles, in all, that patterns may stand for. */
    public static final int MOST = 100;

    public boolean isBranch(String branch) {
        return !except.contains(branch) && branches.stream().anyMatch(pattern -> pattern.matches(branch));
    }

    /** Says that there are too many. */
    public static Failure tooMany(String what, String where) {
        return new Failure(Kind.INVALID, "more than " + MOST + " " + what + " in " + where)
                .withHint("use a narrower pattern, or several sources");
    }

    /**
     * A Servicefile that there is.
     *
     * @param branch "" where no patterns of branches were asked for
     * @param commit its full id
     * @param path of the file in the repository
     */
    public record Match(String branch, String commit, String path) {}
}
