package org.portolan.model.service;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A file that each instance of a service gets before it starts.
 *
 * @param path its absolute path in the container
 * @param content its text, or, of one that is not text, its bytes in base64
 * @param template whether {@code {HOST}} and the like are filled in when the instance is made
 * @param user the owner's number in the container
 * @param reload what makes a running instance take other content; then the content is not in the version. Empty: a new
 *     instance does
 */
public record ServiceFile(
        String path,
        String content,
        boolean binary,
        boolean template,
        boolean secret,
        int mode,
        int user,
        int group,
        Optional<Reload> reload) {
    /** The permission bits of a file of which nothing is said. */
    public static final String MODE = "0644";

    /** How many bytes the files of one service may have: they are a part of each of its versions that is kept. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** How many files one service may have. */
    public static final int MAX_FILES = 500;

    /**
     * What makes a running instance take a file's new content: a signal to its first process, or a command in it.
     *
     * @param signal without {@code SIG}; empty: the command
     * @param deadline the longest time that the command may take
     */
    public record Reload(Optional<String> signal, List<String> command, Duration deadline) {
        /** The time that a command has when the file does not say. */
        public static final String DEADLINE = "30s";

        /** The command that runs in the instance: a shell sends a signal, as any engine can run one. */
        public List<String> words() {
            return signal.map(name -> List.of("/bin/sh", "-c", "kill -" + name + " 1"))
                    .orElse(command);
        }

        /** For people, without the command, which may hold a secret. */
        public String describe() {
            return signal.map(name -> "signal " + name).orElse("reload command");
        }
    }

    /** What its content is known by: SHA-256, in hex, of the text or bytes as the file says them. */
    public String hash() {
        return LiveFiles.sha256(((binary ? "b" : "t") + content).getBytes(StandardCharsets.UTF_8));
    }

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
