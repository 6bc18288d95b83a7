package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.SimCommand;
import org.portolan.model.container.Container;
import org.portolan.model.labels.Labels;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;

/** Commands in containers over WebSockets: their streams, who may, and what clients do that are slow, gone or hostile. */
class ExecRoutesTest extends ApiTest {
    private static final String TOKEN = ApiSite.SHOP_ONLY;

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(10);
        }
    }

    private SimCommand running() throws InterruptedException {
        until("the command runs", () -> !api.site.engine.attached.isEmpty());
        return api.site.engine.attached.getLast();
    }

    private RawWebSocket begin(String first) throws Exception {
        RawWebSocket client = RawWebSocket.exec(api.port, TOKEN);
        assertThat(client.head).startsWith("HTTP/1.1 101 ").contains("Sec-WebSocket-Protocol: v5.channel.k8s.io");
        client.text(first);
        return client;
    }

    @Test
    void inputGoesInAndOutputComesOut() throws Exception {
        try (RawWebSocket client = begin("{\"command\": [\"cat\"], \"stdin\": true}")) {
            client.stream(0, "one ");
            // A message may come in frames; the first one names its stream.
            client.send(false, RawWebSocket.BINARY, new byte[] {0, 't', 'w'});
            client.send(true, 0, new byte[] {'o'});
            StringBuilder out = new StringBuilder();
            while (out.length() < 7) {
                RawWebSocket.Got got = client.next();
                assertThat(got.stream()).isEqualTo(1);
                out.append(got.rest());
            }
            assertThat(out).hasToString("one two");
            client.endInput();
            RawWebSocket.Got status = client.next();
            assertThat(status.stream()).isEqualTo(3);
            assertThat(status.rest()).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
            RawWebSocket.Got close = client.next();
            assertThat(close.code()).isEqualTo(RawWebSocket.CLOSE);
            assertThat(close.status()).isEqualTo(1000);
        }
    }

    @Test
    void theStreamsAreToldApartAndTheStatusIsTheCommands() throws Exception {
        try (RawWebSocket client = begin("{\"command\": [\"both\"]}")) {
            RawWebSocket.Got out = client.next();
            assertThat(out.stream() + out.rest()).isEqualTo("1to output\n");
            RawWebSocket.Got err = client.next();
            assertThat(err.stream() + err.rest()).isEqualTo("2to error\n");
        }
        try (RawWebSocket client = begin("{\"command\": [\"exit\", \"3\"]}")) {
            assertThat(client.next().rest())
                    .contains("\"reason\":\"NonZeroExitCode\"", "{\"reason\":\"ExitCode\",\"message\":\"3\"}");
        }
    }

    @Test
    void aTerminalHasTheSizeThatItIsTold() throws Exception {
        try (RawWebSocket client = begin("{\"command\": [\"sizes\", \"2\"], \"tty\": true}")) {
            client.stream(4, "{\"Width\": 80, \"Height\": 24}");
            assertThat(client.next().rest()).isEqualTo("24x80\n");
            client.stream(4, "{\"Width\": 132, \"Height\": 50}");
            assertThat(client.next().rest()).isEqualTo("50x132\n");
        }
        assertThat(running().terminal).isTrue();
    }

    @Test
    void aRunHasAContainerOfItsOwnWhichGoesWithIt() throws Exception {
        try (RawWebSocket client = new RawWebSocket(
                api.port,
                "/v1/deployments/shop/services/web/run",
                TOKEN,
                "Sec-WebSocket-Protocol: " + ExecSession.PROTOCOL)) {
            client.text("{\"command\": [\"wait\"]}");
            String name = running().container;
            assertThat(runs()).hasSize(1);
            assertThat(name).isNotEmpty();
        }
        until("its container is gone", () -> runs().isEmpty());
        try (RawWebSocket client = new RawWebSocket(
                api.port,
                "/v1/deployments/shop/services/wob/run",
                TOKEN,
                "Sec-WebSocket-Protocol: " + ExecSession.PROTOCOL)) {
            client.text("{\"command\": [\"exit\", \"0\"]}");
            assertThat(client.next().rest()).contains("\"kind\":\"not_found\"", "has no service wob");
        }
    }

    private List<Container> runs() {
        return api.site.engine.containers().stream()
                .filter(container -> !container.label(Labels.RUN).isEmpty())
                .toList();
    }

    @Test
    void whoLacksTheScopeOrTheDeploymentIsRefusedBeforeAnythingRuns() throws Exception {
        api.tokens.put("ptl_other", Principal.of("other", Scope.DEPLOY, Set.of("blog")));
        assertThat(status(ApiSite.READ)).isEqualTo(403);
        assertThat(status("ptl_other")).isEqualTo(404);
        assertThat(status("ptl_nobody")).isEqualTo(401);
        assertThat(status(TOKEN, "Origin: http://127.0.0.1:" + api.port)).isEqualTo(403);
        try (RawWebSocket client = new RawWebSocket(
                api.port,
                "/v1/deployments/shop/instances/wob/exec",
                TOKEN,
                "Sec-WebSocket-Protocol: " + ExecSession.PROTOCOL)) {
            assertThat(client.status()).isEqualTo(404);
        }
        assertThat(api.site.engine.attached).isEmpty();
        assertThat(api.recorded).isEmpty();
    }

    private int status(String token, String... headers) throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, token, headers)) {
            return client.status();
        }
    }

    @Test
    void anythingElseThanThisWebSocketIsToldWhatItIs() throws Exception {
        HttpResponse<String> plain =
                api.send(api.to("/v1/deployments/shop/instances/web/exec").header("Authorization", "Bearer " + TOKEN));
        assertThat(plain.statusCode()).isEqualTo(426);
        assertThat(plain.headers().firstValue("Upgrade")).contains("websocket");
        try (RawWebSocket client = new RawWebSocket(api.port, "/v1/deployments/shop/instances/web/exec", TOKEN)) {
            assertThat(client.status()).as("without the subprotocol").isEqualTo(426);
        }
        // What is not a stream of lines is answered as ever.
        try (RawWebSocket client = new RawWebSocket(api.port, "/v1/deployments", TOKEN)) {
            assertThat(client.status()).isEqualTo(200);
        }
    }

    @Test
    void theAuditLogHasTheProgramAndNotItsArguments() throws Exception {
        try (RawWebSocket client = begin("{\"command\": [\"exit\", \"0\", \"hunter2\"]}")) {
            client.next();
        }
        assertThat(api.recorded).hasSize(1);
        assertThat(api.recorded.getFirst().message())
                .contains("exec in shop-web-2-1: exit, from 127.0.0.1")
                .doesNotContain("hunter2");
        assertThat(api.recorded.getFirst().data().fields()).containsEntry("who", "shopkeeper");
    }

    @Test
    void aProgramsNameMovesNoCursorOfTheAuditLog() throws Exception {
        try (RawWebSocket client = begin("{\"command\": [\"\\u001b[2J\\n\u202eexit\"]}")) {
            until("it is recorded", () -> !api.recorded.isEmpty());
        }
        assertThat(api.recorded.getFirst().message()).contains("shop-web-2-1: \\u001b[2J\\u000a\\u202eexit");
    }

    @Test
    void whatDoesNotKeepToTheProtocolIsDisconnected() throws Exception {
        assertThat(closed(client -> client.stream(0, "input"))).isEqualTo(1008);
        assertThat(closed(client -> client.text("no json"))).isEqualTo(1008);
        assertThat(closed(client -> client.text("{\"command\": []}"))).isEqualTo(1008);
        assertThat(closed(client -> client.text("{\"command\": \"sh\"}"))).isEqualTo(1008);
        assertThat(closed(client -> client.text("{\"command\": [\"" + "x".repeat(70_000) + "\"]}")))
                .as("a frame of more than 64 KiB")
                .isEqualTo(1009);
        assertThat(closed(client -> {
                    byte[] part = "x".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
                    client.send(false, RawWebSocket.TEXT, part);
                    for (int count = 0; count < 5; count++) {
                        client.send(false, 0, part);
                    }
                }))
                .as("a command that does not end")
                .isEqualTo(1008);
        String waits = "{\"command\": [\"wait\"], \"stdin\": true, \"tty\": true}";
        assertThat(closed(client -> {
                    client.text(waits);
                    client.stream(7, "x");
                }))
                .isEqualTo(1002);
        assertThat(closed(client -> {
                    client.text(waits);
                    client.stream(4, "{\"Width\": 0, \"Height\": 24}");
                }))
                .isEqualTo(1002);
        assertThat(closed(client -> {
                    client.text(waits);
                    client.text(waits);
                }))
                .isEqualTo(1008);
        for (SimCommand command : api.site.engine.attached) {
            assertThat(command.left.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Does something to a connection. */
    @FunctionalInterface
    private interface Doing {
        void with(RawWebSocket client) throws Exception;
    }

    private int closed(Doing doing) throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, TOKEN)) {
            doing.with(client);
            RawWebSocket.Got got = client.next();
            assertThat(got.code()).isEqualTo(RawWebSocket.CLOSE);
            return got.status();
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNothingBehind() throws Exception {
        SimCommand command;
        try (RawWebSocket client = begin("{\"command\": [\"wait\"], \"stdin\": true}")) {
            command = running();
            assertThat(command.left.getCount()).isEqualTo(1);
            assertThat(client.status()).isEqualTo(101);
        }
        assertThat(command.left.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(command.ended.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatDoesNotReadHoldsTheCommandBack() throws Exception {
        SimCommand command;
        try (RawWebSocket client = begin("{\"command\": [\"flood\"]}")) {
            command = running();
            until("it waits", () -> still(command));
            assertThat(command.written.get()).as("sockets hold some").isLessThan(32 * 1024 * 1024);
            long before = command.written.get();
            for (int count = 0; count < 2_000; count++) {
                client.next();
            }
            until("it goes on", () -> command.written.get() > before);
        }
        assertThat(command.ended.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean still(SimCommand command) {
        try {
            long before = command.written.get();
            Thread.sleep(300);
            return before > 0 && command.written.get() == before;
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    /** More than the limit of one token, whose others are not held up by it. */
    @Test
    void oneTokenHasSoManyCommandsAtOnce() throws Exception {
        List<RawWebSocket> clients = new ArrayList<>();
        try {
            for (int count = 0; count < 8; count++) {
                clients.add(begin("{\"command\": [\"wait\"]}"));
            }
            assertThat(status(TOKEN)).isEqualTo(503);
            assertThat(status(ApiSite.ADMIN)).isEqualTo(101);
            clients.removeFirst().close();
            until("there is a place again", () -> free());
        } finally {
            for (RawWebSocket client : clients) {
                client.close();
            }
        }
    }

    private boolean free() {
        try {
            return status(TOKEN) == 101;
        } catch (Exception problem) {
            throw new IllegalStateException(problem);
        }
    }

    @Test
    void aControllerThatStopsSaysSo() throws Exception {
        try (RawWebSocket client = begin("{\"command\": [\"wait\"]}")) {
            SimCommand command = running();
            Thread stopping = Thread.ofVirtual().start(() -> api.door.stop(Duration.ofSeconds(5)));
            RawWebSocket.Got close = client.next();
            assertThat(close.status()).isEqualTo(1001);
            client.send(RawWebSocket.CLOSE, new byte[] {3, (byte) 0xe9});
            assertThat(command.left.await(20, TimeUnit.SECONDS)).isTrue();
            stopping.join();
        }
    }

    @Test
    void linesCanBeHadByWebSocketToo() throws Exception {
        api.site.engine.attached.clear();
        try (RawWebSocket client =
                new RawWebSocket(api.port, "/v1/events", ApiSite.READ, "Accept: application/x-ndjson")) {
            assertThat(client.status()).isEqualTo(101);
            until("it follows", () -> api.door.streams() == 1);
            api.site.process().deploy(ApiSite.shop("1", 2));
            RawWebSocket.Got line = client.next();
            assertThat(line.code()).isEqualTo(RawWebSocket.TEXT);
            assertThat(line.text()).startsWith("{\"id\":").endsWith("}");
        }
        try (RawWebSocket client =
                new RawWebSocket(api.port, "/v1/deployments/shop/instances/web/logs", ApiSite.READ)) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.next().status()).isEqualTo(1000);
        }
        try (RawWebSocket client = new RawWebSocket(
                api.port, "/v1/deployments/shop/instances/web/logs", ApiSite.READ, "Origin: http://evil.test")) {
            assertThat(client.status()).isEqualTo(403);
        }
    }

    /** What it types has an effect, though it sees nothing of it any more. */
    @Test
    void whoseTokenIsRemovedTypesNothingMore() throws Exception {
        try (RawWebSocket client = begin("{\"command\": [\"wait\"]}")) {
            long begun = System.nanoTime();
            api.tokens.remove(TOKEN);
            assertThat(client.next().status()).isEqualTo(WebSocketPeer.POLICY);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        }
    }
}
