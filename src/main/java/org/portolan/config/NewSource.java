package org.portolan.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.portolan.source.GitAddress;

/**
 * A source as it is to be written into the configuration.
 *
 * @param keys below its name, joined by dots, with their values, in the order of the file
 */
public record NewSource(String name, SequencedMap<String, String> keys) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

    /** What is read as it is written, without quotes. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./@+%=-]*(?::[A-Za-z0-9_./@+%=-]+)*");

    /** Whether a source that is added by a command can have this name. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * An address as it is written into the file, whose folder is not where a person stands.
     *
     * @throws org.portolan.model.Failure when it is none
     */
    public static String address(String url, Path workingDirectory) {
        GitAddress address = GitAddress.parse(url, workingDirectory);
        return address.isLocal() ? address.folder().toString() : url.strip();
    }

    /** Whether it is the path of a repository from where a person stands: elsewhere it would be another one. */
    public static boolean isRelative(String url, Path workingDirectory) {
        String address = url.strip();
        return !address.startsWith("/")
                && !address.startsWith("file:")
                && GitAddress.parse(url, workingDirectory).isLocal();
    }

    /** A name for a repository: the last part of its address. */
    public static String nameOf(String url, Path workingDirectory) {
        String normal = GitAddress.parse(url, workingDirectory).normal();
        String last = normal.substring(normal.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9_-]+", "-");
        return last.startsWith("-") ? last.substring(1) : last;
    }

    /** As lines of YAML, the name without indentation. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(name + ":"));
        String section = "";
        for (Map.Entry<String, String> entry : keys.entrySet()) {
            int dot = entry.getKey().indexOf('.');
            String outer = dot < 0 ? "" : entry.getKey().substring(0, dot);
            if (!outer.isEmpty() && !outer.equals(section)) {
                lines.add("  " + outer + ":");
            }
            section = outer;
            String key = entry.getKey().substring(dot + 1);
            lines.add((outer.isEmpty() ? "  " : "    ") + text(key) + ": " + text(entry.getValue()));
        }
        return lines;
    }

    /** In one line, for a file that is written so. */
    String line() {
        StringBuilder line = new StringBuilder(name).append(": {");
        String section = "";
        String comma = "";
        for (Map.Entry<String, String> entry : keys.entrySet()) {
            int dot = entry.getKey().indexOf('.');
            String outer = dot < 0 ? "" : entry.getKey().substring(0, dot);
            if (!outer.equals(section) && !section.isEmpty()) {
                line.append('}');
            }
            line.append(comma);
            if (!outer.equals(section) && !outer.isEmpty()) {
                line.append(outer).append(": {");
            }
            section = outer;
            comma = ", ";
            line.append(text(entry.getKey().substring(dot + 1))).append(": ").append(text(entry.getValue()));
        }
        return line.append(section.isEmpty() ? "}" : "}}").toString().replace("{, ", "{");
    }

    private static String text(String value) {
        boolean word =
                value.equalsIgnoreCase("null") || value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
        if (PLAIN.matcher(value).matches() && !word) {
            return value;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append(String.format("\\x%02x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
