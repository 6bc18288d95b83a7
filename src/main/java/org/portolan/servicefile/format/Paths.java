package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Paths of a file tree: relative to its root, with slashes, in normal form. */
final class Paths {
    private Paths() {}

    /** The path that {@code name} means in the file {@code from}; null when it leads out of the tree. */
    static @Nullable String resolve(String from, String name) {
        if (name.isEmpty() || name.startsWith("/") || name.startsWith("~") || name.indexOf('\0') >= 0) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        int slash = from.lastIndexOf('/');
        if (slash > 0 && !append(from.substring(0, slash), parts)) {
            return null;
        }
        return append(name, parts) ? String.join("/", parts) : null;
    }

    private static boolean append(String path, List<String> parts) {
        int start = 0;
        while (start <= path.length()) {
            int end = path.indexOf('/', start);
            end = end < 0 ? path.length() : end;
            String part = path.substring(start, end);
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return false;
                }
                parts.remove(parts.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
            start = end + 1;
        }
        return true;
    }
}
