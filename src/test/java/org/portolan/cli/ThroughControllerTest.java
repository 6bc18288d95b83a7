package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.state.Release;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.remote.RemoteController;
import org.portolan.sim.SimSite;

/** What happens on the way between a command and the controller that carries it out. */
class ThroughControllerTest {
    private static final Mandate ALICE = Mandate.of(new Caller.Person("alice@desk"));

    @TempDir
    Path folder;

    private Path sockets;
    private SimSite site;
    private final CountDownLatch starting = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private SocketDoor door;

    @BeforeEach
    void open() throws Exception {
        // The path of a socket has to be short.
        sockets = Files.createTempDirectory("cut");
        site = ChangingCommandsTest.fullSite(folder.resolve("data"));
        Installation own = site.process().installation;
        Engine held = (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("start") && starting.getCount() > 0) {
                        starting.countDown();
                        go.await();
                    }
                    try {
                        return method.invoke(own.engine(), arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        door = new SocketDoor(new SiteParts(folder, site).home(), new SiteParts(folder, site), own.with(held));
    }

    @AfterEach
    void close() throws Exception {
        go.countDown();
        door.close();
        Files.delete(sockets);
    }

    private static Request.Scale scale(int count) {
        return new Request.Scale("shop", Map.of("web", count), ALICE);
    }

    private List<Release> releases() {
        return site.store.connect("looker").releases("shop", 20);
    }

    private List<String> told(List<Event> events) {
        return events.stream()
                .map(event -> event.release() + " " + event.message())
                .toList();
    }

    @Test
    void aLostAnswerIsAskedForAgainAndNothingIsDoneTwice() throws Exception {
        go.countDown();
        List<Event> whole = new ArrayList<>();
        try (RemoteController remote = RemoteController.of(door.url(), Map.of(), warning -> {})) {
            remote.requests(whole::add).perform(scale(3), DeployOptions.DEFAULT);
            remote.requests(event -> {}).perform(scale(2), DeployOptions.DEFAULT);
        }
        int before = releases().size();
        List<Event> events = new ArrayList<>();
        // Nothing of the first answer arrives, and little of the first three streams.
        try (CuttingSocket cut = new CuttingSocket(
                        sockets, door.socket, at -> at == 0 ? 0 : at < 5 && at > 1 ? 700 : Integer.MAX_VALUE);
                RemoteController remote = RemoteController.of("unix:" + cut.path, Map.of(), warning -> {})) {
            Outcome outcome = remote.requests(events::add).perform(scale(3), DeployOptions.DEFAULT);
            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DONE);
            assertThat(cut.asked)
                    .filteredOn(line -> line.startsWith("POST /v1/deployments/shop/scale "))
                    .hasSize(2);
            assertThat(cut.asked)
                    .filteredOn(line -> line.contains("/events?after="))
                    .hasSizeGreaterThan(2);
        }
        assertThat(releases()).hasSize(before + 1);
        assertThat(told(events).stream().map(line -> line.replaceAll("\\d+", "N")))
                .containsExactlyElementsOf(told(whole).stream()
                        .map(line -> line.replaceAll("\\d+", "N"))
                        .toList());
    }

    @Test
    void ctrlCHasTheControllerStopAfterTheStepInProgress() throws Exception {
        AtomicBoolean asked = new AtomicBoolean();
        try (RemoteController remote = RemoteController.of(door.url(), Map.of(), warning -> {})) {
            CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(
                    () -> remote.requests(event -> {}).perform(scale(4), DeployOptions.DEFAULT.attended(asked::get)));
            assertThat(starting.await(20, TimeUnit.SECONDS)).isTrue();
            asked.set(true);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (door.audit.size() < 2 && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            go.countDown();
            assertThat(outcome.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Outcome.Kind.INTERRUPTED);
        }
        assertThat(door.audit.getLast().message()).contains("/interrupt");
        assertThat(site.store.connect("looker").deployment("shop").orElseThrow().running())
                .isPresent();
    }

    @Test
    void aSecondChangeOfTheSameDeploymentIsLocked() throws Exception {
        try (RemoteController remote = RemoteController.of(door.url(), Map.of(), warning -> {})) {
            CompletableFuture<Outcome> first = CompletableFuture.supplyAsync(
                    () -> remote.requests(event -> {}).perform(scale(4), DeployOptions.DEFAULT));
            assertThat(starting.await(20, TimeUnit.SECONDS)).isTrue();
            SocketParts parts = new SocketParts(folder, site, door);
            CliRun second = parts.run("-D", "shop", "scale", "web=1", "--no-wait");
            assertThat(second.status()).isEqualTo(4);
            assertThat(second.err()).contains("shop is locked by ", "run the command without --no-wait");
            go.countDown();
            assertThat(first.get(20, TimeUnit.SECONDS).kind()).isEqualTo(Outcome.Kind.DONE);
        }
    }

    /** Another controller has used the key. */
    @Test
    void aControllerThatLeadsOnlySinceThenDoesNotDoItAgain() throws Exception {
        go.countDown();
        Optional<Failure> failure;
        int before = releases().size();
        // The first answer is lost; meanwhile another controller leads.
        try (CuttingSocket cut = new CuttingSocket(sockets, door.socket, at -> 0);
                RemoteController remote = RemoteController.of("unix:" + cut.path, Map.of(), warning -> {})) {
            CompletableFuture<Optional<Failure>> ended = CompletableFuture.supplyAsync(() -> {
                try {
                    remote.requests(event -> {}).perform(scale(3), DeployOptions.DEFAULT);
                    return Optional.empty();
                } catch (Failure thrown) {
                    return Optional.of(thrown);
                }
            });
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (cut.asked.isEmpty() && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            try (SocketDoor successor = new SocketDoor(
                    new SiteParts(folder, site).home(), new SiteParts(folder, site), site.process().installation)) {
                cut.behind(successor.socket, Integer.MAX_VALUE);
                failure = ended.get(20, TimeUnit.SECONDS);
            }
        }
        assertThat(failure).isEmpty();
        assertThat(releases()).hasSize(before + 1);
    }
}
