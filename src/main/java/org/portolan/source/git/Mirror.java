package org.portolan.source.git;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.process.ExclusiveLock;
import org.portolan.process.StateFiles;
import org.portolan.source.GitAddress;
import org.portolan.source.GitSettings;
import org.portolan.source.RepositoryPatterns;

/**
 * The bare mirror that is kept of a repository: all branches and tags, whole. One process at a time changes it. It is a
 * copy and nothing else: one that is damaged is thrown away and cloned again.
 */
final class Mirror {
    private static final int NAME_BYTES = 8;
    private static final int MAX_PACKS = 50;

    private final GitSettings settings;
    private final GitAddress address;
    private final Path folder;

    Mirror(GitSettings settings, GitAddress address) {
        this.settings = settings;
        this.address = address;
        this.folder = settings.mirrors().resolve(name(address.normal()) + ".git");
    }

    /** A commit with its files. */
    record Snapshot(RevCommit commit, CommitFiles files) {}

    /** The commit that a revision names now; without one, that of the repository's HEAD. */
    Snapshot at(Optional<String> revision) {
        String wanted = revision.map(String::strip).orElse(Constants.HEAD);
        if (wanted.isEmpty()) {
            throw new Failure(Kind.INVALID, "the Git revision is empty")
                    .withHint("use --ref with a branch, a tag or a commit, or omit it for HEAD");
        }
        return held(() -> attempt(wanted));
    }

