package org.portolan.imports;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.service.Origin;
import org.portolan.servicefile.LoadOptions;
import org.portolan.servicefile.Servicefiles;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.FileTree;
import org.portolan.source.Located;

/** Checks a Servicefile that is not written yet, as {@code validate} would. Parameters and macros without a value get one. */
final class ImportCheck {
    private static final Pattern MACRO = Pattern.compile("%%([A-Za-z_][A-Za-z0-9_]*)%%");
    private static final Pattern REQUIRED =
            Pattern.compile("(?m)^  \"?([A-Za-z_][A-Za-z0-9_-]*)\"?: \\{required: true");

    private final List<String> secretNames;

    ImportCheck(List<String> secretNames) {
        this.secretNames = secretNames;
    }

    /** What is wrong with it, beside the input. */
    List<Problem> check(String text, Map<String, String> files, Located input) {
        String folder = input.path().substring(0, input.path().lastIndexOf('/') + 1);
        Map<String, String> all = new HashMap<>();
        files.forEach((name, lines) -> all.put(folder + name, lines));
        all.put(folder + "Servicefile", text);
        LoadOptions options = new LoadOptions(
                Optional.empty(),
                some(REQUIRED, text),
                Macros.of(some(MACRO, text)),
                Origin.of(input.source()),
                secretNames,
                true);
        try {
            return Servicefiles.load(new Overlay(input.tree(), all), folder + "Servicefile", options)
                    .warnings();
        } catch (InvalidInput invalid) {
            return new ArrayList<>(invalid.problems());
        }
    }

    private static Map<String, String> some(Pattern pattern, String text) {
        Map<String, String> values = new HashMap<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            values.put(matcher.group(1), "1");
        }
        return values;
    }

    /** Files that are not written yet, over those that are there. */
    private record Overlay(FileTree below, Map<String, String> files) implements FileTree {
        @Override
        public Optional<byte[]> read(String path) {
            String text = files.get(path);
            return text == null ? below.read(path) : Optional.of(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Optional<SortedSet<String>> children(String path) {
            return below.children(path);
        }

        @Override
        public boolean executable(String path) {
            return !files.containsKey(path) && below.executable(path);
        }

        @Override
        public boolean onDisk() {
            return below.onDisk();
        }

        @Override
        public Optional<Path> place(String path) {
            return below.place(path);
        }

        @Override
        public String shown(String path) {
            return files.containsKey(path) ? path.substring(path.lastIndexOf('/') + 1) : below.shown(path);
        }

        @Override
        public String describe() {
            return below.describe();
        }
    }
}
