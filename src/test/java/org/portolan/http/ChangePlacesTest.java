package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

/** What changes in progress take from others, and give back. */
class ChangePlacesTest extends ApiTest {
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void end() {
        go.countDown();
    }

    private static ApiRequest asked() {
        return new ApiRequest(
                "1",
                "POST",
                "/v1/sources/site/look",
                Map.of("source", "site"),
                Map.of(),
                Map.of("prefer", "respond-async"),
                new byte[0],
                ApiCaller.of(Principal.of("boss", Scope.ADMIN, Set.of()), "127.0.0.1"));
    }

    private Changes.Job waiting(String counted, long bytes) {
        return new Changes.Job(
                List.of(""), List.of(counted), false, bytes, DeployOptions.DEFAULT, (run, options, operation) -> {
                    try {
                        go.await();
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                    return new Outcome(Outcome.Kind.DONE, "", 0);
                });
    }

    private static Operation ended(Operation operation) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!operation.over() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(operation.over()).isTrue();
        return operation;
    }

    @Test
    void looksThatWaitKeepNoInstructionAway() throws Exception {
        Changes changes = new Changes(api.controller);
        for (int i = 0; i < 4; i++) {
            changes.begin(asked(), waiting("looks at source site", 0), () -> {});
        }
        assertThatThrownBy(() -> changes.begin(asked(), waiting("looks at source site", 0), () -> {}))
                .hasMessage("too many looks at source site are in progress");
        List<String> instructions = new ArrayList<>();
        Changes.Job instruction = SteeringRoutes.job(WorkKey.source("site"), steering -> instructions.add("site"));
        assertThat(instruction.counted()).containsExactly("instructions for source site");
        assertThat(ended(changes.begin(asked(), instruction, () -> {})).refusal())
                .isEmpty();
        for (int i = 0; i < 60; i++) {
            changes.begin(asked(), waiting("looks at source " + i, 0), () -> {});
        }
        assertThatThrownBy(() -> changes.begin(asked(), waiting("looks at source x", 0), () -> {}))
                .hasMessage("too many changes are in progress");
        ended(changes.begin(asked(), instruction, () -> {}));
        assertThat(instructions).hasSize(2);
    }

    @Test
    void theFilesOfWaitingChangesAreBounded() throws Exception {
        Changes changes = new Changes(api.controller);
        Operation first = changes.begin(asked(), waiting("a", 20 << 20), () -> {});
        assertThatThrownBy(() -> changes.begin(asked(), waiting("b", 13 << 20), () -> {}))
                .isInstanceOfSatisfying(
                        Failure.class, full -> assertThat(full.kind()).isEqualTo(Failure.Kind.UNAVAILABLE));
        changes.begin(asked(), waiting("c", 12 << 20), () -> {});
        go.countDown();
        ended(first);
        Thread.sleep(50);
        ended(changes.begin(asked(), waiting("d", 20 << 20), () -> {}));
    }

    @Test
    void anErrorOfTheMachineEndsAChange() throws Exception {
        Changes changes = new Changes(api.controller);
        Changes.Job broken =
                new Changes.Job(List.of(""), List.of(), false, 0, DeployOptions.DEFAULT, (run, options, operation) -> {
                    throw new StackOverflowError();
                });
        Operation operation = ended(changes.begin(asked(), broken, () -> {}));
        assertThat(operation.refusal())
                .hasValueSatisfying(why -> assertThat(why.kind()).isEqualTo(Failure.Kind.INTERNAL));
        assertThat(changes.running()).isZero();
    }
}
