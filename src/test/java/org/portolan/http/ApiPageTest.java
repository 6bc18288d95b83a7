package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApiPageTest {
    private static final Path PAGE = Path.of("docs/api.md");

    /** {@code -Dupdate} writes it. */
    @Test
    void thePageListsTheRoutes() throws IOException {
        String page = Files.readString(PAGE);
        String before = page.substring(0, page.indexOf(ApiPage.BEGIN));
        String after = page.substring(page.indexOf(ApiPage.END));
        String wanted = before + ApiPage.BEGIN + "\n" + ApiPage.markdown(RouteTable.ALL) + after;
        if (System.getProperty("update") != null) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE))
                .as("out of date; run: mvn test -Dtest=ApiPageTest -Dupdate")
                .isEqualTo(wanted);
    }
}
