package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;

class CommandsTest {
    @Test
    void givesExitCodeAndBothOutputs() {
        Commands.Result result =
                Commands.run(List.of("sh", "-c", "echo out; echo err >&2; cat; exit 7"), Duration.ofSeconds(5));
        assertThat(result).isEqualTo(new Commands.Result(7, "out\nerr\n"));
    }

    @Test
    void keepsOutputUpToItsLimitAndLetsTheCommandEnd() {
        Commands.Result result =
                Commands.run(List.of("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"), Duration.ofSeconds(10));
        assertThat(result.succeeded()).isTrue();
        assertThat(result.output()).hasSize(Commands.OUTPUT_LIMIT);
    }

    @Test
    void killsWhatDoesNotEndInTime() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> Commands.run(List.of("sh", "-c", "sleep 30 & sleep 30"), Duration.ofMillis(200)))
                .isInstanceOf(Failure.class)
                .hasMessage("sh did not finish within 200ms and was killed");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void doesNotWaitForWhatACommandLeavesBehind() {
        long start = System.nanoTime();
        assertThat(Commands.run(List.of("sh", "-c", "sleep 5 & echo done"), Duration.ofSeconds(4))
                        .output())
                .isEqualTo("done\n");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void namesAProgramThatIsMissing() {
        assertThatThrownBy(() -> Commands.run(List.of("no-such-program"), Duration.ofSeconds(1)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot run no-such-program");
    }
}
