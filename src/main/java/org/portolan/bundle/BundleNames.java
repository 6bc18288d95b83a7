package org.portolan.bundle;

import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** What a path among the files of a bundle, and what is shown of it, may be. */
final class BundleNames {
    private static final int LONGEST_PATH = 1_024;
    private static final int DEEPEST = 64;
    private static final int LONGEST_TEXT = 4_096;

    private BundleNames() {}

    /** A path relative to the root in normal form, such as {@code conf/site.env}. */
    static String path(String where, String path) {
        if (path.isEmpty() || path.length() > LONGEST_PATH) {
            throw broken(where + " has a path that is empty or longer than " + LONGEST_PATH + " characters");
        }
        String[] parts = path.split("/", -1);
        if (parts.length > DEEPEST) {
            throw broken(where + " has a path that is deeper than " + DEEPEST + " folders");
        }
        for (String part : parts) {
            name(where, part);
        }
        return path;
    }

    /** A folder's path; "" is the root. */
    static String folder(String where, String path) {
        return path.isEmpty() ? path : path(where, path);
    }

    /** One name in a folder. */
    static String name(String where, String name) {
        boolean leads = name.isEmpty() || name.equals(".") || name.equals("..") || name.equals(".git");
        if (leads || name.indexOf('/') >= 0 || name.length() > LONGEST_PATH || control(name)) {
            throw broken(where + " has a path that is not relative, in normal form and of this tree");
        }
        return name;
    }

    /** Something that people are shown. */
    static String text(String where, String text) {
        if (text.length() > LONGEST_TEXT || control(text)) {
            throw broken(where + " is longer than " + LONGEST_TEXT + " characters, or has control characters");
        }
        return text;
    }

    static Failure broken(String why) {
        return new Failure(Kind.INVALID, "the bundle of files is not valid: " + why);
    }

    private static boolean control(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
