package org.portolan.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pattern of paths in a repository: {@code *} and {@code ?} stand for letters of one name, {@code **} for any number of folders.
 * One that ends in {@code *} or {@code **} stands for the Servicefiles of these folders.
 */
public final class PathPattern {
    private static final String ANY_FOLDERS = "**";
    private static final int MOST_NAMES = 20;
    private static final int MOST_LETTERS = 500;

    private final List<String> names;

    private PathPattern(List<String> names) {
        this.names = List.copyOf(names);
    }

    /** Whether a path is meant as a pattern. */
    public static boolean isPattern(String path) {
        return path.indexOf('*') >= 0 || path.indexOf('?') >= 0;
    }

    /** Reads one; empty when the text is not a pattern, is too long, or leads outside. */
    public static Optional<PathPattern> parse(String text) {
        if (!isPattern(text) || text.length() > MOST_LETTERS) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (String name : text.split("/")) {
            boolean inner = name.contains(ANY_FOLDERS) && !name.equals(ANY_FOLDERS);
            if (name.equals("..") || inner) {
                return Optional.empty();
            }
            // Several in a row stand for no more than one.
            boolean again = name.equals(ANY_FOLDERS)
                    && !names.isEmpty()
                    && names.getLast().equals(ANY_FOLDERS);
            if (!name.isEmpty() && !name.equals(".") && !again) {
                names.add(name);
            }
        }
        if (names.getLast().equals("*") || names.getLast().equals(ANY_FOLDERS)) {
            names.add(Sources.DEFAULT_NAME);
        }
        return names.size() > MOST_NAMES ? Optional.empty() : Optional.of(new PathPattern(names));
    }

    /** Whether a file is one of those. */
    public boolean matches(String file) {
        boolean[] reached = reached(file);
        return reached[names.size()];
    }

    /** Whether a file below a folder may be one of those. */
    public boolean mayLieBelow(String folder) {
        boolean[] reached = reached(folder);
        for (int i = 0; i < names.size(); i++) {
            if (reached[i]) {
                return true;
            }
        }
        return false;
    }

    /** After all names of a path: how much of the pattern may be done; {@code **} may also stand for nothing. */
    private boolean[] reached(String path) {
        boolean[] now = new boolean[names.size() + 1];
        now[0] = true;
        skip(now);
        for (String name : path.split("/")) {
            boolean[] next = new boolean[now.length];
            for (int i = 0; i < names.size(); i++) {
                if (now[i] && names.get(i).equals(ANY_FOLDERS)) {
                    next[i] = true;
                } else if (now[i] && isLike(name, names.get(i))) {
                    next[i + 1] = true;
                }
            }
            skip(next);
            now = next;
        }
        return now;
    }

    private void skip(boolean[] reached) {
        for (int i = 0; i < names.size(); i++) {
            if (reached[i] && names.get(i).equals(ANY_FOLDERS)) {
                reached[i + 1] = true;
            }
        }
    }

    /** Goes back to the last star only, so that no name takes long. */
    private static boolean isLike(String name, String pattern) {
        int at = 0;
        int in = 0;
        int star = -1;
        int from = 0;
        while (at < name.length()) {
            char wanted = in < pattern.length() ? pattern.charAt(in) : '/';
            if (wanted == '*') {
                star = in++;
                from = at;
            } else if (wanted == '?' || wanted == name.charAt(at)) {
                at++;
                in++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++from;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }

    @Override
    public String toString() {
        return String.join("/", names);
    }
}
