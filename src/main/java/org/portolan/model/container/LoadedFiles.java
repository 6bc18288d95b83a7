package org.portolan.model.container;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a container keeps, in a file beside them, of its files that it reloads: which content of each its process has loaded. A
 * file that was replaced and not yet loaded is not in it, so whoever died between the two leaves a trace.
 *
 * @param files by path
 */
public record LoadedFiles(SortedMap<String, Loaded> files) {
    /** Its name, in the folder where the engine puts the files. */
    public static final String NAME = ".portolan-reload";

    public static final LoadedFiles NONE = new LoadedFiles(Collections.emptySortedMap());

    /** How large it may be: as many lines as a service has files. */
    public static final int MAX_BYTES = 4 * 1024 * 1024;

    /**
     * A file that the process has loaded.
     *
     * @param content what its content is known by, as the deployment's files say it
     * @param bytes SHA-256, in hex, of what was put into the container: values of the instance are filled in
     */
    public record Loaded(String content, String bytes) {}

    /** Lines that are not understood are left out: what they would tell is then done once more. */
    public static LoadedFiles read(byte[] text) {
        SortedMap<String, Loaded> files = new TreeMap<>();
        new String(text, StandardCharsets.UTF_8).lines().forEach(line -> {
            String[] parts = line.split(" ", 3);
            if (parts.length == 3) {
                files.put(parts[2], new Loaded(parts[0], parts[1]));
            }
        });
        return new LoadedFiles(files);
    }

    /** As a file of the container in a folder. */
    public ContainerFile in(String folder) {
        StringBuilder text = new StringBuilder();
        files.forEach((path, loaded) -> text.append(loaded.content())
                .append(' ')
                .append(loaded.bytes())
                .append(' ')
                .append(path)
                .append('\n'));
        return new ContainerFile(path(folder), 0600, 0, 0, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    public static String path(String folder) {
        return folder.endsWith("/") ? folder + NAME : folder + "/" + NAME;
    }
}
