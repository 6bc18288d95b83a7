package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Position;
import org.portolan.model.event.Event;
import org.portolan.model.routing.ControllerEntry;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;
import org.portolan.sim.SimSite;
import org.portolan.testing.TestAuthority;

/** The API as a domain of the edge: who may say where a request comes from, and when the edge leads here. */
class ApiDomainDoorTest {
    private static final String KEY = "sesame";

    @TempDir
    static Path keys;

    private static TestAuthority authority;

    @TempDir
    Path folder;

    private ApiSite api;
    private Path entry;
    private boolean behindProxies;
    private @Nullable HttpDoor door;

    @BeforeAll
    static void found() throws Exception {
        authority = new TestAuthority(keys);
    }

    @BeforeEach
    void open() {
        api = new ApiSite(folder);
        entry = folder.resolve("controller.sock");
        api.site.proxy.entered(new ControllerEntry(entry, KEY, Optional.empty()));
    }

    @AfterEach
    void close() {
        HttpDoor started = door;
        if (started != null) {
            started.stop(Duration.ofSeconds(2));
        }
        api.close();
    }

    private void start(String name) {
        api.name = Optional.of(new ApiSettings.PublicName(name, "portolan.yaml:3:5", behindProxies));
        HttpDoor one = api.door(folder, "127.0.0.1", api.port);
        door = one;
        one.start(api.controller);
    }

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private Optional<ControllerRoute> published() {
        return api.site.proxy.published();
    }

