package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;

/** HAProxy's limit of connections to a server: what is more waits and is served afterwards. */
@Tag("real")
class MaxConnectionsRealTest {
    private static final int MILLIS = 400;

    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer one;
    private OriginServer two;
    private int mesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        one = new OriginServer("one");
        two = new OriginServer("two");
        mesh = ProxyFixture.free();
    }

    @AfterEach
    void stop() {
        fixture.close();
        one.close();
        two.close();
    }

    private void serve(int most) {
        List<Server> servers = List.of(
                ProxyFixture.ready(ProxyFixture.id("web", 1, 1), one.port()),
                ProxyFixture.ready(ProxyFixture.id("web", 1, 2), two.port()));
        fixture.proxy.apply(fixture.part(List.of(new Backend(
                "web",
                "",
                true,
                List.of("127.0.0.1"),
                mesh,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                true,
                most,
                servers))));
    }

    /** As many slow requests at once; how long all of them took. */
    private Duration ask(int requests) {
        long begun = System.nanoTime();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                answers.add(CompletableFuture.supplyAsync(
                        () -> fixture.curl("http://127.0.0.1:" + mesh + "/slow/" + MILLIS), clients));
            }
            answers.forEach(answer -> assertThat(answer.join()).endsWith("200"));
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void eachInstanceServesOneAfterAnother() {
        serve(1);
        assertThat(ask(6)).isGreaterThan(Duration.ofMillis(3L * MILLIS));
        assertThat(one.most.get()).isEqualTo(1);
        assertThat(two.most.get()).isEqualTo(1);
        assertThat(one.requests.get() + two.requests.get()).isEqualTo(6);

        serve(2);
        ask(6);
        assertThat(Math.max(one.most.get(), two.most.get())).isEqualTo(2);

        serve(0);
        ask(12);
        assertThat(Math.max(one.most.get(), two.most.get()))
                .as("without a limit")
                .isGreaterThan(2);
    }
}
