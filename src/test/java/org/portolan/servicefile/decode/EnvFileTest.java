package org.portolan.servicefile.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.Problem;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Problems;

/** The dialect of env files: Compose's, without interpolation. */
class EnvFileTest {
    @Test
    void valuesCommentsQuotesAndEscapesAreReadAsComposeReadsThem() {
        assertThat(read("""
                # a comment
                PLAIN=VAL
                COLON: VAL
                export EXPORTED = VAL\s\s
                COMMENT=VAL # a comment
                HASH=VAL# none
                EMPTY=
                ONLY= # a comment
                DOUBLE="VAL # none" # a comment
                SINGLE='$OTHER'#comment
                ESCAPED='Let\\'s go!'
                JSON="{\\"hello\\": \\"json\\"}"
                TABBED="some\\tvalue\\r\\n\\\\n\\q\\$5"
                LITERAL='some\\tvalue'
                INNER=a"b"c
                URL=redis://u:p@h/0?a=b#c
                """))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("PLAIN", "VAL"),
                        Map.entry("COLON", "VAL"),
                        Map.entry("EXPORTED", "VAL"),
                        Map.entry("COMMENT", "VAL"),
                        Map.entry("HASH", "VAL# none"),
                        Map.entry("EMPTY", ""),
                        Map.entry("ONLY", ""),
                        Map.entry("DOUBLE", "VAL # none"),
                        Map.entry("SINGLE", "$OTHER"),
                        Map.entry("ESCAPED", "Let's go!"),
                        Map.entry("JSON", "{\"hello\": \"json\"}"),
                        Map.entry("TABBED", "some\tvalue\r\n\\n\\q$5"),
                        Map.entry("LITERAL", "some\\tvalue"),
                        Map.entry("INNER", "a\"b\"c"),
                        Map.entry("URL", "redis://u:p@h/0?a=b#c")));
    }

    @Test
    void quotedValuesMaySpanLinesWhateverEndsThem() {
        assertThat(read("A=\"line 1\r\n# line 2\r\nB=3\"\r\nC='1\n2'\nD=4"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("A", "line 1\n# line 2\nB=3", "C", "1\n2", "D", "4"));
    }

    @Test
    void faultsTellTheirPlaceAfterAValueOfSeveralLines() {
        Problems problems = new Problems();
        EnvFile.read(new Reading.FileText("e", "e", "A='1\n2'\nB C=3\n  D=\"4\n5"), new TreeMap<>(), problems);
        assertThat(problems.errorCount()).isEqualTo(2);
        assertThat(thrown(problems))
                .containsExactly(
                        "e:3:1: expected NAME=value in the env file", "e:4:5: the value of D has an unclosed quote");
    }

    @Test
    void aVariableOfTheShellIsNotFilledInAndWarnedOf() {
        Problems problems = new Problems();
        SortedMap<String, Object> env = new TreeMap<>();
        EnvFile.read(new Reading.FileText("e", "e", "A=${B}\nC=a$b$$\nD='${E}'\n"), env, problems);
        assertThat(env).containsEntry("A", Map.of("secret", "${B}")).containsEntry("C", Map.of("secret", "a$b$$"));
        assertThat(problems.warnings())
                .extracting(Problem::message)
                .containsExactly("the value of A contains ${…}, which is not substituted");
    }

    private static java.util.List<String> thrown(Problems problems) {
        try {
            problems.check();
            return java.util.List.of();
        } catch (org.portolan.model.InvalidInput input) {
            return input.problems().stream()
                    .map(problem -> problem.at() + ": " + problem.message())
                    .toList();
        }
    }

    private static SortedMap<String, String> read(String text) {
        return FlatFile.variables("test.env", text);
    }
}
