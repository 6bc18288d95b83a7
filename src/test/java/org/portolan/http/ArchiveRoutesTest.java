package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.portolan.controller.ControllerHandle;
import org.portolan.engine.Engine;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.NeedsConsent;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.Event;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.operate.Agreement;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.Caller;
import org.portolan.operate.LocalRequests;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.operate.VolumeCopies;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.remote.RemoteController;
import org.portolan.sim.SimSite;

/** Volumes of any size from a controller elsewhere, and to it. */
@Timeout(60)
class ArchiveRoutesTest extends ApiTest {
    private static final String VOLUME = "bank-db-rows";
    private static final Mandate ANN = Mandate.of(new Caller.Person("ann@home"));
    private static final int LARGE = 3_000_000;

    private Path files;

    @BeforeEach
    void bank() throws IOException {
        files = Files.createDirectory(folder.resolve("files"));
        bankAt(api, LARGE);
    }

    private static void bankAt(ApiSite at, int size) {
        at.site
                .process()
                .deploy(SimSite.desired(
                        "bank",
                        Map.of(
                                "db",
                                Map.of(
                                        "image",
                                        "redis:1",
                                        "volumes",
                                        Map.of("rows", Map.of("target", "/rows", "driver", "nfs")),
                                        "backup",
                                        Map.of("pre", List.of("dump"), "post", List.of("clean")))),
                        Map.of()));
        write(at, "good", size);
    }

    private void write(String text) {
        write(api, text, LARGE);
    }

    private static void write(ApiSite at, String text, int size) {
        byte[] content = new byte[size];
        System.arraycopy(text.getBytes(StandardCharsets.UTF_8), 0, content, 0, text.length());
        at.site.engine.put("bank-db-1-1", "/", List.of(new ContainerFile("/rows/one", 0600, 7, 7, content)));
    }

    private String data() {
        byte[] content = api.site
                .engine
                .files("bank-db-1-1", "/rows/one", 2 * LARGE)
                .orElseThrow()
                .getFirst()
                .content();
        return new String(content, 0, 4, StandardCharsets.UTF_8);
    }

    private VolumeCopies.Saved backup(String url, String token, Path file, BooleanSupplier interrupted) {
        try (RemoteController remote = RemoteController.of(url, Map.of("PORTOLAN_TOKEN", token), warning -> {})) {
            return remote.requests(event -> {})
                    .backup(VOLUME, ArchiveFile.of(file), ANN, new DeployOptions(true, Optional.empty(), interrupted));
        }
    }

    private VolumeCopies.Saved backup(Path file) {
        return backup(url(), ApiSite.ADMIN, file, () -> false);
    }

    private void restore(String url, String token, Path file, Mandate mandate) {
        try (RemoteController remote = RemoteController.of(url, Map.of("PORTOLAN_TOKEN", token), warning -> {})) {
            remote.requests(event -> {})
                    .perform(
                            new Request.RestoreVolume("bank", VOLUME, ArchiveFile.of(file), mandate),
                            DeployOptions.DEFAULT);
        }
    }

    private String url() {
        return "http://127.0.0.1:" + api.port;
    }

    private void stop() {
        api.site.process().perform(new Request.Stop("bank", Set.of(), SimSite.MANDATE));
    }

    private void startAgain() {
        api.site.process().perform(new Request.Start("bank", Set.of(), SimSite.MANDATE));
    }

    private void nothingIsLeft() {
        assertThat(files).isEmptyDirectory();
        assertThat(api.installation.store().holder("bank")).as("the lock").isEmpty();
    }

    private void noUploadIsLeft() {
        Path uploads = folder.resolve(ReceivedArchive.FOLDER);
        assertThat(!Files.exists(uploads) || isEmpty(uploads)).isTrue();
    }

    private static boolean isEmpty(Path folder) {
        try (var all = Files.list(folder)) {
            return all.findAny().isEmpty();
        } catch (IOException problem) {
            return false;
        }
    }

