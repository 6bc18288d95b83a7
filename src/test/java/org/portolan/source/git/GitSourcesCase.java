package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.GitSettings;
import org.portolan.source.Located;
import org.portolan.source.Sources;

/** A repository with two Servicefiles, and the sources of a separate state directory. */
abstract class GitSourcesCase {
    @TempDir
    Path temporary;

    Path home;
    Path work;
    GitProgram git;
    Sources sources;

    @BeforeEach
    void makeRepository() throws IOException {
        home = temporary.toRealPath();
        work = home.resolve("site");
        git = GitProgram.repository(work).write("Servicefile", "web: {}\n").write("sub/Servicefile", "sub: {}\n");
        sources = sources(work);
    }

    Sources sources(Path workingDirectory) {
        return new GitSources(settings(), workingDirectory);
    }

    GitSettings settings() {
        return GitSettings.of(home.resolve("state"), Map.of("HOME", home.toString()));
    }

    static String text(Located located, String path) {
        return located.tree()
                .read(path)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("missing");
    }

    static Failure failure(Supplier<?> call) {
        try {
            return new Failure(Kind.INTERNAL, "no failure, but " + call.get());
        } catch (Failure failure) {
            assertThat(failure.hint()).as(failure.what()).isPresent();
            return failure;
        }
    }
}
