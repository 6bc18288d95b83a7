package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.ScriptedStreams;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.process.SystemCertificates;
import org.portolan.remote.RemoteController;
import org.portolan.testing.TestAuthority;

/** The API's port with TLS: what it speaks, certificates that change, and what its clients say of it. */
class TlsDoorTest {
    @TempDir
    static Path keys;

    private static TestAuthority authority;

    @TempDir
    Path folder;

    private ApiSite api;
    private Path certificate;
    private Path key;
    private @Nullable HttpDoor door;

    @BeforeAll
    static void found() throws IOException {
        authority = new TestAuthority(keys);
    }

    @BeforeEach
    void open() {
        certificate = folder.resolve("api.pem");
        key = folder.resolve("api.key");
        api = new ApiSite(folder);
    }

    @AfterEach
    void close() {
        door().stop(Duration.ofSeconds(2));
        api.close();
    }

    private HttpDoor door() {
        HttpDoor known = door;
        if (known == null) {
            api.tls = Optional.of(new ApiSettings.Tls(certificate, key));
            known = api.door(folder, "127.0.0.1", api.port);
            door = known;
        }
        return known;
    }

    private void put(TestAuthority.Issued pair) throws IOException {
        replace(pair.certificate(), certificate);
        replace(pair.key(), key);
    }

    private static void replace(Path from, Path to) throws IOException {
        Path beside = to.resolveSibling(to.getFileName() + ".new");
        Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void start(TestAuthority.Issued pair) throws IOException {
        put(pair);
        door().start(api.controller);
    }

    private SSLSocket connect(String... protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, SystemCertificates.managers(authority.certificate()), null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), api.port);
        socket.setSoTimeout(20_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        try {
            socket.startHandshake();
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
        return socket;
    }

    private static String subject(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(50);
        }
    }

    private String subject() {
        try (SSLSocket socket = connect()) {
            return subject(socket);
        } catch (Exception refused) {
            throw new AssertionError(refused);
        }
    }