    @Test
    void aBackupIsWhatADirectOneIsAndARestoreFromElsewhereBringsItBack() throws IOException {
        Path here = files.resolve("here.tar");
        Path there = files.resolve("there.tar");
        Path packed = files.resolve("there.tar.gz");
        new LocalRequests(api.installation, process -> false)
                .backup(VOLUME, ArchiveFile.of(here), ANN, DeployOptions.DEFAULT);
        VolumeCopies.Saved saved = backup(there);
        assertThat(saved.bytes()).isEqualTo(Files.size(there));
        assertThat(saved.writing()).as("its commands are its own care").isEmpty();
        assertThat(there).hasSameBinaryContentAs(here);
        backup(packed);
        assertThat(Files.size(packed)).isLessThan(LARGE / 10);
        assertThat(api.recorded)
                .extracting(Event::data)
                .contains(new ChangeRequested("POST /v1/volumes/" + VOLUME + "/backup", "boss", "127.0.0.1"));

        write("lost");
        assertThat(catchThrowableOfType(Failure.class, () -> restore(url(), ApiSite.ADMIN, packed, ANN))
                        .what())
                .isEqualTo("volume " + VOLUME + " is in use by bank-db-1-1");
        stop();
        NeedsConsent needs = catchThrowableOfType(NeedsConsent.class, () -> restore(url(), ApiSite.ADMIN, packed, ANN));
        assertThat(needs.needed()).containsExactly("replace all data of volume " + VOLUME + " with " + packed);
        assertThat(folder.resolve(ReceivedArchive.FOLDER))
                .as("nothing was sent yet")
                .doesNotExist();
        restore(url(), ApiSite.ADMIN, packed, ANN.agreeing(Agreement.EVERYTHING));
        noUploadIsLeft();
        startAgain();
        assertThat(data()).isEqualTo("good");
    }

