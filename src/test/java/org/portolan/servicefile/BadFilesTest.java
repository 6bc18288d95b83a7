package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;

/**
 * A folder of bad files. Beside each {@code NAME.Servicefile} stands {@code NAME.txt} with everything that is said about
 * it; {@code -Dupdate} rewrites those. No password of theirs ({@code hunter2}) is ever shown.
 */
class BadFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/bad");

    static List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".Servicefile"))
                    .sorted()
                    .forEach(names::add);
        }
        return names;
    }

    private static MemoryTree tree() throws IOException {
        MemoryTree tree = new MemoryTree();
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                tree.withBytes(FOLDER.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return tree;
    }

    private static List<Problem> problems(String name) throws IOException {
        try {
            Servicefiles.load(tree(), name, LoadedFile.options());
            return List.of();
        } catch (InvalidInput input) {
            return input.problems();
        }
    }

    @Test
    void thereAreAHundredAndMore() throws IOException {
        assertThat(names()).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @MethodSource("names")
    void saysWhatIsWrongAndWhere(String name) throws IOException {
        List<Problem> problems = problems(name);
        StringBuilder said = new StringBuilder();
        problems.forEach(problem -> said.append(problem.render()).append('\n'));
        Path expected = FOLDER.resolve(name.replace(".Servicefile", ".txt"));
        if (System.getProperty("update") != null) {
            Files.writeString(expected, said);
        }
        assertThat(said.toString()).isEqualTo(Files.readString(expected));
        assertThat(problems).isNotEmpty();
        assertThat(said.toString()).doesNotContain("hunter2");
        for (Problem problem : problems) {
            assertThat(problem.message()).doesNotContain("\n");
            assertThat(problem.at().file()).isNotEmpty();
        }
    }
}
