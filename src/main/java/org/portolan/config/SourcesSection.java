package org.portolan.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.servicefile.decode.FlatFile;

/** The section {@code sources} of a configuration's text, changed as a person would: everything else stays, to the letter. */
final class SourcesSection {
    private static final String SECTION = ConfigSources.SECTION;

    private final String text;
    private final List<String> lines;
    private final List<FlatFile.Key> keys;
    private final String end;

    /** @param keys of the text */
    SourcesSection(String text, List<FlatFile.Key> keys) {
        this.text = text;
        this.end = text.contains("\r\n") ? "\r\n" : "\n";
        this.lines = new ArrayList<>(List.of(text.split("\n", -1)));
        this.keys = keys;
    }

    private Optional<FlatFile.Key> section() {
        return keys.stream()
                .filter(key -> key.within().isEmpty() && key.path().equals(SECTION))
                .findFirst();
    }

    /** With one source more, at the end of the section. */
    String with(NewSource source) {
        Optional<FlatFile.Key> section = section();
        if (section.isEmpty()) {
            String before = text.isEmpty() || text.endsWith("\n") ? text : text + end;
            return before + SECTION + ":" + end + indented(source, "  ");
        }
        Optional<FlatFile.Key> first =
                keys.stream().filter(key -> key.within().equals(SECTION)).min(Comparator.comparing(FlatFile.Key::at));
        int line = section.get().at().line();
        int brace = lines.get(line - 1).indexOf('{', section.get().at().column() - 1);
        boolean flow = brace >= 0 && first.map(key -> key.at().line() == line).orElse(true);
        if (flow) {
            String own = lines.get(line - 1);
            boolean empty = first.isEmpty();
            lines.set(
                    line - 1,
                    own.substring(0, brace + 1) + source.line() + (empty ? "" : ", ") + own.substring(brace + 1));
            return String.join("\n", lines);
        }
        int indent = first.map(key -> key.at().column() - 1).orElse(2);
        int last = lastLine(section.get());
        return before(last) + indented(source, " ".repeat(indent)) + after(last);
    }

    /** Without a source. */
    String without(String name) {
        String path = SECTION + "." + name;
        List<FlatFile.Key> own = keys.stream()
                .filter(key -> (key.path().equals(path) || key.path().startsWith(path + "."))
                        && !key.within().equals(path)
                        && !key.within().startsWith(path + "."))
                .sorted(Comparator.comparing(FlatFile.Key::at).reversed())
                .toList();
        for (FlatFile.Key key : own) {
            int line = key.at().line();
            if (!lines.get(line - 1).substring(0, key.at().column() - 1).isBlank()) {
                throw new Failure(Kind.REFUSED, key.at() + ": " + key.path() + " is written in a line with others")
                        .withHint("take it out by hand, or write each source in lines that are its own");
            }
            lines.subList(line - 1, lastLine(key)).clear();
        }
        return String.join("\n", lines);
    }

    /** The last line of what belongs to a key: comments and empty lines after it belong to what follows. */
    private int lastLine(FlatFile.Key key) {
        int next = keys.stream()
                .map(FlatFile.Key::at)
                .filter(at ->
                        at.line() > key.at().line() && at.column() <= key.at().column())
                .mapToInt(at -> at.line())
                .min()
                .orElse(lines.size() + 1);
        int last = next - 1;
        while (last > key.at().line() && isBetween(lines.get(last - 1), key.at().column())) {
            last--;
        }
        return last;
    }

    private static boolean isBetween(String line, int column) {
        String bare = line.strip();
        int indent = line.length() - line.stripLeading().length();
        return bare.isEmpty() || (bare.startsWith("#") && indent < column) || bare.equals("---") || bare.equals("...");
    }

    private String before(int line) {
        String joined = String.join("\n", lines.subList(0, line));
        // The last line of the file may have no end.
        return joined + (line == lines.size() ? end : "\n");
    }

    private String after(int line) {
        return String.join("\n", lines.subList(line, lines.size()));
    }

    private String indented(NewSource source, String indent) {
        StringBuilder added = new StringBuilder();
        source.lines().forEach(line -> added.append(indent).append(line).append(end));
        return added.toString();
    }
}
