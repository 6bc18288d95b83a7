package org.portolan.model.service;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A file that each instance of a service gets before it starts.
 *
 * @param path its absolute path in the container
 * @param content its text, or, of one that is not text, its bytes in base64
 * @param template whether {@code {HOST}} and the like are filled in when the instance is made
 * @param user the owner's number in the container
 */
public record ServiceFile(
        String path, String content, boolean binary, boolean template, boolean secret, int mode, int user, int group) {
    /** The permission bits of a file of which nothing is said. */
    public static final String MODE = "0644";

    /** How many bytes the files of one service may have: they are a part of each of its versions that is kept. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** How many files one service may have. */
    public static final int MAX_FILES = 500;

    /** Its bytes in an instance. */
    public byte[] bytes(Map<String, String> known) {
        if (binary) {
            return Base64.getDecoder().decode(content);
        }
        String text = template ? Placeholders.fill(content, known) : content;
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The folder that it is in. */
    public String folder() {
        return path.substring(0, Math.max(1, path.lastIndexOf('/')));
    }

    /** The folders that files are in, without those below another of them. */
    public static SortedSet<String> folders(Collection<ServiceFile> files) {
        SortedSet<String> all = new TreeSet<>();
        files.forEach(file -> all.add(file.folder()));
        SortedSet<String> top = new TreeSet<>();
        for (String folder : all) {
            if (top.stream().noneMatch(above -> within(folder, above))) {
                top.add(folder);
            }
        }
        return top;
    }

    /** Whether a path is a folder's, or below it. */
    public static boolean within(String path, String folder) {
        return path.equals(folder) || path.startsWith(folder.endsWith("/") ? folder : folder + "/");
    }

    @Override
    public String toString() {
        return path + " (" + Integer.toOctalString(mode) + ", " + user + ":" + group + ")";
    }
}
