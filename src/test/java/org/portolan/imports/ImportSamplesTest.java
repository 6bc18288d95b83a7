package org.portolan.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.importer.Imported;
import org.portolan.importer.draft.Remark;
import org.portolan.model.Problem;
import org.portolan.servicefile.yaml.Problems;
import org.portolan.servicefile.yaml.SourceText;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.servicefile.yaml.YamlReader;

/** What becomes of files as others write them: it is valid, it is what was reviewed, and nothing is dropped silently. */
class ImportSamplesTest {
    private static final Pattern MACRO = Pattern.compile("%%(\\w+)%%");

    static Stream<ImportSample> samples() {
        return ImportSample.all();
    }

    @Test
    void thereAreEnoughOfThem() {
        assertThat(samples().count()).isGreaterThanOrEqualTo(44);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isAcceptedByValidate(ImportSample sample) {
        for (boolean separate : new boolean[] {true, false}) {
            Imported imported = sample.translate(sample.read(), separate);
            assertThat(sample.check(imported).stream().filter(Problem::isError).map(Problem::render))
                    .as(imported.draft().text())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void becomesWhatWasReviewed(ImportSample sample) throws IOException {
        String shown = shown(sample.translate(sample.read(), true));
        if (System.getProperty("update") != null) {
            Files.writeString(sample.expected(), shown);
        }
        assertThat(shown).isEqualTo(Files.readString(sample.expected()));
    }

    /** Every value of the input matters: when it is another, so is what is made of it, or it is reported as missing. */
    @ParameterizedTest
    @MethodSource("samples")
    void dropsNothingSilently(ImportSample sample) {
        String text = sample.read();
        Problems problems = new Problems();
        YamlNode root = YamlReader.read(new SourceText("x", "x", plain(text), List.of()), problems);
        problems.check();
        Map<YamlNode.Scalar, List<String>> leaves = new IdentityHashMap<>();
        collect(root, "", leaves);
        Imported imported = sample.translate(text, true);
        String before = shown(imported);
        List<String> dropped = new ArrayList<>();
        leaves.forEach((leaf, paths) -> {
            boolean reported = imported.remarks().stream().anyMatch(remark -> paths.stream()
                    .anyMatch(path -> remark.kind() == Remark.Kind.LOST
                            ? covers(remark.subject(), path)
                            : path.equals(remark.subject())));
            if (!reported && !sample.overridden(paths) && before.equals(after(sample, changed(text, leaf)))) {
                dropped.add(leaf.at() + " " + paths + ": " + leaf.text());
            }
        });
        assertThat(dropped).isEmpty();
    }

    /** The text with macros as words of the same length, so that it can be read. */
    private static String plain(String text) {
        return Pattern.compile("<%=.*?%>")
                .matcher(MACRO.matcher(text).replaceAll("__$1__"))
                .replaceAll(found -> "_".repeat(found.group().length()));
    }

    private static String after(ImportSample sample, String text) {
        try {
            return shown(sample.translate(text, true));
        } catch (org.portolan.model.Failure refused) {
            return "refused";
        }
    }

    private static boolean covers(String subject, String path) {
        return path.equals(subject) || path.startsWith(subject + ".") || path.startsWith(subject + "[");
    }

    private static void collect(YamlNode node, String path, Map<YamlNode.Scalar, List<String>> leaves) {
        switch (node) {
            case YamlNode.Scalar scalar -> {
                if (!scalar.isNull()) {
                    leaves.computeIfAbsent(scalar, none -> new ArrayList<>()).add(path);
                }
            }
            case YamlNode.Sequence list -> {
                int index = 0;
                for (YamlNode item : list.items()) {
                    collect(item, path + "[" + index++ + "]", leaves);
                }
            }
            case YamlNode.Mapping map ->
                map.entries()
                        .forEach(entry -> collect(
                                entry.value(),
                                path.isEmpty()
                                        ? entry.key().text()
                                        : path + "." + entry.key().text(),
                                leaves));
        }
    }

    /** The text with another value in a leaf's place: another digit at its end, or a letter more. */
    private static String changed(String text, YamlNode.Scalar leaf) {
        int from = index(text, leaf.at().line(), leaf.at().column());
        int to = index(text, leaf.endLine(), leaf.endColumn());
        String written = text.substring(from, to);
        char first = written.isEmpty() ? ' ' : written.charAt(0);
        if (first == '|' || first == '>') {
            return text.substring(0, from) + "\"another\"\n" + text.substring(to);
        }
        boolean quoted = first == '"' || first == '\'';
        String body = quoted ? written.substring(0, written.length() - 1) : written;
        char last = body.charAt(body.length() - 1);
        String other = last >= '0' && last <= '9'
                ? body.substring(0, body.length() - 1) + (last == '9' ? '8' : (char) (last + 1))
                : body + "x";
        return text.substring(0, from) + other + (quoted ? String.valueOf(first) : "") + text.substring(to);
    }

    private static int index(String text, int line, int column) {
        int at = 0;
        for (int i = 1; i < line; i++) {
            at = text.indexOf('\n', at) + 1;
        }
        return Math.min(text.length(), at + column - 1);
    }

    private static String shown(Imported imported) {
        StringBuilder text = new StringBuilder(imported.draft().text());
        imported.draft()
                .files()
                .forEach((name, lines) ->
                        text.append("--- ").append(name).append('\n').append(lines.text()));
        for (Remark.Kind kind : Remark.Kind.values()) {
            text.append("--- ").append(kind.words()).append('\n');
            imported.remarks().stream()
                    .filter(remark -> remark.kind() == kind)
                    .forEach(remark -> text.append(remark.render()).append('\n'));
        }
        return text.toString();
    }
}
