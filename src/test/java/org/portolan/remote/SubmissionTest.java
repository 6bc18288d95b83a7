package org.portolan.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.remote.ScriptedController.json;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;

/** A change whose controller ends before it does: it is asked for again with the same key, and does not fail. */
@Timeout(60)
class SubmissionTest {
    private static final Patience LONG = new Patience(Duration.ofSeconds(30), Duration.ofMillis(20));
    private static final Patience SHORT = new Patience(Duration.ofMillis(300), Duration.ofMillis(20));
    private static final String RUNNING = "{\"id\":\"x\",\"state\":\"running\"}";

    private final List<Event> said = new ArrayList<>();

    private static String end(String fields) {
        return json(200, "{\"n\":1,\"operation\":{\"id\":\"x\"," + fields + "}}\n");
    }

    /** Gives these answers to requests for a change, and to those who follow it. */
    private static UnaryOperator<String> script(List<String> changes, List<String> following) {
        Deque<String> first = new ArrayDeque<>(changes);
        Deque<String> second = new ArrayDeque<>(following);
        return what -> {
            Deque<String> answers = what.startsWith("POST ") ? first : second;
            return answers.size() > 1 ? answers.remove() : answers.getFirst();
        };
    }

    private StrictJson ended(ScriptedController there, Patience patience) {
        try (ApiClient client = there.client()) {
            return new Submission(client, "me", said::add, patience)
                    .ended("POST", "/v1/x", Map.of(), line -> {}, () -> false);
        }
    }

    @Test
    void whatAControllerLeavesTheNextOneEnds() throws IOException {
        List<String> ends = List.of(
                end("\"outcome\":\"interrupted\""),
                end("\"problem\":{\"kind\":\"fenced\",\"detail\":\"this controller ends\"}"),
                json(404, "{\"kind\":\"not_found\",\"detail\":\"unknown operation\"}"),
                end("\"outcome\":\"done\""));
        try (ScriptedController there = new ScriptedController(script(List.of(json(202, RUNNING)), ends))) {
            assertThat(ended(there, LONG).text("outcome")).isEqualTo("done");
            assertThat(there.asked("POST")).isEqualTo(4);
            assertThat(new HashSet<>(there.keys)).hasSize(1);
            assertThat(said).hasSize(3);
        }
    }

    @Test
    void aControllerThatEndsIsAskedAgainUntilTheNextOneAnswers() throws IOException {
        String ends = json(503, "{\"kind\":\"fenced\",\"detail\":\"this controller ends\"}");
        try (ScriptedController there = new ScriptedController(
                script(List.of(ends, "", ends, json(202, RUNNING)), List.of(end("\"outcome\":\"done\""))))) {
            assertThat(ended(there, LONG).text("outcome")).isEqualTo("done");
            assertThat(new HashSet<>(there.keys)).hasSize(1);
            assertThat(there.keys).hasSize(4);
        }
        try (ScriptedController there = new ScriptedController(script(List.of(ends), List.of("")))) {
            assertThatThrownBy(() -> ended(there, SHORT)).hasMessage("this controller ends");
        }
    }

    /** By somebody with the scope for it. */
    @Test
    void whatSomebodyElseStoppedIsNotAskedForForEver() throws IOException {
        String stopped = "{\"id\":\"x\",\"state\":\"done\",\"outcome\":\"interrupted\"}";
        try (ScriptedController there = new ScriptedController(
                script(List.of(json(202, RUNNING), json(202, stopped)), List.of(end("\"outcome\":\"interrupted\""))))) {
            assertThat(ended(there, LONG).text("outcome")).isEqualTo("interrupted");
            assertThat(there.asked("POST")).isEqualTo(2);
        }
    }

    /** While the leadership is handed over; a wrong address is reported soon. */
    @Test
    void aPortThatNobodyListensOnYetIsWaitedForAWhile() throws IOException {
        int port;
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = any.getLocalPort();
        }
        long began = System.nanoTime();
        try (ApiClient client =
                new ApiClient(ControllerAddress.of("http://127.0.0.1:" + port, Map.of()), Optional.empty())) {
            Submission submission = new Submission(client, "me", said::add, SHORT);
            assertThatThrownBy(() -> submission.ended("POST", "/v1/x", Map.of(), line -> {}, () -> false))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
                        assertThat(failure.what()).startsWith("cannot reach the controller at ");
                    });
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(SHORT.most());
    }
}
