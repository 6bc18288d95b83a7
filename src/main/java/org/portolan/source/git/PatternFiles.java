package org.portolan.source.git;

import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.revwalk.RevCommit;
import org.portolan.source.PathPattern;
import org.portolan.source.RepositoryPatterns;
import org.portolan.source.RepositoryPatterns.Match;

/** The Servicefiles of a commit that a path or a pattern stands for. */
final class PatternFiles {
    private PatternFiles() {}

    static List<Match> of(String branch, RevCommit commit, CommitFiles all, String path, String where) {
        Optional<PathPattern> pattern = PathPattern.parse(path);
        List<String> files = pattern.isPresent()
                ? all.matching(pattern.get(), RepositoryPatterns.MOST + 1)
                // Whether it is there, its reader finds out.
                : List.of(path);
        if (files.size() > RepositoryPatterns.MOST) {
            throw RepositoryPatterns.tooMany("files are like " + path, where);
        }
        return files.stream()
                .map(file -> new Match(branch, commit.name(), file))
                .toList();
    }

    /** Those of one more branch. */
    static void add(List<Match> all, List<Match> more, String where) {
        all.addAll(more);
        if (all.size() > RepositoryPatterns.MOST) {
            throw RepositoryPatterns.tooMany("Servicefiles of branches", where);
        }
    }
}
