package org.portolan.source.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.FileTree;
import org.portolan.source.PathPattern;
import org.portolan.source.TooLarge;

/** A commit's files, read from the object database. Symbolic links are followed inside the commit only. */
final class CommitFiles implements FileTree {
    private static final int MAX_LINKS = 40;
    private static final int MAX_LINK_BYTES = 4096;
    private static final byte[] LARGE_FILE_POINTER =
            "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.UTF_8);

    private final Repository repository;
    private final ObjectId tree;
    private final String description;

    CommitFiles(Repository repository, AnyObjectId tree, String description) {
        this.repository = repository;
        this.tree = tree.toObjectId();
        this.description = description;
    }

    /** What a path stands for, links followed. */
    record Entry(String path, FileMode mode, ObjectId id) {
        boolean isFolder() {
            return FileMode.TREE.equals(mode.getBits());
        }
    }

    @Override
    public Optional<byte[]> read(String path) {
        try (ObjectReader reader = repository.newObjectReader()) {
            Entry entry = entry(reader, path);
            if (entry == null) {
                return Optional.empty();
            }
            if (entry.isFolder()) {
                throw new Failure(Kind.INVALID, "cannot read " + shown(path) + ": it is a folder");
            }
            ObjectLoader blob = reader.open(entry.id(), Constants.OBJ_BLOB);
            if (blob.getSize() > MAX_FILE_BYTES) {
                throw TooLarge.of(shown(path));
            }
            byte[] content = blob.getCachedBytes(MAX_FILE_BYTES);
            if (startsWith(content, LARGE_FILE_POINTER)) {
                throw new Failure(
                                Kind.INVALID,
                                shown(path) + " is stored in Git LFS: the commit contains only a pointer to it")
                        .withHint("commit the file itself; Git LFS is not supported");
            }
            return Optional.of(content.clone());
        } catch (IOException damaged) {
            throw damaged(path, damaged);
        }
    }

    @Override
    public Optional<SortedSet<String>> children(String path) {
        try (ObjectReader reader = repository.newObjectReader()) {
            Entry entry = entry(reader, path);
            if (entry == null || !entry.isFolder()) {
                return Optional.empty();
            }
            SortedSet<String> names = new TreeSet<>();
            CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, entry.id());
            while (!entries.eof()) {
                names.add(entries.getEntryPathString());
                entries.next(1);
            }
            return Optional.of(names);
        } catch (IOException damaged) {
            throw damaged(path, damaged);
        }
    }

    /**
     * The files that are like a pattern, in the order of their paths; links and names with control characters are none.
     *
     * @param most after which no more are looked for
     */
    List<String> matching(PathPattern pattern, int most) {
        List<String> found = new ArrayList<>();
        try (ObjectReader reader = repository.newObjectReader()) {
            collect(reader, new Entry("", FileMode.TREE, tree), pattern, most, found);
        } catch (IOException damaged) {
            throw damaged(pattern.toString(), damaged);
        }
        return found.stream().sorted().toList();
    }

    private static void collect(ObjectReader reader, Entry folder, PathPattern pattern, int most, List<String> found)
            throws IOException {
        CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, folder.id());
        while (!entries.eof() && found.size() < most) {
            String name = entries.getEntryPathString();
            String path = folder.path().isEmpty() ? name : folder.path() + "/" + name;
            FileMode mode = entries.getEntryFileMode();
            if (FileMode.TREE.equals(mode.getBits())) {
                if (path.length() <= MAX_LINK_BYTES && pattern.mayLieBelow(path)) {
                    collect(reader, new Entry(path, mode, entries.getEntryObjectId()), pattern, most, found);
                }
            } else if ((mode.getBits() & FileMode.TYPE_MASK) == FileMode.TYPE_FILE
                    && path.chars().noneMatch(Character::isISOControl)
                    && pattern.matches(path)) {
                found.add(path);
            }
            entries.next(1);
        }
    }

    @Override
    public boolean executable(String path) {
        return find(path)
                .filter(entry -> FileMode.EXECUTABLE_FILE.equals(entry.mode().getBits()))
                .isPresent();
    }

    /** The entry that a path leads to; empty when there is none. */
    Optional<Entry> find(String path) {
        try (ObjectReader reader = repository.newObjectReader()) {
            return Optional.ofNullable(entry(reader, path));
        } catch (IOException damaged) {
            throw damaged(path, damaged);
        }
    }

    @Override
    public String shown(String path) {
        return path;
    }

    @Override
    public String describe() {
        return description;
    }

    private Failure damaged(String path, IOException problem) {
        return new Failure(
                        Kind.CORRUPT,
                        "cannot read " + path + " of " + description + ": the objects in " + repository.getDirectory()
                                + " are damaged or missing")
                .withCause(problem)
                .withHint("if that folder is one of Portolan's mirrors, remove it; the next run clones it again");
    }

    private @Nullable Entry entry(ObjectReader reader, String path) throws IOException {
        if (path.startsWith("/")) {
            throw new OutsideTree(path);
        }
        Deque<String> rest = new ArrayDeque<>(List.of(path.split("/")));
        List<Entry> above = new ArrayList<>();
        Entry here = new Entry("", FileMode.TREE, tree);
        int links = 0;
        while (!rest.isEmpty()) {
            String name = rest.pop();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                if (above.isEmpty()) {
                    throw new OutsideTree(path);
                }
                here = above.removeLast();
                continue;
            }
            if (!here.isFolder()) {
                return null;
            }
            Entry child = child(reader, here, name);
            if (child == null) {
                return null;
            }
            if (FileMode.GITLINK.equals(child.mode().getBits())) {
                throw new Failure(
                                Kind.INVALID,
                                "cannot read " + shown(path) + ": " + child.path()
                                        + " is a submodule, which is not supported")
                        .withHint("keep the file in this repository");
            }
            if (FileMode.SYMLINK.equals(child.mode().getBits())) {
                if (++links > MAX_LINKS) {
                    throw new Failure(Kind.INVALID, "cannot read " + shown(path) + ": symbolic link loop");
                }
                follow(reader, child, path, rest);
                continue;
            }
            above.add(here);
            here = child;
        }
        return here;
    }

    private static void follow(ObjectReader reader, Entry link, String path, Deque<String> rest) throws IOException {
        ObjectLoader blob = reader.open(link.id(), Constants.OBJ_BLOB);
        String target = blob.getSize() > MAX_LINK_BYTES
                ? "/"
                : new String(blob.getCachedBytes(MAX_LINK_BYTES), StandardCharsets.UTF_8);
        if (target.startsWith("/")) {
            throw new OutsideTree(path);
        }
        String[] names = target.split("/", -1);
        for (int i = names.length - 1; i >= 0; i--) {
            rest.push(names[i]);
        }
    }

    private static @Nullable Entry child(ObjectReader reader, Entry folder, String name) throws IOException {
        CanonicalTreeParser entries = new CanonicalTreeParser(null, reader, folder.id());
        while (!entries.eof()) {
            if (entries.getEntryPathString().equals(name)) {
                String path = folder.path().isEmpty() ? name : folder.path() + "/" + name;
                return new Entry(path, entries.getEntryFileMode(), entries.getEntryObjectId());
            }
            entries.next(1);
        }
        return null;
    }

    private static boolean startsWith(byte[] content, byte[] start) {
        if (content.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (content[i] != start[i]) {
                return false;
            }
        }
        return true;
    }
}