    /** One request over a connection that stays open. */
    private static String ask(SSLSocket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ApiSite.READ
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        String text = head.toString();
        int length = Integer.parseInt(text.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private RemoteController client(String url, Path authorities) {
        return RemoteController.of(
                url, Map.of("PORTOLAN_TOKEN", ApiSite.READ, "PORTOLAN_CA_FILE", authorities.toString()), warning -> {
                    throw new AssertionError(warning);
                });
    }

    private Failure refused(String url, Path authorities) {
        try (RemoteController controller = client(url, authorities)) {
            return catchThrowableOfType(
                    Failure.class, () -> controller.queries().inventory(warning -> {}));
        }
    }

    @Test
    void itSpeaksModernTlsOnlyAndNeverHttpWithout() throws Exception {
        start(authority.issue("one"));
        assertThat(door().describe()).contains("https://127.0.0.1:" + api.port);
        try (SSLSocket socket = connect()) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(ask(socket, "/v1/deployments"))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"name\":\"shop\"");
        }
        try (SSLSocket socket = connect("TLSv1.2")) {
            assertThat(socket.getSession().getCipherSuite())
                    .startsWith("TLS_ECDHE_")
                    .containsAnyOf("_GCM_", "CHACHA20");
        }
        assertThatThrownBy(() -> {
                    SSLContext context = SSLContext.getInstance("TLS");
                    context.init(null, SystemCertificates.managers(authority.certificate()), null);
                    try (SSLSocket old = (SSLSocket)
                            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), api.port)) {
                        old.setEnabledProtocols(new String[] {"TLSv1.2"});
                        old.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"});
                        old.startHandshake();
                    }
                })
                .isInstanceOf(SSLHandshakeException.class);
        String plain;
        try {
            plain = RawClient.ask(api.port, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        } catch (java.io.UncheckedIOException reset) {
            plain = "";
        }
        assertThat(plain).doesNotContain("HTTP/1.1", "alive");
        assertThat(RawClient.ask(api.socket, "GET /healthz HTTP/1.0\r\n\r\n")).contains("alive");
    }

    /** It costs the server more than the client, as often as the client likes. */
    @Test
    void aHandshakeInTheMiddleOfAConnectionEndsIt() throws Exception {
        start(authority.issue("one"));
        try (SSLSocket socket = connect("TLSv1.2")) {
            assertThat(ask(socket, "/v1/domains")).startsWith("HTTP/1.1 200");
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        ask(socket, "/v1/domains");
                    })
                    .isInstanceOfAny(IOException.class, AssertionError.class);
        }
        try (SSLSocket socket = connect("TLSv1.2")) {
            assertThat(ask(socket, "/v1/domains")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aCertificateThatIsReplacedIsShownToNewConnectionsAndOpenOnesGoOn() throws Exception {
        start(authority.issue("one"));
        try (SSLSocket open = connect()) {
            assertThat(subject(open)).isEqualTo("CN=one");
            assertThat(ask(open, "/v1/domains")).startsWith("HTTP/1.1 200");
            put(authority.issue("two"));
            until("the new one is shown", () -> subject().equals("CN=two"));
            assertThat(ask(open, "/v1/domains")).startsWith("HTTP/1.1 200");
        }
        assertThat(notices(EventLevel.WARNING)).isEmpty();
        assertThat(notices(EventLevel.DETAIL)).anyMatch(text -> text.contains("shows the new certificate"));
    }

    private List<String> notices(EventLevel level) {
        return new ArrayList<>(api.site.reports)
                .stream()
                        .filter(event -> event.level() == level)
                        .map(Event::message)
                        .toList();
    }

    @Test
    void aPairThatCannotBeUsedDoesNotTakeThePlaceOfTheOneThatIs() throws Exception {
        start(authority.issue("one"));
        replace(authority.issue("two").key(), key);
        until("it is said", () -> notices(EventLevel.WARNING).stream()
                .anyMatch(text -> text.contains("continues with its previous certificate")
                        && text.contains("api.key: " + key + " does not match the certificate")));
        assertThat(subject()).isEqualTo("CN=one");
        try (SSLSocket socket = connect()) {
            assertThat(ask(socket, "/readyz"))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"warnings\":[\"the API's new certificate cannot be used; the previous one is shown\"]")
                    .doesNotContain(folder.toString());
        }
        Thread.sleep(2_500);
        assertThat(notices(EventLevel.WARNING)).as("said once").hasSize(1);

        Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
        until("the next fault is said", () -> notices(EventLevel.WARNING).stream()
                .anyMatch(text -> text.contains("api.cert: " + certificate + " cannot be read")));
        Files.delete(key);
        until("and the next", () -> notices(EventLevel.WARNING).stream()
                .anyMatch(text -> text.contains("cannot read " + key + ": it does not exist")));
        assertThat(subject()).isEqualTo("CN=one");
        put(authority.issue("three"));
        until("a good one is taken", () -> subject().equals("CN=three"));
        try (SSLSocket socket = connect()) {
            assertThat(ask(socket, "/readyz")).doesNotContain("warnings");
        }
    }

    @Test
    void withoutAPairThatCanBeUsedThePortIsNotListenedOn() throws Exception {
        put(authority.issue("one"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> door().start(api.controller)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).isEqualTo("the key " + key + " is open to others");
            assertThat(failure.hint()).contains("run: chmod 600 " + key);
        });
        assertThat(door().describe()).containsExactly(api.socket.toString());
        assertThat(RawClient.ask(api.socket, "GET /healthz HTTP/1.0\r\n\r\n")).contains("alive");
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), api.port).close())
                .isInstanceOf(IOException.class);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        door().start(api.controller);
        assertThat(subject()).isEqualTo("CN=one");
    }

    @Test
    void theEndOfACertificateIsSaidBeforeItComes() throws Exception {
        start(authority.issue("short", "dns:localhost", "-1d", 9));
        until("it is said", () -> notices(EventLevel.WARNING).stream()
                .anyMatch(text -> text.matches("the API's certificate expires on \\d{4}-\\d\\d-\\d\\d, in \\d days")));
        try (SSLSocket socket = connect()) {
            assertThat(ask(socket, "/readyz")).startsWith("HTTP/1.1 200").contains("the API's certificate expires on ");
        }
    }

    @Test
    void commandsInContainersGoOverItToo() throws Exception {
        start(authority.issue("one"));
        Container web = api.site.engine.inspect("shop-web-2-1").orElseThrow();
        ScriptedStreams streams = new ScriptedStreams("typed ".repeat(50_000));
        Map<String, String> shop = Map.of(
                "PORTOLAN_TOKEN",
                ApiSite.SHOP_ONLY,
                "PORTOLAN_CA_FILE",
                authority.certificate().toString());
        try (RemoteController controller = RemoteController.of("https://localhost:" + api.port, shop, warning -> {})) {
            assertThat(controller.attached("somebody else").exec(web, List.of("cat"), streams))
                    .isZero();
        }
        assertThat(streams.out()).isEqualTo("typed ".repeat(50_000));
        assertThat(api.recorded.getLast().data().fields()).containsEntry("who", "shopkeeper");
        try (RemoteController controller = client("https://localhost:" + api.port, authority.certificate())) {
            Failure failure = catchThrowableOfType(
                    Failure.class, () -> controller.attached("boss").exec(web, List.of("cat"), streams));
            assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
            assertThat(failure.what()).contains("needs scope deploy");
        }
    }

    @Test
    void theCommandLineTrustsTheAuthorityThatIsNamedAndTheNamesOfTheCertificate() throws Exception {
        start(authority.issue("one"));
        for (String host : List.of("localhost", "127.0.0.1")) {
            try (RemoteController controller = client("https://" + host + ":" + api.port, authority.certificate())) {
                assertThat(controller.queries().inventory(warning -> {}).deployments(Optional.empty()))
                        .contains("shop");
            }
        }
        TestAuthority other = new TestAuthority(folder.resolve("other"));
        Failure unknown = refused("https://localhost:" + api.port, other.certificate());
        assertThat(unknown.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(unknown.what())
                .isEqualTo("cannot reach the controller at https://localhost:" + api.port
                        + ": its certificate is of an authority that is not trusted here: CN=Test authority");
        assertThat(unknown.hint()).contains("PORTOLAN_CA_FILE has to hold the certificate of that authority");
        Failure none = refused("https://localhost:" + api.port, folder.resolve("none.pem"));
        assertThat(none.kind()).isEqualTo(Kind.INVALID);
        assertThat(none.what())
                .contains(
                        "cannot read the certificate authorities in " + folder.resolve("none.pem"),
                        "it does not exist");
        put(authority.issue("elsewhere", "dns:deploy.example.org", "-1d", 90));
        until("the new one is shown", () -> subject().equals("CN=elsewhere"));
        assertThat(refused("https://localhost:" + api.port, authority.certificate())
                        .what())
                .endsWith(": its certificate is not for localhost, but for deploy.example.org");
        put(authority.issue("expired", "dns:localhost", "-10d", 3));
        until("the new one is shown", () -> {
            try (SSLSocket socket = connect()) {
                return false;
            } catch (Exception expired) {
                return true;
            }
        });
        assertThat(refused("https://localhost:" + api.port, authority.certificate())
                        .what())
                .contains(": its certificate expired on 20");
        put(authority.issue("early", "dns:localhost", "+10d", 30));
        until("the new one is shown", () -> refused("https://localhost:" + api.port, authority.certificate())
                .what()
                .contains(": its certificate is valid only from 20"));
        Failure plain = refused("http://localhost:" + api.port, authority.certificate());
        assertThat(plain.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(plain.hint()).contains("if it speaks TLS, PORTOLAN_URL has to begin with https://");
    }

    @Test
    void aControllerWithoutTlsIsSaidToBeOne() {
        api.started();
        Failure plain = refused("https://127.0.0.1:" + api.port, authority.certificate());
        assertThat(plain.what()).endsWith(": it does not speak TLS");
        assertThat(plain.hint().orElse("")).contains("api.cert and api.key");
    }

    @Test
    void aSessionOfThePagesIsSentBackOverTlsOnly() throws Exception {
        start(authority.issue("one"));
        try (SSLSocket socket = connect()) {
            String form = "token=" + ApiSite.READ;
            socket.getOutputStream()
                    .write(("POST /sign-in HTTP/1.1\r\nHost: localhost:" + api.port + "\r\nOrigin: https://localhost:"
                                    + api.port
                                    + "\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: "
                                    + form.length() + "\r\n\r\n" + form)
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 303").contains("SameSite=Strict; Secure");
        }
    }

    @Test
    void elsewhereThanLoopbackWithoutTlsIsWarnedOf() {
        HttpDoor wide = api.door(folder, "0.0.0.0", api.port);
        try {
            wide.start(api.controller);
            assertThat(notices(EventLevel.WARNING))
                    .anyMatch(text -> text.startsWith(
                            "the API listens on 0.0.0.0:" + api.port + " without TLS: tokens can be read on the way"));
        } finally {
            wide.stop(Duration.ofSeconds(2));
        }
    }

    /** The deadline of a connection is one, not two: that of the handshake does not close what is answered afterwards. */
    @Test
    @Tag("real")
    void aStreamOutlivesTheTimeOfAHandshakeAndAHandshakeThatDoesNotEndDoesNot() throws Exception {
        start(authority.issue("one"));
        try (SSLSocket stream = connect();
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            stream.getOutputStream()
                    .write(("GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ApiSite.READ
                                    + "\r\nAccept: application/x-ndjson\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            long begin = System.nanoTime();
            silent.setSoTimeout(20_000);
            silent.getOutputStream().write(0x16);
            int end = 0;
            try {
                end = silent.getInputStream().read();
            } catch (IOException reset) {
                end = -1;
            }
            assertThat(end).isNegative();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(14));
            api.site.process().deploy(ApiSite.shop("1", 2));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(stream.getInputStream(), StandardCharsets.UTF_8));
            String line = in.readLine();
            while (line != null && !line.contains("\"release\":3")) {
                line = in.readLine();
            }
            assertThat(line).isNotNull();
        }
    }
}
