package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.portolan.process.StateFiles;

/**
 * When the files that the proxies are served from were changed last, and whether the processes live. Of each file the system is asked for
 * one time, and nothing is read: a few hundred of them cost less than a millisecond.
 */
final class ProxyFileStamps {
    /** So many files in folders are asked for at once; of more, the next ones at the next time. */
    static final int MOST = 250;

    /** The time of anything that is done to a file, its permissions too. */
    private static final String CHANGED = "unix:ctime";

    /** A folder's: when something in it came, went or was replaced. */
    private static final String ENTRIES = "lastModifiedTime";

    /** Not of a file: whether a process runs. One that ended and that nobody asked for has no program any more. */
    private static final String PROGRAM = "program";

    private final List<Path> files;
    private final List<Path> folders;
    private final List<Path> foldersOfUsers;
    private final List<Path> processes;
    private final Map<Watched, Long> known = new HashMap<>();
    private List<Watched> always = List.of();
    private List<Watched> listed = List.of();
    private int next;

    /**
     * Knows nothing yet; what does not exist may come.
     *
     * @param files single ones
     * @param folders of files
     * @param foldersOfUsers of folders that each hold a file {@code users}
     * @param processes files with the number of a process
     */
    ProxyFileStamps(List<Path> files, List<Path> folders, List<Path> foldersOfUsers, List<Path> processes) {
        this.files = files;
        this.folders = folders;
        this.foldersOfUsers = foldersOfUsers;
        this.processes = processes;
    }

    /** Something to ask for. */
    private record Watched(Path path, String what) {
        /** Negative where it is not there. */
        long stamp() {
            try {
                if (what.equals(PROGRAM)) {
                    return Files.readSymbolicLink(path).toString().isEmpty() ? 0 : 1;
                }
                Object time = Files.getAttribute(path, what, LinkOption.NOFOLLOW_LINKS);
                return time instanceof FileTime changed ? changed.to(TimeUnit.NANOSECONDS) : 0;
            } catch (IOException | UnsupportedOperationException | IllegalArgumentException missing) {
                return -1;
            }
        }
    }

    /** Takes what is now as known. */
    void adopt() {
        list();
        known.clear();
        always.forEach(one -> known.put(one, one.stamp()));
        listed.forEach(one -> known.put(one, one.stamp()));
    }

    /** Whether something is otherwise than it was known; it is known then. */
    boolean changed() {
        boolean changed = false;
        for (Watched one : always) {
            changed |= differs(one);
        }
        for (int i = 0; i < Math.min(MOST, listed.size()); i++) {
            next = (next + 1) % listed.size();
            changed |= differs(listed.get(next));
        }
        if (changed) {
            adopt();
        }
        return changed;
    }

    private boolean differs(Watched one) {
        return !Long.valueOf(one.stamp()).equals(known.get(one));
    }

    private void list() {
        List<Watched> single = new ArrayList<>();
        files.forEach(file -> single.add(new Watched(file, CHANGED)));
        processes.forEach(file -> {
            single.add(new Watched(file, CHANGED));
            program(file).ifPresent(single::add);
        });
        List<Watched> inFolders = new ArrayList<>();
        for (Path folder : folders) {
            single.add(new Watched(folder, ENTRIES));
            for (Path entry : entries(folder)) {
                boolean isFolder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
                inFolders.add(new Watched(entry, isFolder ? ENTRIES : CHANGED));
            }
        }
        for (Path folder : foldersOfUsers) {
            single.add(new Watched(folder, ENTRIES));
            entries(folder).forEach(entry -> inFolders.add(new Watched(entry.resolve("users"), CHANGED)));
        }
        always = single;
        listed = inFolders;
    }

    private static Optional<Watched> program(Path file) {
        try {
            return StateFiles.text(file)
                    .map(String::strip)
                    .filter(number -> number.matches("\\d{1,10}"))
                    .map(number -> new Watched(Path.of("/proc", number, "exe"), PROGRAM));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static List<Path> entries(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException missing) {
            return List.of();
        }
    }
}