    /** As HAProxy asks. */
    private String ask(String request, String... headers) {
        StringBuilder text = new StringBuilder(request + " HTTP/1.1\r\nHost: deploy.org\r\nConnection: close\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return RawClient.ask(entry, text + "\r\n");
    }

    private String asked(String path, String token) {
        return ask(
                "GET " + path,
                "X-Portolan-Edge: " + KEY,
                "X-Portolan-Client: 2001:db8::7",
                "Authorization: Bearer " + token);
    }

    @Test
    void onlyWhoHasTheEdgesKeyIsHeardAndNobodyThereIsTheOwner() throws Exception {
        start("deploy.org");
        until("it is published", () -> published().isPresent());
        assertThat(published()).contains(new ControllerRoute("deploy.org", Optional.empty(), "portolan.yaml:3:5"));
        assertThat(Files.getPosixFilePermissions(entry)).hasSize(2);
        assertThat(asked("/v1/deployments", ApiSite.READ))
                .startsWith("HTTP/1.1 200")
                .contains("\"shop\"");
        assertThat(asked("/v1/deployments", "ptl_unknown")).startsWith("HTTP/1.1 401");
        assertThat(ask("GET /v1/deployments", "X-Portolan-Edge: " + KEY, "X-Portolan-Client: 10.0.0.1"))
                .as("the socket is nobody's proof")
                .startsWith("HTTP/1.1 401");
        String bearer = "Authorization: Bearer " + ApiSite.ADMIN;
        assertThat(ask("GET /v1/deployments", bearer))
                .startsWith("HTTP/1.1 403")
                .doesNotContain("shop");
        assertThat(ask("GET /healthz", "X-Portolan-Edge: sesam", "X-Portolan-Client: 10.0.0.1"))
                .startsWith("HTTP/1.1 403");
        assertThat(ask("GET /healthz", "X-Portolan-Edge: " + KEY, "X-Portolan-Client: localhost"))
                .as("a name is not looked up")
                .startsWith("HTTP/1.1 403");
        assertThat(ask("GET /healthz", "X-Portolan-Edge: " + KEY)).startsWith("HTTP/1.1 403");
    }

    @Test
    void theClientsAddressIsInTheAuditLogAndHasTheLimits() throws Exception {
        start("deploy.org");
        until("it is published", () -> published().isPresent());
        String body = "{\"services\": {\"web\": 1}}";
        assertThat(RawClient.ask(
                        entry,
                        "POST /v1/deployments/shop/scale HTTP/1.1\r\nHost: deploy.org\r\nConnection: close\r\nX-Portolan-Edge: "
                                + KEY + "\r\nX-Portolan-Client: 192.0.2.7\r\nX-Forwarded-For: 9.9.9.9\r\n"
                                + "Portolan-Who: owner\r\nAuthorization: Bearer " + ApiSite.ADMIN
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                + body))
                .contains("HTTP/1.1 20");
        assertThat(api.recorded.getLast().data().fields())
                .containsEntry("who", "boss")
                .containsEntry("from", "192.0.2.7");
        for (int i = 0; i < 20; i++) {
            assertThat(asked("/v1/deployments", "ptl_guess")).startsWith("HTTP/1.1 401");
        }
        assertThat(asked("/v1/deployments", "ptl_guess")).startsWith("HTTP/1.1 429");
        assertThat(ask(
                        "GET /v1/deployments",
                        "X-Portolan-Edge: " + KEY,
                        "X-Portolan-Client: 2001:db8:1::8",
                        "Authorization: Bearer ptl_guess"))
                .as("another client")
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void nobodySaysOnThePortWhereTheyComeFrom() throws Exception {
        start("deploy.org");
        until("it is published", () -> published().isPresent());
        String answer = RawClient.ask(
                api.port,
                "POST /v1/deployments/shop/scale HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Portolan-Edge: " + KEY
                        + "\r\nX-Portolan-Client: 192.0.2.7\r\nAuthorization: Bearer " + ApiSite.ADMIN
                        + "\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{\"services\": {\"web\": 1}}");
        assertThat(answer).contains("HTTP/1.1 20");
        assertThat(api.recorded.getLast().data().fields()).containsEntry("from", "127.0.0.1");
    }

    @Test
    void withoutATokenNobodyIsLedHereAndThatIsSaid() throws Exception {
        var known = Map.copyOf(api.tokens);
        api.tokens.clear();
        start("deploy.org");
        until("it is said", () -> said("does not answer as deploy.org while there is no token"));
        assertThat(published()).isEmpty();
        assertThat(entry).doesNotExist();
        assertThat(api.stands).startsWith("FAILING does not answer as deploy.org");
        assertThat(RawClient.ask(api.socket, "GET /readyz HTTP/1.0\r\n\r\n"))
                .contains("\"warnings\":[\"the API's domain is not served as configured\"]");
        api.tokens.putAll(known);
        until("it is published", () -> published().isPresent());
        until("that is no trouble any more", () -> !api.stands.contains("token"));
    }

    @Test
    void aDeploymentsDomainStaysItsOwn() throws Exception {
        api.site
                .process()
                .deploy(SimSite.with(
                        ApiSite.shop("2", 2),
                        SimSite.domain("shop.test", new Domain.Target("shop", "web", "http", 1))));
        start("shop.test");
        until(
                "both places are said",
                () -> said("api.domain: shop.test (portolan.yaml:3:5) is a domain of deployment shop ("));
        assertThat(published()).isEmpty();
    }

    @Test
    void anotherCertificateGoesToTheEdgeAndTheSameOneIsNoNews() throws Exception {
        TestAuthority.Issued one = authority.issue("one");
        Path certificate = Files.copy(one.certificate(), folder.resolve("c.pem"));
        Path key = Files.copy(one.key(), folder.resolve("k.pem"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        api.tls = Optional.of(new ApiSettings.Tls(certificate, key));
        start("deploy.org");
        until("it is published", () -> shown().equals(text(one)));
        Files.setLastModifiedTime(certificate, java.nio.file.attribute.FileTime.fromMillis(1_000));
        Thread.sleep(2_500);
        assertThat(said("shows the new certificate")).isFalse();
        TestAuthority.Issued two = authority.issue("two");
        Files.writeString(key, Files.readString(two.key()));
        Files.writeString(certificate, Files.readString(two.certificate()));
        until("the edge has the other one", () -> shown().equals(text(two)));
        assertThat(said("shows the new certificate")).isTrue();
        assertThat(api.stands).isEqualTo("FAILING the API's certificate is not for deploy.org");
        Files.writeString(key, "none");
        until("it is known", () -> api.stands.startsWith("FAILING the API's new certificate cannot be used"));
        assertThat(shown()).isEqualTo(text(two));
    }

    private String shown() {
        return published()
                .flatMap(ControllerRoute::certificate)
                .map(Domain.Certificate::chainPem)
                .orElse("");
    }

    private static String text(TestAuthority.Issued issued) {
        try {
            return Files.readString(issued.certificate());
        } catch (java.io.IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
    }

    @Test
    void anEdgeWithoutACertificateForTheNameIsSaid() throws Exception {
        start("deploy.org");
        until("it is said", () -> api.stands.equals("FAILING the edge has no certificate for deploy.org"));
        assertThat(published()).isPresent();
        java.util.Objects.requireNonNull(door).stop(Duration.ofSeconds(2));

        // A proxy in front may have one, and so may a wildcard.
        api.stands = "";
        behindProxies = true;
        start("deploy.org");
        until("it listens", () -> Files.exists(entry));
        Thread.sleep(1_500);
        assertThat(api.stands).isEmpty();
        java.util.Objects.requireNonNull(door).stop(Duration.ofSeconds(2));
        behindProxies = false;
        api.site.proxy.apply(new RouteSet("wild", List.of(), List.of(wildcard("*.org"))));
        start("deploy.org");
        until("it listens", () -> Files.exists(entry));
        Thread.sleep(1_500);
        assertThat(api.stands).isEmpty();
    }

    private static Domain wildcard(String host) {
        return new Domain(
                host,
                List.of(),
                new TreeMap<>(Map.of(
                        "/",
                        new Domain.Route(
                                List.of(new Domain.Target("shop", "web", "http", 1)), Position.of("Servicefile")))),
                Optional.empty(),
                Optional.of(new Domain.Certificate("chain", "key")),
                false,
                false,
                false,
                new TreeMap<>(),
                Position.of("Servicefile"));
    }

    @Test
    void itListensAgainWhereItsSocketWasTakenAwayAndLeavesNothingBehind() throws Exception {
        start("deploy.org");
        until("it is published", () -> published().isPresent());
        Files.delete(entry);
        until("it listens again", () -> Files.exists(entry));
        assertThat(asked("/v1/deployments", ApiSite.READ)).startsWith("HTTP/1.1 200");
        HttpDoor started = java.util.Objects.requireNonNull(door);
        started.stop(Duration.ofSeconds(2));
        assertThat(entry).doesNotExist();
        assertThat(published()).as("it is this installation's, whoever leads").isPresent();
        Thread.sleep(1_500);
        assertThat(entry).doesNotExist();

        // One that has no domain takes it away.
        api.name = Optional.empty();
        HttpDoor next = api.door(folder, "127.0.0.1", api.port);
        door = next;
        next.start(api.controller);
        until("it is gone", () -> published().isEmpty());
    }

    private boolean said(String part) {
        return List.copyOf(api.site.reports).stream().map(Event::message).anyMatch(text -> text.contains(part));
    }
}