    /**
     * The last commits of branches, fetched now.
     *
     * @param wanted which of them
     * @throws Failure when they are more than {@link RepositoryPatterns#MOST}
     */
    SortedMap<String, Snapshot> branches(Predicate<String> wanted) {
        return held(() -> {
            Repository repository = open();
            new Fetch(settings, address, repository).all();
            tidy(repository);
            Revisions revisions = new Revisions(repository, address);
            SortedMap<String, Snapshot> branches = new TreeMap<>();
            for (Ref ref : repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS)) {
                String branch = Repository.shortenRefName(ref.getName());
                Optional<RevCommit> commit = wanted.test(branch) ? revisions.commit(ref.getName()) : Optional.empty();
                commit.ifPresent(last -> branches.put(branch, snapshot(repository, branch, last)));
                if (branches.size() > RepositoryPatterns.MOST) {
                    throw RepositoryPatterns.tooMany("branches are like the pattern", address.shown());
                }
            }
            return branches;
        });
    }

    /** Something that is done with the mirror while no other process changes it. */
    private interface Attempt<T> {
        T make() throws IOException;
    }

    private <T> T held(Attempt<T> attempt) {
        IsolatedConfiguration.install();
        if (address.isLocal() && !Files.isDirectory(address.folder())) {
            throw new Failure(Kind.NOT_FOUND, address + " is not a Git repository")
                    .withHint("use the folder of a repository, bare or with a work tree");
        }
        try {
            refuseUnknownIds();
            createPrivate(settings.mirrors());
            try (ExclusiveLock lock =
                    ExclusiveLock.hold(folder.resolveSibling(folder.getFileName() + ".lock"), settings.deadline())) {
                return locked(attempt);
            }
        } catch (IOException problem) {
            throw unusable(problem);
        }
    }

    private void refuseUnknownIds() throws IOException {
        if (!address.isLocal()) {
            return;
        }
        try (Repository source = Repositories.open(address.folder())) {
            if (!Repositories.hasKnownIds(source)) {
                throw new Failure(Kind.INVALID, address + " uses SHA-256 object names, which are not supported")
                        .withHint("use a SHA-1 repository, or deploy from a work tree without --git");
            }
        } catch (RepositoryNotFoundException missing) {
            throw FetchProblems.failure(address, settings, missing);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new Failure(
                            Kind.INVALID,
                            "cannot read the Git repository at " + address + ": " + FetchProblems.firstLine(unreadable))
                    .withCause(unreadable)
                    .withHint("check it with: git -C " + address.folder() + " config --list; git -C " + address.folder()
                            + " fsck");
        }
    }

    private <T> T locked(Attempt<T> attempt) throws IOException {
        try {
            return attempt.make();
        } catch (IOException | DamagedException | IllegalArgumentException damaged) {
            // A mirror holds nothing but copies. Remote failures arrive as Failure and do not come here.
            discard();
            try {
                return attempt.make();
            } catch (DamagedException again) {
                throw new IOException(again.getCause());
            }
        }
    }

    /** What is kept on this machine cannot be read. */
    static final class DamagedException extends RuntimeException {
        DamagedException(Throwable cause) {
            super(cause);
        }
    }

    private Snapshot attempt(String wanted) throws IOException {
        Repository repository = open();
        Revisions revisions = new Revisions(repository, address);
        Optional<RevCommit> known = ObjectId.isId(wanted) ? revisions.commit(wanted) : Optional.empty();
        if (known.isEmpty()) {
            Fetch fetch = new Fetch(settings, address, repository);
            fetch.all();
            tidy(repository);
            known = revisions.commit(wanted);
            if (known.isEmpty() && (ObjectId.isId(wanted) || wanted.startsWith(Constants.R_REFS))) {
                fetch.one(wanted);
                known = revisions.commit(wanted);
            }
        }
        RevCommit commit = known.orElseThrow(() -> revisions.missing(wanted));
        return snapshot(repository, wanted, commit);
    }

    private Snapshot snapshot(Repository repository, String wanted, RevCommit commit) {
        String description = address.shown() + " at " + shown(wanted, commit);
        return new Snapshot(commit, new CommitFiles(repository, commit.getTree(), description));
    }

    private static String shown(String wanted, RevCommit commit) {
        String shortId = commit.name().substring(0, Commits.SHORT);
        return ObjectId.isId(wanted) || commit.name().startsWith(wanted) ? shortId : wanted + " (" + shortId + ")";
    }

    private Repository open() throws IOException {
        File directory = folder.toFile();
        boolean exists = Files.exists(folder.resolve(Constants.HEAD));
        if (!exists) {
            discard();
            createPrivate(folder);
        }
        Repository repository =
                new FileRepositoryBuilder().setGitDir(directory).setBare().build();
        if (!exists) {
            repository.create(true);
            StoredConfig configuration = repository.getConfig();
            // JGit would tidy up on a separate thread, while other processes work here.
            configuration.setInt(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTO, 0);
            configuration.setBoolean(
                    ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTODETACH, false);
            // Whoever reads an old pack meanwhile finds its objects in the new one.
            configuration.setString(
                    ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_PRUNEPACKEXPIRE, "now");
            configuration.save();
        }
        return repository;
    }

    /** Every fetch leaves a pack behind. */
    private void tidy(Repository repository) throws IOException {
        String[] packs = folder.resolve("objects/pack").toFile().list((parent, name) -> name.endsWith(".pack"));
        if (packs == null || packs.length <= MAX_PACKS) {
            return;
        }
        try (Git git = Git.wrap(repository)) {
            git.gc().call();
        } catch (GitAPIException problem) {
            throw new IOException(problem);
        }
    }

    private void discard() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        // Readers of the old files keep them open; the name is free at once.
        Path away = Files.createTempDirectory(settings.mirrors(), "damaged");
        Files.move(folder, away.resolve("mirror"));
        StateFiles.delete(away);
    }

    private Failure unusable(IOException problem) {
        return new Failure(
                Kind.UNAVAILABLE,
                "cannot create a mirror of " + address + " in " + settings.mirrors(),
                List.of(String.valueOf(problem.getMessage())),
                Optional.of(Remedy.of("check that the folder is writable and has space")),
                Optional.of(problem));
    }

    private static void createPrivate(Path path) throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private static String name(String normal) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(normal.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
        }
    }

    /** Finds commits in a mirror. */
    private record Revisions(Repository repository, GitAddress address) {
        Optional<RevCommit> commit(String wanted) throws IOException {
            @Nullable ObjectId id;
            try {
                id = id(wanted);
            } catch (AmbiguousObjectException ambiguous) {
                throw new Failure(Kind.INVALID, wanted + " is ambiguous in " + address)
                        .withHint("use more digits of the commit id");
            } catch (IncorrectObjectTypeException notACommit) {
                throw notACommit(wanted);
            } catch (RevisionSyntaxException malformed) {
                return Optional.empty();
            }
            if (id == null) {
                return Optional.empty();
            }
            try (RevWalk walk = new RevWalk(repository)) {
                RevCommit commit = walk.parseCommit(id);
                walk.parseBody(commit);
                return Optional.of(commit);
            } catch (IncorrectObjectTypeException notACommit) {
                throw notACommit(wanted);
            } catch (MissingObjectException missing) {
                if (ObjectId.isId(wanted)) {
                    return Optional.empty();
                }
                throw missing;
            }
        }

        /**
         * The mirror's own HEAD says nothing: what HEAD means is kept under another name. Git would take a tag before a branch of the same name: a person who can make tags could have deployed what the branch, and whoever
         * guards it, does not have. A name in full is that reference and no other.
         */
        private @Nullable ObjectId id(String wanted) throws IOException {
            boolean full = wanted.startsWith(Constants.R_REFS);
            String name = full ? wanted : Constants.R_HEADS + wanted;
            if (Repository.isValidRefName(name)) {
                @Nullable Ref ref = repository.exactRef(name);
                if (full || ref != null) {
                    return ref == null ? null : ref.getObjectId();
                }
            }
            return repository.resolve(inMirror(wanted));
        }

        private static String inMirror(String wanted) {
            for (String head : List.of(Constants.HEAD, "@")) {
                boolean alone = wanted.equals(head);
                if (alone || (wanted.startsWith(head) && "~^@{".indexOf(wanted.charAt(head.length())) >= 0)) {
                    return Fetch.HEAD + wanted.substring(head.length());
                }
            }
            return wanted;
        }

        private Failure notACommit(String wanted) {
            return new Failure(Kind.INVALID, wanted + " is not a commit in " + address)
                    .withHint("use --ref with a branch, a tag or a commit, and --path with a folder");
        }

        Failure missing(String wanted) {
            try {
                List<String> branches = repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).stream()
                        .map(ref -> Repository.shortenRefName(ref.getName()))
                        .sorted()
                        .limit(10)
                        .toList();
                if (branches.isEmpty()) {
                    return new Failure(Kind.NOT_FOUND, address + " has no commit yet")
                            .withHint("commit and push a Servicefile first");
                }
                String what = wanted.equals(Constants.HEAD)
                        ? "the HEAD of " + address + " is a branch that does not exist"
                        : address + " has no branch, tag or commit " + wanted;
                return new Failure(Kind.NOT_FOUND, what)
                        .withHint("use --ref with another one; branches: " + String.join(", ", branches));
            } catch (IOException problem) {
                throw new DamagedException(problem);
            }
        }
    }
}
