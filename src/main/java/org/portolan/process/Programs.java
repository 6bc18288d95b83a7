package org.portolan.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds programs the way a shell does, and also in the folders of system programs that users' PATH leaves out. */
public final class Programs {
    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");
    private static final Map<String, Path> FOUND = new ConcurrentHashMap<>();

    private Programs() {}

    /**
     * The program's file. What was found is remembered as long as it is there; what was not is looked for again, since it may
     * be installed meanwhile.
     *
     * @param name a bare name, or a path, which is only checked
     */
    public static Optional<Path> find(String name) {
        Path known = FOUND.get(name);
        // A process that runs for days sees programs that are moved or removed by an upgrade.
        if (known != null && isProgram(known)) {
            return Optional.of(known);
        }
        Optional<Path> found = find(name, folders(System.getenv("PATH")));
        found.ifPresentOrElse(path -> FOUND.put(name, path), () -> FOUND.remove(name));
        return found;
    }

    static Optional<Path> find(String name, List<String> folders) {
        if (name.indexOf('/') >= 0) {
            Path path = Path.of(name);
            return isProgram(path) ? Optional.of(path) : Optional.empty();
        }
        for (String folder : folders) {
            Path path = Path.of(folder, name);
            if (isProgram(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    /** The folders of a PATH, without relative ones: what runs must not depend on where Portolan was started. */
    static List<String> folders(@org.jspecify.annotations.Nullable String searchPath) {
        List<String> folders = new ArrayList<>();
        if (searchPath != null) {
            int start = 0;
            while (start <= searchPath.length()) {
                int end = searchPath.indexOf(File.pathSeparatorChar, start);
                end = end < 0 ? searchPath.length() : end;
                String folder = searchPath.substring(start, end);
                if (folder.startsWith("/")) {
                    folders.add(folder);
                }
                start = end + 1;
            }
        }
        folders.addAll(SYSTEM_FOLDERS);
        // A package's links to programs that the system has under other names.
        String packaged = System.getProperty("portolan.programs", "");
        if (packaged.startsWith("/")) {
            folders.add(packaged);
        }
        return folders;
    }

    private static boolean isProgram(Path path) {
        return Files.isExecutable(path) && Files.isRegularFile(path);
    }
}
