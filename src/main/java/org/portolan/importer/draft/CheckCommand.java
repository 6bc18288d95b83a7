package org.portolan.importer.draft;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that a check's command makes from inside the container: {@code curl -f http://localhost:8000/up}. Portolan makes
 * it itself, so that the image needs neither curl nor wget and the proxy checks the same.
 *
 * @param port the port, "" for the default of HTTP
 * @param path with its query
 */
public record CheckCommand(String port, String path) {
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:http://)?(?:localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1\\])(?::([0-9]+))?(/[^\\s\"'$\\\\]*)?");
    private static final Pattern FLAG = Pattern.compile("-[fsSLIqk]+|-nv|-q?O-|--fail|--silent|--show-error|--location"
            + "|--head|--quiet|--no-verbose|--spider|--(tries|timeout|max-time)=[0-9]+|--output-document=\\S+");
    private static final Set<String> WITH_VALUE =
            Set.of("-o", "--output", "-O", "-m", "--max-time", "--tries", "-t", "--timeout", "--connect-timeout", "-T");

    /** Reads a command line; empty when it does anything but ask for one local address. */
    public static Optional<CheckCommand> of(String line) {
        String text = line.strip()
                .replaceAll("\\s*(\\|\\||&&)\\s*(exit\\s+[01]|true|false)\\s*;?$", "")
                .replaceAll("\\s*(1|2|&)?>\\s*/dev/null|\\s*2>&1", "")
                .strip();
        return ShellWords.split(text).flatMap(CheckCommand::of);
    }

    /** Reads the words of a command. */
    public static Optional<CheckCommand> of(List<String> words) {
        if (words.isEmpty() || !words.get(0).matches("(/usr/bin/|/bin/)?(curl|wget)")) {
            return Optional.empty();
        }
        Optional<CheckCommand> found = Optional.empty();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            Matcher address = ADDRESS.matcher(word);
            if (address.matches()) {
                if (found.isPresent()) {
                    return Optional.empty();
                }
                String port = address.group(1);
                String path = address.group(2);
                found = Optional.of(new CheckCommand(port == null ? "" : port, path == null ? "/" : path));
            } else if (WITH_VALUE.contains(word) && i + 1 < words.size()) {
                i++;
            } else if (!FLAG.matcher(word).matches()) {
                return Optional.empty();
            }
        }
        return found;
    }
}
