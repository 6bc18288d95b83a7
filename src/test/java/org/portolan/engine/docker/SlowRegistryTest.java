package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.EngineException;

/** An engine answers a pull when its registry does: what is late is the registry, not the engine. */
class SlowRegistryTest {
    private static final Duration DEADLINE = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofMillis(700);
    private static final String NAME = "registry.example:5000/web:1";

    @TempDir
    Path folder;

    private FakeEngine fake;
    private Calls calls;

    @BeforeEach
    void begin() throws IOException {
        fake = new FakeEngine(folder);
        calls = new Calls(DockerEndpoint.unix(fake.socket(), folder), DEADLINE);
    }

    @AfterEach
    void end() throws IOException {
        calls.close();
        fake.close();
    }

    private void failsWith(EngineException.Reason reason, String what) {
        long began = System.nanoTime();
        assertThatThrownBy(() -> new ImageCalls(calls, SILENCE).pull(NAME, Optional.empty(), line -> {}))
                .isInstanceOfSatisfying(EngineException.class, failure -> {
                    assertThat(failure.what()).contains(what);
                    assertThat(failure.reason()).isEqualTo(reason);
                });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(SILENCE);
    }

    @Test
    void aRegistryThatSaysNothingIsNamedAfterThePullsOwnDeadline() {
        fake.answer(FakeEngine.ok("OK"), FakeEngine.SILENCE, FakeEngine.ok("OK"));

        failsWith(
                EngineException.Reason.REFUSED,
                "cannot pull " + NAME + ": the registry registry.example:5000 sent nothing for 700ms");
    }

    @Test
    void aRegistryThatStopsInTheMiddleIsNamed() {
        fake.answer(
                FakeEngine.ok("OK"),
                "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"status\":\"Pulling from web\"}\n",
                FakeEngine.ok("OK"));

        failsWith(EngineException.Reason.REFUSED, "the registry registry.example:5000 sent nothing for 700ms");
    }

    @Test
    void anEngineThatAnswersNobodyIsSaidToBeTheOne() {
        fake.answer(FakeEngine.ok("OK"), FakeEngine.SILENCE, FakeEngine.SILENCE);

        failsWith(EngineException.Reason.UNREACHABLE, "the Docker Engine at ");
    }

    @Test
    void whatIsPulledIsToldLayerByLayer() {
        String lines = "{\"status\":\"Pulling fs layer\",\"id\":\"a1\"}\n"
                + "{\"status\":\"Downloading\",\"id\":\"a1\",\"progress\":\"=>\",\"progressDetail\":{\"current\":1,\"total\":2}}\n"
                + "{\"status\":\"Pull complete\",\"id\":\"a1\"}\n";
        fake.answer(FakeEngine.ok("OK"), FakeEngine.ok(lines), FakeEngine.ok("{\"Id\":\"sha256:1\"}"));
        List<String> told = new ArrayList<>();

        assertThat(new ImageCalls(calls, SILENCE)
                        .pull(NAME, Optional.empty(), told::add)
                        .id())
                .isEqualTo("sha256:1");

        assertThat(told).containsExactly("a1: Pulling fs layer", "a1: Pull complete");
    }
}
