package org.portolan.bundle;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.portolan.source.FileTree;

/**
 * Files in memory. Nothing of the machine that reads them is looked at, whatever a path says.
 *
 * @param root what they lay in, for people
 * @param contents by path
 * @param programs those that may be executed
 * @param folders the names in each folder that was listed
 * @param shownAs paths that are shown otherwise
 * @param places where what a container mounts lies on the machine that both run on; empty: they run on two machines
 */
@SuppressWarnings("ArrayRecordComponent") // Values of a map, compared by nobody.
record BundledFiles(
        String root,
        SortedMap<String, byte[]> contents,
        Set<String> programs,
        SortedMap<String, SortedSet<String>> folders,
        Map<String, String> shownAs,
        Map<String, String> places)
        implements FileTree {

    /** The same for another machine, where the places of these are others or nothing. */
    BundledFiles elsewhere() {
        return new BundledFiles(root, contents, programs, folders, shownAs, Map.of());
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(contents.get(path)).map(byte[]::clone);
    }

    @Override
    public Optional<SortedSet<String>> children(String path) {
        return Optional.ofNullable(folders.get(path));
    }

    @Override
    public boolean executable(String path) {
        return programs.contains(path);
    }

    @Override
    public boolean onDisk() {
        return !places.isEmpty();
    }

    @Override
    public String apart() {
        return "files that were sent to a controller are not on its disk";
    }

    @Override
    public Optional<Path> place(String path) {
        return Optional.ofNullable(places.get(path)).map(Path::of);
    }

    @Override
    public String shown(String path) {
        return shownAs.getOrDefault(path, path);
    }

    @Override
    public String describe() {
        return root;
    }
}
