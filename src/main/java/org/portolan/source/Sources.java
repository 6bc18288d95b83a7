package org.portolan.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds Servicefiles. Every call fails with {@link org.portolan.model.Failure} that says what to do. */
public interface Sources {
    /** The file's name when none is given. */
    String DEFAULT_NAME = "Servicefile";

    /**
     * A file, or the folder that holds a {@link #DEFAULT_NAME}. In a Git work tree its includes and templates may lie
     * anywhere in the work tree, else anywhere under its folder.
     */
    Located local(Path file);

    /**
     * A file in a commit.
     *
     * @param address {@code https://}, {@code ssh://}, {@code user@host:path}, {@code file://} or a path
     * @param revision branch, tag, full or short commit id, or any other revision that names a commit; empty: the
     *     repository's HEAD
     * @param path the file, or the folder that holds a {@link #DEFAULT_NAME}; "" for the root
     */
    Located git(String address, Optional<String> revision, String path);

    /**
     * What patterns stand for in a repository now, fetched once; in the order of branches and paths. What is found is read by its
     * commit, without another fetch.
     *
     * @param address as for {@link #git}
     * @throws org.portolan.model.Failure also when there are more than {@link RepositoryPatterns#MOST}, or no file of a path
     *     without a pattern
     */
    List<RepositoryPatterns.Match> find(String address, RepositoryPatterns patterns);

    /**
     * A file in the last commit of a bare repository of this machine that receives pushes; read where it is, without a copy.
     *
     * @param branch empty: the one of the repository's HEAD
     * @param path as for {@link #git}
     * @return empty: nothing was pushed to that branch yet, or it was deleted
     */
    Optional<Located> pushed(Path repository, Optional<String> branch, String path);

    /**
     * A file in any commit of such a repository, whether a branch names it yet or not.
     *
     * @param commit its full id
     * @param branch that it is on or goes to, for people
     */
    Located pushedCommit(Path repository, String commit, String branch, String path);

    /** The branches of a bare repository of this machine that receives pushes; none where there is no repository. */
    PushedBranches pushedBranches(Path repository);

    /**
     * What patterns stand for in such a repository; in the order of branches and paths.
     *
     * @param branches with commits that are in the repository, whether it names them yet or not
     * @return none where patterns of branches are not asked for and the branch is not there
     * @throws org.portolan.model.Failure when there are more than {@link RepositoryPatterns#MOST}
     */
    List<RepositoryPatterns.Match> findPushed(Path repository, PushedBranches branches, RepositoryPatterns patterns);

    /** Makes an empty bare repository for pushes, whole or not at all; false when it is there already. */
    boolean makePushed(Path repository);
}
