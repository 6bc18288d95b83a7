package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The recipes that docs/cookbook.md shows are the files of the examples. {@code -Dupdate} copies them into the page. */
class CookbookTest {
    private static final Path PAGE = Path.of("docs/cookbook.md");
    private static final Pattern RECIPE =
            Pattern.compile("<!-- (examples/[a-z-]+/Servicefile) -->\n```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void recipesAreTheExamples() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder copied = new StringBuilder();
        Matcher recipe = RECIPE.matcher(page);
        int recipes = 0;
        while (recipe.find()) {
            String file = Files.readString(Path.of(recipe.group(1)));
            String body = file.replaceFirst("\\A(#[^\n]*\n)+", "");
            recipe.appendReplacement(
                    copied, Matcher.quoteReplacement("<!-- " + recipe.group(1) + " -->\n```yaml\n" + body + "```"));
            recipes++;
        }
        recipe.appendTail(copied);
        if (System.getProperty("update") != null) {
            Files.writeString(PAGE, copied);
        }
        assertThat(recipes).isGreaterThanOrEqualTo(12);
        assertThat(Files.readString(PAGE)).isEqualTo(copied.toString());
    }

    @Test
    void listsEachShippedTemplateWithItsParameters() throws IOException {
        String page = Files.readString(PAGE);
        for (String name : Servicefiles.templates()) {
            String text = Servicefiles.template(name).orElseThrow();
            String row = page.lines()
                    .filter(line -> line.startsWith("| `" + name + "` |"))
                    .findFirst()
                    .orElse("");
            assertThat(row).as(name).isNotEmpty();
            try (Stream<String> lines = text.lines()) {
                assertThat(lines.filter(line -> line.contains(": {default: "))
                                .map(line -> "`" + line.strip().replaceFirst(":.*", "") + "`"))
                        .as(name)
                        .isNotEmpty()
                        .allSatisfy(parameter -> assertThat(row).contains(parameter));
            }
        }
    }
}