    @Test
    void aBackupWhoseConnectionBreaksLeavesNoFileAndNoLock() throws IOException {
        try (CuttingPort cutting = new CuttingPort(api.port)) {
            cutting.most = 1_000_000;
            Path file = files.resolve("a.tar");
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> backup(cutting.url(), ApiSite.ADMIN, file, () -> false));
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure.what()).contains("the connection broke while the archive was sent");
            assertThat(failure.hint()).contains("nothing was saved");
            nothingIsLeft();
            cutting.most = Integer.MAX_VALUE;
            backup(cutting.url(), ApiSite.ADMIN, file, () -> false);
            assertThat(file).exists();
        }
    }

    /** A part of an archive is not taken for the whole: all of it passes but the last bytes. */
    @Test
    void aBackupThatLacksItsEndIsNoBackup() throws IOException {
        Path whole = files.resolve("whole.tar");
        backup(whole);
        long size = Files.size(whole);
        Files.delete(whole);
        try (CuttingPort cutting = new CuttingPort(api.port)) {
            // Beside the head and the sizes of the chunks.
            cutting.most = (int) size - 10;
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> backup(cutting.url(), ApiSite.ADMIN, whole, () -> false));
            assertThat(failure).isNotNull();
            nothingIsLeft();
        }
    }

    @Test
    void aRestoreWhoseConnectionBreaksChangesNothing() throws IOException {
        Path file = files.resolve("a.tar");
        backup(file);
        write("newr");
        stop();
        int changes = api.site.engine.changes().size();
        try (CuttingPort cutting = new CuttingPort(api.port)) {
            cutting.most = 1_000_000;
            Failure failure = catchThrowableOfType(
                    Failure.class,
                    () -> restore(cutting.url(), ApiSite.ADMIN, file, ANN.agreeing(Agreement.EVERYTHING)));
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure.what()).contains("the connection broke before the archive was there whole");
            assertThat(failure.hint()).contains("nothing was changed");
        }
        assertThat(api.site.engine.changes()).hasSize(changes);
        noUploadIsLeft();
        startAgain();
        assertThat(data()).isEqualTo("newr");
    }

    @Test
    void whatIsNoArchiveIsRefusedHereAndThere() throws IOException {
        Path file = Files.write(files.resolve("a.tar"), new byte[300]);
        stop();
        assertThat(catchThrowableOfType(
                                Failure.class,
                                () -> restore(url(), ApiSite.ADMIN, file, ANN.agreeing(Agreement.EVERYTHING)))
                        .what())
                .isEqualTo(file + " is not a whole tar archive: it ends too early");
        // Another client does not look at it first.
        HttpResponse<String> begun = send("/v1/deployments/bank/volumes/" + VOLUME + "/restore", """
                {"agree": true, "send": {"name": "mine.tar", "bytes": 3}}""", ApiSite.ADMIN);
        String operation = id(begun);
        HttpResponse<String> sent = api.send(api.to("/v1/operations/" + operation + "/archive")
                .header("Authorization", "Bearer " + ApiSite.ADMIN)
                .header("Content-Type", ArchiveRoutes.TAR)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[] {1, 2, 3})));
        assertThat(sent.statusCode()).isEqualTo(200);
        assertThat(events(operation, ApiSite.ADMIN)).contains("mine.tar is not a whole tar archive: it ends too early");
        noUploadIsLeft();
        assertThat(api.send(api.to("/v1/operations/" + operation + "/archive")
                                .header("Authorization", "Bearer " + ApiSite.ADMIN))
                        .body())
                .contains("no archive is waited for here");
    }

    private String events(String operation, String token) {
        return api.send(api.to("/v1/operations/" + operation + "/events").header("Authorization", "Bearer " + token))
                .body();
    }

    private HttpResponse<String> send(String path, String body, String token) {
        return api.send(api.to(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", Reply.JSON)
                .header("Prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String id(HttpResponse<String> begun) {
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return StrictJson.of(Map.of("at", begun.headers().firstValue("Location").orElseThrow()))
                .text("at")
                .substring("/v1/operations/".length());
    }

    @Test
    void aTokenTakesVolumesOfItsDeploymentsOnlyAndNobodyTakesAnothersArchive() {
        Path file = files.resolve("a.tar");
        Failure reader = catchThrowableOfType(Failure.class, () -> backup(url(), ApiSite.READ, file, () -> false));
        assertThat(reader.what()).contains("needs scope deploy");
        Failure keeper = catchThrowableOfType(Failure.class, () -> backup(url(), ApiSite.SHOP_ONLY, file, () -> false));
        assertThat(keeper.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(keeper.what()).isEqualTo("unknown volume " + VOLUME);
        api.tokens.put("ptl_bank", Principal.of("banker", Scope.DEPLOY, Set.of("bank")));
        backup(url(), "ptl_bank", file, () -> false);
        assertThat(file).exists();
        assertThat(catchThrowableOfType(
                                Failure.class,
                                () -> restore(url(), "ptl_bank", file, ANN.agreeing(Agreement.EVERYTHING)))
                        .what())
                .contains("needs scope admin");
        // As an admin of the shop, by the shop's path: that the volume is there is not for them to know.
        api.tokens.put("ptl_keeper", Principal.of("keeper", Scope.ADMIN, Set.of("shop")));
        HttpResponse<String> other = send("/v1/deployments/shop/volumes/" + VOLUME + "/restore", """
                {"agree": true, "send": {"name": "mine.tar", "bytes": 3}}""", "ptl_keeper");
        assertThat(events(id(other), "ptl_keeper"))
                .contains("unknown volume " + VOLUME)
                .doesNotContain("belongs");

        String operation = id(send("/v1/volumes/" + VOLUME + "/backup", "{}", "ptl_bank"));
        HttpResponse<String> stolen = api.send(
                api.to("/v1/operations/" + operation + "/archive").header("Authorization", "Bearer " + ApiSite.ADMIN));
        assertThat(stolen.statusCode()).isEqualTo(409);
        assertThat(stolen.body()).contains("the archive is for whoever asked for it");
    }

    @Test
    void aPersonWhoStopsItGetsNothingAndHoldsNothing() {
        Path file = files.resolve("a.tar");
        AtomicBoolean stop = new AtomicBoolean();
        api.site.engine.faults(call -> {
            if (call.verb().equals("read-volume")) {
                stop.set(true);
            }
            return org.portolan.engine.sim.Faults.NONE.fate(call);
        });
        Failure failure = catchThrowableOfType(Failure.class, () -> backup(url(), ApiSite.ADMIN, file, stop::get));
        assertThat(failure.what()).isEqualTo("the backup was stopped");
        nothingIsLeft();
    }

    /** What is read of the volume waits for whoever takes it: neither side has it in memory. */
    @Test
    void aLargeVolumeIsReadNoFasterThanItIsTaken() throws Exception {
        AtomicLong read = new AtomicLong();
        Installation large = api.installation.with(endless(api.installation.engine(), read, 2L << 30));
        ControllerHandle handle = (ControllerHandle) java.lang.reflect.Proxy.newProxyInstance(
                ControllerHandle.class.getClassLoader(),
                new Class<?>[] {ControllerHandle.class},
                (proxy, method, arguments) ->
                        method.getName().equals("installation") ? large : method.invoke(api.controller, arguments));
        int port = ApiSite.freePort();
        HttpDoor door = api.door(Files.createDirectory(folder.resolve("d")), "127.0.0.1", port);
        door.start(handle);
        try {
            String at = "http://127.0.0.1:" + port;
            HttpRequest.Builder begin = api.to("/v1/volumes/" + VOLUME + "/backup")
                    .uri(URI.create(at + "/v1/volumes/" + VOLUME + "/backup"))
                    .header("Authorization", "Bearer " + ApiSite.ADMIN)
                    .header("Content-Type", Reply.JSON)
                    .header("Prefer", "respond-async")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
            String operation = id(api.send(begin));
            HttpResponse<InputStream> archive = api.send(
                    api.to("/")
                            .uri(URI.create(at + "/v1/operations/" + operation + "/archive"))
                            .header("Authorization", "Bearer " + ApiSite.ADMIN),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(archive.body().readNBytes(1 << 20)).hasSize(1 << 20);
            long before;
            do {
                before = read.get();
                Thread.sleep(300);
            } while (read.get() != before && read.get() < 1 << 30);
            assertThat(read.get()).isLessThan(64 << 20);
            archive.body().close();
        } finally {
            door.stop(Duration.ofSeconds(2));
        }
    }

    /** Who takes or sends hardly anything holds the deployment's lock, and what backup.pre began, for others no longer than this. */
    @Test
    void aClientThatStandsStillIsLeft() throws Exception {
        api.close();
        Path quick = Files.createDirectory(folder.resolve("q"));
        WebSocketPeer.Times times = new WebSocketPeer.Times(
                Duration.ofSeconds(15), Duration.ofSeconds(45), Duration.ofMinutes(10), Duration.ofSeconds(1));
        // Closed with the other one's name.
        api = new ApiSite(quick, times).started();
        bankAt(api, LARGE * 8);
        String operation = id(send("/v1/volumes/" + VOLUME + "/backup", "{}", ApiSite.ADMIN));
        drip("GET /v1/operations/" + operation + "/archive HTTP/1.1\r\n", "", false);
        assertThat(events(operation, ApiSite.ADMIN)).contains("the connection broke while the archive was sent");
        assertThat(api.installation.store().holder("bank")).isEmpty();

        stop();
        String restore = id(send("/v1/deployments/bank/volumes/" + VOLUME + "/restore", """
                {"agree": true, "send": {"name": "mine.tar", "bytes": 3000000}}""", ApiSite.ADMIN));
        drip(
                "PUT /v1/operations/" + restore + "/archive HTTP/1.1\r\n",
                "Content-Type: application/x-tar\r\nContent-Length: 3000000\r\n",
                true);
        assertThat(events(restore, ApiSite.ADMIN)).contains("the connection broke before the archive was there whole");
    }

    /** Reads or writes a few bytes now and then, for as long as the test lasts. */
    private void drip(String request, String headers, boolean sends) {
        String head = request + "Host: a\r\nAuthorization: Bearer " + ApiSite.ADMIN + "\r\n" + headers + "\r\n";
        int port = api.port;
        Thread.ofVirtual().start(() -> {
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                for (int each = 0; each < 3_000; each++) {
                    Thread.sleep(100);
                    if (sends) {
                        socket.getOutputStream().write(new byte[100]);
                    } else {
                        socket.getInputStream().readNBytes(100);
                    }
                }
            } catch (IOException | InterruptedException closed) {
                // As it should be.
            }
        });
    }

    private static Engine endless(Engine engine, AtomicLong read, long all) {
        return (Engine) java.lang.reflect.Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("readVolume")) {
                        ((Engine.ArchiveReader) arguments[2]).read(new InputStream() {
                            @Override
                            public int read() {
                                return read.incrementAndGet() > all ? -1 : 0;
                            }

                            @Override
                            public int read(byte[] into, int from, int length) {
                                return read.addAndGet(length) > all ? -1 : length;
                            }
                        });
                        return null;
                    }
                    try {
                        return method.invoke(engine, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Test
    void theDiskKeepsRoom() {
        assertThat(ReceivedArchive.reserve(100L << 30)).isEqualTo(1L << 30);
        assertThat(ReceivedArchive.reserve(1L << 30)).isEqualTo((1L << 30) / 10);
        stop();
        HttpResponse<String> begun = send("/v1/deployments/bank/volumes/" + VOLUME + "/restore", """
                {"agree": true, "send": {"name": "mine.tar", "bytes": 9000000000000000}}""", ApiSite.ADMIN);
        assertThat(events(id(begun), ApiSite.ADMIN)).contains("mine.tar does not fit on the disk of");
    }
}
