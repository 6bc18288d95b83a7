package org.portolan.imports;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;

/** Writes a Servicefile and the env files that belong to it. */
final class ImportedFiles {
    private ImportedFiles() {}

    /**
     * Writes all of them, or none when one is there already.
     *
     * @param files the env files, by their names beside the Servicefile
     * @param force whether files that exist are replaced
     */
    static List<Path> write(Path target, String text, Map<String, String> files, boolean force) {
        Map<Path, String> all = new LinkedHashMap<>();
        all.put(target, text);
        files.forEach((name, lines) -> all.put(target.resolveSibling(name), lines));
        for (Path path : all.keySet()) {
            if (Files.isDirectory(path)) {
                throw new Failure(Kind.REFUSED, path + " is a folder").withHint("write to another name with -o");
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !force) {
                throw existing(path);
            }
        }
        all.forEach((path, content) -> {
            // All but the Servicefile hold secrets.
            String permissions = path.equals(target) ? AtomicFiles.READABLE : AtomicFiles.PRIVATE;
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            if (force) {
                AtomicFiles.write(path, bytes, permissions);
            } else if (!AtomicFiles.create(path, bytes, permissions)) {
                throw existing(path);
            }
        });
        return new ArrayList<>(all.keySet());
    }

    private static Failure existing(Path path) {
        return new Failure(Kind.REFUSED, path + " already exists")
                .withHint("write to another name with -o, or replace what exists with --force");
    }
}
