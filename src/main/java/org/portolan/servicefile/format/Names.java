package org.portolan.servicefile.format;

import org.jspecify.annotations.Nullable;
import org.portolan.model.NameRule;
import org.portolan.model.ProxyText;
import org.portolan.servicefile.yaml.CharacterSets;

/** The rules for names, hosts, paths and image references. Each check says what is wrong, or null when nothing is. */
public final class Names {
    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_HOST = 253;
    private static final int LONGEST_PATH = ProxyText.LONGEST_PATH;
    private static final int LONGEST_IMAGE = 512;

    private Names() {}

    /** The rule for deployments, services, volumes and ports. */
    public static @Nullable String checkName(String name) {
        return NameRule.fault(name).orElse(null);
    }

    /** The rule for volumes: that for names, with underscores. */
    static @Nullable String checkVolume(String name) {
        String fault = checkName(name.replace('_', 'a'));
        return fault == null && !name.startsWith("_")
                ? null
                : fault == null ? "it must not begin with an underscore" : fault.replace("digits and", "digits, _ and");
    }

    /** The rule for jobs: no part is a number, so that a job's container never has the name of an instance. */
    public static @Nullable String checkJob(String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return "use 1 to " + LONGEST_NAME + " characters";
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean begins = i == 0 || name.charAt(i - 1) == '-';
            boolean inside = CharacterSets.isDigit(c) || c == '_' || (c == '-' && i + 1 < name.length());
            if (!CharacterSets.isLetter(c) && (begins || !inside)) {
                return "use letters, digits, _ and hyphens; it and each part after a hyphen begin with a letter";
            }
        }
        return null;
    }

    /** The rule for a domain's name; {@code wildcards} allows {@code *} and {@code *.example.org}. */
    public static @Nullable String checkHost(String host, boolean wildcards) {
        if (wildcards && host.equals("*")) {
            return null;
        }
        String rest = wildcards && host.startsWith("*.") ? host.substring(2) : host;
        if (rest.isEmpty() || rest.length() > LONGEST_HOST) {
            return "use 1 to " + LONGEST_HOST + " characters";
        }
        int start = 0;
        while (start <= rest.length()) {
            int end = rest.indexOf('.', start);
            end = end < 0 ? rest.length() : end;
            String fault = checkLabel(rest.substring(start, end));
            if (fault != null) {
                return fault;
            }
            start = end + 1;
        }
        return null;
    }

    private static @Nullable String checkLabel(String label) {
        if (label.isEmpty() || label.length() > LONGEST_NAME) {
            return "use 1 to " + LONGEST_NAME + " characters between the dots";
        }
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (c == '*') {
                return "a wildcard must be * alone, or the first part: *.example.org";
            }
            if (!isLowerOrDigit(c) && !CharacterSets.isUpper(c) && c != '-') {
                return "use letters, digits, hyphens and dots";
            }
        }
        return label.startsWith("-") || label.endsWith("-") ? "its parts must not begin or end with a hyphen" : null;
    }

    /** The rule for a route's path prefix. */
    static @Nullable String checkPath(String path) {
        if (!path.startsWith("/") || path.length() > LONGEST_PATH) {
            return "it must begin with / and have at most " + LONGEST_PATH + " characters";
        }
        if (path.contains("//") || (path + "/").contains("/../") || (path + "/").contains("/./")) {
            return "it must not contain empty segments, . or ..";
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                if (i + 2 >= path.length()
                        || !CharacterSets.isHex(path.charAt(i + 1))
                        || !CharacterSets.isHex(path.charAt(i + 2))) {
                    return "each % must be followed by two hexadecimal digits";
                }
            } else if (!isLowerOrDigit(c) && !CharacterSets.isUpper(c) && "/-._~+@=:,!".indexOf(c) < 0) {
                return "use letters, digits and - . _ ~ + @ = : , ! %";
            }
        }
        return null;
    }

    /** The rule for an absolute path in a container or on a host. */
    static @Nullable String checkFilePath(String path) {
        if (!path.startsWith("/")) {
            return "it must begin with /";
        }
        if ((path + "/").contains("/../")) {
            return "it must not contain ..";
        }
        for (int i = 0; i < path.length(); i++) {
            if (Character.isISOControl(path.charAt(i)) || path.charAt(i) == ':') {
                return "it must not contain colons or control characters";
            }
        }
        return null;
    }

    /** The rule for an image reference: {@code [registry[:port]/]path[:tag][@sha256:…]}. */
    public static @Nullable String checkImage(String image) {
        if (image.isEmpty() || image.length() > LONGEST_IMAGE) {
            return "use 1 to " + LONGEST_IMAGE + " characters";
        }
        String rest = image;
        int at = rest.indexOf('@');
        if (at >= 0) {
            String digest = rest.substring(at + 1);
            if (!digest.startsWith("sha256:") || digest.length() != 71 || !allHex(digest, 7)) {
                return "write a digest after @: sha256: and 64 hexadecimal digits";
            }
            rest = rest.substring(0, at);
        }
        int colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
        if (colon >= 0) {
            String tag = rest.substring(colon + 1);
            if (tag.isEmpty() || tag.length() > 128 || tag.startsWith("-") || tag.startsWith(".") || !isTag(tag)) {
                return "use 1 to 128 letters, digits, _ . and - for the tag";
            }
            rest = rest.substring(0, colon);
        }
        return checkRepository(rest);
    }

    private static @Nullable String checkRepository(String repository) {
        int start = 0;
        while (start <= repository.length()) {
            int end = repository.indexOf('/', start);
            boolean registry = start == 0 && end > 0 && isRegistry(repository.substring(0, end));
            end = end < 0 ? repository.length() : end;
            String part = repository.substring(start, end);
            if (part.isEmpty()) {
                return "its name must not have empty parts";
            }
            for (int i = 0; i < part.length(); i++) {
                char c = part.charAt(i);
                boolean inner = i > 0 && i < part.length() - 1 && (c == '.' || c == '_' || c == '-');
                boolean host = registry && (CharacterSets.isUpper(c) || c == ':');
                if (!isLowerOrDigit(c) && !inner && !host) {
                    return "use lower-case letters and digits, with . _ or - between them";
                }
            }
            start = end + 1;
        }
        return null;
    }

    /** What Docker takes as a registry before the first slash: it has a dot or a port, or is localhost. */
    static boolean isRegistry(String part) {
        return part.indexOf('.') >= 0 || part.indexOf(':') >= 0 || part.equals("localhost");
    }

    /** The service's name in an image reference: the last part, without tag and digest. */
    public static String serviceOf(String key) {
        String rest = key;
        int at = rest.indexOf('@');
        rest = at < 0 ? rest : rest.substring(0, at);
        rest = rest.substring(rest.lastIndexOf('/') + 1);
        int colon = rest.indexOf(':');
        return colon < 0 ? rest : rest.substring(0, colon);
    }

    /** The rule for a variable's name. */
    public static @Nullable String checkVariable(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = CharacterSets.isLetter(c) || c == '_';
            if (!letter && (i == 0 || !(CharacterSets.isDigit(c) || c == '.' || c == '-'))) {
                return "use letters, digits, _ . and -, beginning with a letter or _";
            }
        }
        return name.isEmpty() ? "it must not be empty" : null;
    }

    private static boolean isTag(String tag) {
        for (int i = 0; i < tag.length(); i++) {
            char c = tag.charAt(i);
            if (!isLowerOrDigit(c) && !CharacterSets.isUpper(c) && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean allHex(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (!CharacterSets.isHex(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLowerOrDigit(char c) {
        return CharacterSets.isLower(c) || CharacterSets.isDigit(c);
    }
}
