package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.testing.FreePorts;
import org.portolan.testing.PrivateDocker;

/** The engine over tcp with mutual TLS, by docker-java's transport. */
@Tag("real")
class DockerTcpTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    static Path certificates;

    private static PrivateDocker docker;
    private static int port;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=authority"
                + " -keyout ca-key.pem -out ca.pem");
        certificate("server", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
        certificate("cert", "extendedKeyUsage=clientAuth\n");
        Files.move(certificates.resolve("cert-key.pem"), certificates.resolve("key.pem"));
        port = FreePorts.next();
        docker = PrivateDocker.start(
                "--tlsverify",
                "--tlscacert=" + certificates.resolve("ca.pem"),
                "--tlscert=" + certificates.resolve("server.pem"),
                "--tlskey=" + certificates.resolve("server-key.pem"),
                "--host=tcp://127.0.0.1:" + port);
    }

    @AfterAll
    static void end() {
        docker.close();
    }

    private static void certificate(String name, String extensions) throws IOException, InterruptedException {
        Files.writeString(certificates.resolve("extensions"), extensions);
        openssl("req -newkey rsa:2048 -nodes -subj /CN=" + name + " -keyout " + name + "-key.pem -out request.pem");
        openssl("x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile extensions"
                + " -out " + name + ".pem");
    }

    private static void openssl(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(command)
                .directory(certificates.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static Engine connect(Duration deadline, String... pairs) {
        Map<String, String> environment =
                new HashMap<>(Map.of("HOME", "/nonexistent", "DOCKER_HOST", "tcp://127.0.0.1:" + port));
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return DockerEngine.connect(DockerEndpoint.fromEnvironment(environment), deadline);
    }

    private static Engine trusted() {
        return connect(DEADLINE, "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", certificates.toString());
    }

    @Test
    void runs_a_containers_life_with_output_commands_and_events() throws Exception {
        docker.image("tcp/sh:1", Map.of(), PrivateDocker.sh("echo hello; sleep 100"), List.of());
        List<String> told = new CopyOnWriteArrayList<>();
        List<String> lines = new CopyOnWriteArrayList<>();
        try (Engine engine = trusted();
                AutoCloseable events = engine.events(event -> told.add(event.action()))) {
            assertThat(events).isNotNull();
            assertThat(engine.info().local()).as("on this machine").isTrue();
            Thread.sleep(500);
            String id = engine.create(new ContainerSpec(
                    "tcp-1",
                    ServiceSpec.from("web", Definition.of(Map.of())),
                    "tcp/sh:1",
                    Map.of(),
                    List.of(),
                    Optional.empty(),
                    Map.of(Labels.INSTALLATION, "tcp"),
                    "",
                    List.of(),
                    List.of(),
                    List.of(),
                    "no"));
            engine.start(id);
            assertThat(engine.exec(id, List.of("sh", "-c", "echo in; exit 4"), Duration.ofSeconds(10)))
                    .isEqualTo(new Engine.ExecResult(4, "in\n"));
            assertThat(engine.exec(id, List.of("sleep", "30"), Duration.ofMillis(500))
                            .exitCode())
                    .isEqualTo(124);
            try (AutoCloseable log = engine.logs(id, Optional.empty(), 5, true, (at, error, text) -> lines.add(text))) {
                assertThat(log).isNotNull();
                for (int i = 0; i < 200 && lines.isEmpty(); i++) {
                    Thread.sleep(20);
                }
            }
            assertThat(lines).containsExactly("hello");
            assertThat(engine.tail(id, 5)).containsExactly("hello");
            engine.stop(id, Optional.empty(), Duration.ZERO);
            assertThat(engine.observe().containers().getFirst().state()).isEqualTo(Container.State.EXITED);
            engine.remove(id, false);
            for (int i = 0; i < 200 && !told.contains("destroy"); i++) {
                Thread.sleep(20);
            }
            assertThat(told).contains("create", "start", "die", "destroy");
        }
    }

    @Test
    void a_frozen_engine_meets_the_deadline() {
        try (Engine hasty =
                connect(Duration.ofSeconds(3), "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", certificates.toString())) {
            hasty.observe();
            docker.freeze();
            try {
                long start = System.nanoTime();
                assertThatThrownBy(hasty::observe).isInstanceOfSatisfying(EngineException.class, gone -> {
                    assertThat(gone.reason()).isEqualTo(Reason.UNREACHABLE);
                    assertThat(gone.what()).contains("did not answer");
                });
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            } finally {
                docker.thaw();
            }
            hasty.observe();
        }
    }

    @Test
    void without_certificates_or_with_strange_ones_there_is_no_connection_and_the_reason() throws IOException {
        assertRefused(connect(DEADLINE), "does not answer like a Docker Engine", "DOCKER_TLS_VERIFY");
        assertRefused(
                connect(DEADLINE, "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/nonexistent"),
                "no secure connection",
                "certificates");
        Path broken = Files.createTempDirectory(certificates, "broken");
        Files.writeString(broken.resolve("ca.pem"), "no certificate");
        assertRefused(
                connect(DEADLINE, "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", broken.toString()),
                "cannot use the Docker certificates in " + broken,
                "PEM");
        Path nobody = Files.createTempDirectory(certificates, "nobody");
        Files.copy(certificates.resolve("ca.pem"), nobody.resolve("ca.pem"));
        assertRefused(
                connect(DEADLINE, "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", nobody.toString()),
                "Docker Engine at tcp://127.0.0.1:" + port,
                "");
    }

    private static void assertRefused(Engine engine, String what, String hint) {
        try (engine) {
            assertThatThrownBy(engine::observe).isInstanceOfSatisfying(EngineException.class, refused -> {
                assertThat(refused.reason()).isEqualTo(Reason.UNREACHABLE);
                assertThat(refused.what()).contains(what);
                assertThat(refused.hint().orElse("")).contains(hint);
            });
        }
    }

    @Test
    void docker_tls_without_verify_trusts_any_certificate() throws IOException {
        Path ours = Files.createTempDirectory(certificates, "ours");
        Files.copy(certificates.resolve("cert.pem"), ours.resolve("cert.pem"));
        Files.copy(certificates.resolve("key.pem"), ours.resolve("key.pem"));
        try (Engine engine = connect(DEADLINE, "DOCKER_TLS", "1", "DOCKER_CERT_PATH", ours.toString())) {
            assertThat(engine.info().id()).isNotEmpty();
        }
    }
}
