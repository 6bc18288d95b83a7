package org.portolan.source.git;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.source.GitAddress;

/**
 * A Git work tree: its repository's address, its HEAD, and whether files differ from it. The ordinary case, in which they
 * do not differ, is read without JGit. Nothing of the repository is run,
 * neither hooks nor filters, and nothing is written to it. Linked work trees and submodules are separate work trees
 * repository.
 */
final class WorkTree {
    private final Path root;

    /** @param root a real path, as {@link WorkTrees#rootOf} gives it */
    WorkTree(Path root) {
        this.root = root;
    }

    /** The repository's address in normal form: its {@code origin}, without one its own path. */
    String location() {
        try {
            GitFolder folder = GitFolder.of(root);
            Optional<GitFolder.Configured> known = folder.configured();
            Optional<String> url = known.isPresent() ? known.get().originUrl() : urlByLibrary();
            // Of a linked work tree without an origin, the repository that it is linked to.
            // What the origin is matters to fetches only: here any address is a name.
            return GitAddress.identity(
                    url.filter(text -> !text.isBlank()).orElse(folder.common().toString()), root);
        } catch (IOException problem) {
            throw unreadable(problem);
        }
    }

    private Optional<String> urlByLibrary() throws IOException {
        try (Repository repository = Repositories.open(root)) {
            // As git fetches: from the first of several.
            String[] urls = repository.getConfig().getStringList("remote", Constants.DEFAULT_REMOTE_NAME, "url");
            return urls.length == 0 || urls[0].isBlank() ? Optional.empty() : Optional.of(urls[0]);
        }
    }

    /** @param files the files that matter by real path, with what was read */
    Origin origin(SourceId source, Map<Path, byte[]> files) {
        try {
            GitFolder folder = GitFolder.of(root);
            if (folder.configured().isPresent()) {
                Optional<String> head = folder.head();
                ObjectFiles objects = folder.objects();
                Optional<byte[]> commit = head.isEmpty() ? Optional.empty() : objects.read(head.get());
                if (commit.isPresent()) {
                    CommitText text = CommitText.parse(commit.get());
                    if (sameInTree(objects, text.tree(), files)) {
                        return new Origin(source, head, false, Optional.of(text.author()), Optional.of(text.subject()));
                    }
                }
            }
        } catch (IOException notSimple) {
            // JGit knows every form; when it fails too, it says why.
        }
        try {
            return originByLibrary(source, files);
        } catch (Failure failure) {
            throw failure;
        } catch (RuntimeException damaged) {
            // JGit reports a damaged file in many ways, not all of them meant for callers.
            throw unreadable(damaged);
        }
    }

    private boolean sameInTree(ObjectFiles objects, String tree, Map<Path, byte[]> files) throws IOException {
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            Optional<String> committed = objects.inTree(tree, inRepository(file.getKey()));
            byte[] content = file.getValue();
            boolean same = committed.isPresent()
                    && (committed.get().equals(blobId(content))
                            || committed.get().equals(blobId(withLineFeeds(content))));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private Origin originByLibrary(SourceId source, Map<Path, byte[]> files) {
        try (Repository repository = Repositories.open(root);
                RevWalk walk = new RevWalk(repository)) {
            if (!Repositories.hasKnownIds(repository)) {
                // The files can be read all the same.
                return new Origin(source, Optional.empty(), true, Optional.empty(), Optional.empty());
            }
            ObjectId head = repository.resolve(Constants.HEAD);
            if (head == null) {
                return new Origin(source, Optional.empty(), true, Optional.empty(), Optional.empty());
            }
            RevCommit commit = walk.parseCommit(head);
            boolean dirty = false;
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                dirty = dirty || differs(repository, commit, file.getKey(), file.getValue());
            }
            return Commits.origin(source, commit, dirty);
        } catch (IOException problem) {
            throw unreadable(problem);
        }
    }

    /** Whether the file's content, as it was read, differs from what HEAD holds. */
    boolean differs(Path file, byte[] content) {
        try (Repository repository = Repositories.open(root);
                RevWalk walk = new RevWalk(repository)) {
            ObjectId head = repository.resolve(Constants.HEAD);
            return head == null || differs(repository, walk.parseCommit(head), file, content);
        } catch (IOException problem) {
            throw unreadable(problem);
        }
    }

    private boolean differs(Repository repository, RevCommit commit, Path file, byte[] content) throws IOException {
        String path = inRepository(file);
        try (TreeWalk entry = TreeWalk.forPath(repository, path, commit.getTree())) {
            if (entry == null) {
                return true;
            }
            ObjectId committed = entry.getObjectId(0);
            return !blobId(content).equals(committed.name())
                    && !unchangedSinceCheckout(repository, path, file, committed);
        }
    }

    /** Line ends and filters make files differ from their blobs; then the index knows whether the file was touched. */
    private static boolean unchangedSinceCheckout(Repository repository, String path, Path file, ObjectId committed)
            throws IOException {
        DirCacheEntry entry = repository.readDirCache().getEntry(path);
        if (entry == null || !entry.getObjectId().equals(committed)) {
            return false;
        }
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Instant touched = now.lastModifiedTime().toInstant();
        Instant checkedOut = entry.getLastModifiedInstant();
        // JGit forgets the size of what was written in the same tick as the index; some builds of git keep whole
        // seconds.
        return (entry.isSmudged() || entry.getLength() == (int) now.size())
                && touched.getEpochSecond() == checkedOut.getEpochSecond()
                && (checkedOut.getNano() == 0 || checkedOut.getNano() == touched.getNano());
    }

    private String inRepository(Path file) {
        return root.relativize(file).toString().replace(File.separatorChar, '/');
    }

    /** Git may have converted line ends when it checked the file out. */
    private static byte[] withLineFeeds(byte[] content) {
        byte[] plain = new byte[content.length];
        int length = 0;
        for (int i = 0; i < content.length; i++) {
            boolean pair = content[i] == '\r' && i + 1 < content.length && content[i + 1] == '\n';
            if (!pair) {
                plain[length++] = content[i];
            }
        }
        return Arrays.copyOf(plain, length);
    }

    private static String blobId(byte[] content) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(sha1.digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-1 is part of every JDK", impossible);
        }
    }

    private Failure unreadable(Throwable problem) {
        return new Failure(
                        Kind.INVALID,
                        "cannot read the Git repository of " + root + ": " + FetchProblems.firstLine(problem))
                .withCause(problem)
                .withHint("check it with: git -C " + root
                        + " fsck; or deploy from a fresh clone, or the file outside the" + " repository");
    }
}
