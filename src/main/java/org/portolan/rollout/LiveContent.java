package org.portolan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.LoadedFiles;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.service.ServiceSpec;

/** The files of an instance that it reloads, as they are put into its container. Pure. */
public final class LiveContent {
    private LiveContent() {}

    /**
     * Those of an instance's files that it reloads.
     *
     * @param files by the folder where the engine begins
     */
    static SortedMap<String, List<ContainerFile>> of(ServiceSpec spec, SortedMap<String, List<ContainerFile>> files) {
        SortedMap<String, List<ContainerFile>> live = new TreeMap<>();
        SortedMap<String, String> hashes = LiveFiles.hashes(spec);
        files.forEach((folder, all) -> {
            List<ContainerFile> some =
                    all.stream().filter(file -> hashes.containsKey(file.path())).toList();
            if (!some.isEmpty()) {
                live.put(folder, some);
            }
        });
        return live;
    }

    /** All files of an instance that starts with them, with what says that it has loaded them. */
    static SortedMap<String, List<ContainerFile>> marked(
            ServiceSpec spec, SortedMap<String, List<ContainerFile>> files) {
        of(spec, files).forEach((folder, live) -> {
            List<ContainerFile> all = new ArrayList<>(Objects.requireNonNull(files.get(folder)));
            all.add(new LoadedFiles(loaded(spec, live)).in(folder));
            files.put(folder, all);
        });
        return files;
    }

    /** What says that these files are loaded. */
    public static SortedMap<String, LoadedFiles.Loaded> loaded(ServiceSpec spec, List<ContainerFile> live) {
        SortedMap<String, String> hashes = LiveFiles.hashes(spec);
        SortedMap<String, LoadedFiles.Loaded> loaded = new TreeMap<>();
        live.forEach(file -> loaded.put(
                file.path(),
                new LoadedFiles.Loaded(hashes.getOrDefault(file.path(), ""), LiveFiles.sha256(file.content()))));
        return loaded;
    }
}
