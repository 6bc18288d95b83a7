package org.portolan.source.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.process.FileProblems;
import org.portolan.source.FileTree;
import org.portolan.source.GitAddress;
import org.portolan.source.GitSettings;
import org.portolan.source.LocalFiles;
import org.portolan.source.Located;
import org.portolan.source.PushedBranches;
import org.portolan.source.RepositoryPatterns;
import org.portolan.source.Sources;

/** Finds Servicefiles in folders, work trees and repositories. JGit is loaded only where there is Git. */
public final class GitSources implements Sources {
    private final GitSettings settings;
    private final Path workingDirectory;

    public GitSources(GitSettings settings) {
        this(settings, Path.of("").toAbsolutePath());
    }

    GitSources(GitSettings settings, Path workingDirectory) {
        this.settings = settings;
        this.workingDirectory = workingDirectory;
    }

    @Override
    public Located local(Path file) {
        Path written = Files.isDirectory(workingDirectory.resolve(file)) ? file.resolve(DEFAULT_NAME) : file;
        Path real = real(file, written);
        Path folder = parent(real);
        Optional<Path> root = WorkTrees.rootOf(folder);
        LocalFiles files = new LocalFiles(root.orElse(folder), realWorkingDirectory(), file.isAbsolute());
        String path = files.root().relativize(real).toString();
        files.showing(path, written.normalize().toString());
        if (root.isEmpty()) {
            SourceId source = new SourceId(real.toString(), "");
            return new Located(files, path, source, () -> Origin.of(source), () -> moved(file, real, files));
        }
        WorkTree workTree = new WorkTree(files.root());
        SourceId source = new SourceId(workTree.location(), path);
        return new Located(
                files,
                path,
                source,
                () -> workTree.origin(source, relevant(files, path)),
                () -> moved(file, real, files));
    }

    /** A link may lead elsewhere now (as `current` does where releases lie side by side), or the files changed. */
    private Optional<Located> moved(Path file, Path real, LocalFiles files) {
        Path written = Files.isDirectory(workingDirectory.resolve(file)) ? file.resolve(DEFAULT_NAME) : file;
        return real(file, written).equals(real) && !files.changed() ? Optional.empty() : Optional.of(local(file));
    }

    @Override
    public Located git(String address, Optional<String> revision, String path) {
        GitAddress repository = GitAddress.parse(address, workingDirectory);
        return at(repository, revision, path, new Mirror(settings, repository).at(revision));
    }

    @Override
    public List<RepositoryPatterns.Match> find(String address, RepositoryPatterns patterns) {
        GitAddress repository = GitAddress.parse(address, workingDirectory);
        Mirror mirror = new Mirror(settings, repository);
        if (patterns.branches().isEmpty()) {
            Mirror.Snapshot snapshot = mirror.at(patterns.revision());
            return PatternFiles.of("", snapshot.commit(), snapshot.files(), patterns.path(), repository.shown());
        }
        List<RepositoryPatterns.Match> matches = new ArrayList<>();
        mirror.branches(patterns::isBranch).forEach((branch, snapshot) -> {
            PatternFiles.add(
                    matches,
                    PatternFiles.of(branch, snapshot.commit(), snapshot.files(), patterns.path(), repository.shown()),
                    repository.shown());
        });
        return matches;
    }

    @Override
    public Optional<Located> pushed(Path repository, Optional<String> branch, String path) {
        return PushedCommits.last(repository, branch, path);
    }

    @Override
    public Located pushedCommit(Path repository, String commit, String branch, String path) {
        return PushedCommits.at(repository, commit, branch, path);
    }

    @Override
    public PushedBranches pushedBranches(Path repository) {
        return PushedCommits.branches(repository);
    }

    @Override
    public List<RepositoryPatterns.Match> findPushed(
            Path repository, PushedBranches branches, RepositoryPatterns patterns) {
        return PushedCommits.find(repository, branches, patterns);
    }

    @Override
    public boolean makePushed(Path repository) {
        return PushedRepository.create(repository);
    }

    private Located at(GitAddress repository, Optional<String> revision, String path, Mirror.Snapshot snapshot) {
        CommitFiles commit = snapshot.files();
        String file = servicefile(commit, path);
        SourceId source = new SourceId(repository.normal(), file);
        FileTree tree = revision.isEmpty() ? guarded(repository, commit) : commit;
        return new Located(
                tree, file, source, () -> Commits.origin(source, snapshot.commit(), false), () -> Optional.of(
                                new Mirror(settings, repository).at(revision))
                        .filter(now ->
                                !now.commit().name().equals(snapshot.commit().name()))
                        .map(now -> at(repository, revision, path, now)));
    }

    /** The files of a release: those that were read, and the Servicefile in any case. */
    private static Map<Path, byte[]> relevant(LocalFiles files, String path) {
        Map<Path, byte[]> relevant = new LinkedHashMap<>(files.contents());
        if (relevant.isEmpty()) {
            files.read(path);
            relevant.putAll(files.contents());
        }
        return relevant;
    }

    static String servicefile(CommitFiles commit, String path) {
        Optional<CommitFiles.Entry> entry;
        try {
            entry = commit.find(path);
            if (entry.isPresent() && entry.get().isFolder()) {
                String inFolder = entry.get().path().isEmpty()
                        ? DEFAULT_NAME
                        : entry.get().path() + "/" + DEFAULT_NAME;
                entry = commit.find(inFolder).filter(found -> !found.isFolder());
                if (entry.isEmpty()) {
                    throw missing(inFolder, commit);
                }
            }
        } catch (FileTree.OutsideTree outside) {
            throw new Failure(Kind.INVALID, "the path " + path + " leads outside " + commit.describe())
                    .withHint("use a path relative to the repository's root");
        }
        return entry.orElseThrow(() -> missing(path, commit)).path();
    }

    private static Failure missing(String path, CommitFiles commit) {
        return new Failure(Kind.NOT_FOUND, path + " does not exist in " + commit.describe())
                .withHint("set its path with --path, or commit and push it");
    }

    /** Somebody who deploys a work tree's HEAD without naming it expects to deploy what they see. */
    private static FileTree guarded(GitAddress repository, CommitFiles commit) {
        if (!repository.isLocal()) {
            return commit;
        }
        try {
            Path folder = repository.folder().toRealPath();
            return WorkTrees.rootOf(folder).filter(folder::equals).isPresent()
                    ? new UnchangedFiles(commit, new WorkTree(folder), folder)
                    : commit;
        } catch (IOException gone) {
            return commit;
        }
    }

    private Path real(Path file, Path written) {
        Path absolute = workingDirectory.resolve(written);
        try {
            return absolute.toRealPath();
        } catch (NoSuchFileException missing) {
            Path folder = workingDirectory.resolve(file);
            if (WorkTrees.isBareRepository(folder)) {
                throw new Failure(Kind.INVALID, file + " is a bare Git repository")
                        .withRemedy(Remedy.of("deploy one of its commits: ")
                                .and(Call.of(Verb.DEPLOY, "--git", file.toString())));
            }
            throw new Failure(Kind.NOT_FOUND, "file " + written + " does not exist")
                    .withRemedy(Remedy.of("to create one: ").and(Call.of(Verb.INIT)));
        } catch (IOException problem) {
            throw FileProblems.ofGiven("read", file, problem);
        }
    }

    private Path realWorkingDirectory() {
        try {
            return workingDirectory.toRealPath();
        } catch (IOException gone) {
            return workingDirectory;
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }
}
