package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.Image;
import org.portolan.testing.FreePorts;
import org.portolan.testing.PrivateDocker;

/** Pulls from a real registry on loopback that asks for a password. */
@Tag("real")
class DockerPullTest {
    /** bcrypt of the word "sesame", user "pilot". */
    private static final String USERS = "pilot:$2y$05$RHGjkwpNvyNLyjRHV29TA.YAByifQ4R3FSgKMFiWxOry4sBkJXCoC\n";

    private static final PrivateDocker DOCKER = PrivateDocker.shared();

    @TempDir
    static Path folder;

    private static Process registry;
    private static String host;

    @TempDir
    Path configuration;

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        int port = FreePorts.next();
        host = "127.0.0.1:" + port;
        Files.writeString(folder.resolve("users"), USERS);
        Files.writeString(
                folder.resolve("registry.yml"), """
                version: 0.1
                storage:
                  filesystem: {rootdirectory: %s}
                http: {addr: "%s"}
                auth:
                  htpasswd: {realm: tests, path: %s}
                """.formatted(folder.resolve("data"), host, folder.resolve("users")));
        registry = new ProcessBuilder(
                        "docker-registry",
                        "serve",
                        folder.resolve("registry.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        for (int i = 0; i < 200 && !answers(port); i++) {
            Thread.sleep(50);
        }
        DOCKER.image(host + "/ship/web:1", Map.of(), List.of("true"), List.of(8080));
        Path login = Files.createDirectory(folder.resolve("login"));
        Files.writeString(login.resolve("config.json"), auths("pilot", "sesame"));
        Process push = new ProcessBuilder(
                        "docker", "--config", login.toString(), "-H", DOCKER.host(), "push", host + "/ship/web:1")
                .redirectErrorStream(true)
                .start();
        String output = new String(push.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(push.waitFor()).as(output).isZero();
    }

    @AfterAll
    static void end() {
        registry.destroyForcibly();
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String auths(String user, String password) {
        String pair = java.util.Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return "{\"auths\":{\"" + host + "\":{\"auth\":\"" + pair + "\"}}}";
    }

    private Engine engine(String config) throws IOException {
        Files.writeString(configuration.resolve("config.json"), config);
        return DockerEngine.connect(
                new DockerEndpoint(
                        DOCKER.host(),
                        java.util.Optional.empty(),
                        false,
                        configuration,
                        Map.of("PATH", configuration + ":/usr/bin:/bin")),
                Duration.ofSeconds(30));
    }

    private static void forget() {
        DOCKER.docker("rmi", "-f", host + "/ship/web:1");
    }

    @Test
    void pulls_with_the_credentials_of_a_helper_and_knows_the_digest() throws IOException {
        forget();
        Path helper = configuration.resolve("docker-credential-locker");
        Files.writeString(helper, """
                #!/bin/sh
                read registry
                [ "$1 $registry" = "get %s" ] || exit 1
                echo '{"ServerURL": "x", "Username": "pilot", "Secret": "sesame"}'
                """.formatted(host));
        assertThat(helper.toFile().setExecutable(true)).isTrue();
        try (Engine engine = engine("{\"credHelpers\":{\"" + host + "\":\"locker\"}}")) {
            assertThat(engine.image(host + "/ship/web:1")).isEmpty();
            List<String> progress = new ArrayList<>();
            Image image = engine.pull(host + "/ship/web:1", progress::add);
            assertThat(image.exposedPorts()).containsExactly(8080);
            assertThat(image.digests()).singleElement().asString().startsWith(host + "/ship/web@sha256:");
            assertThat(progress).isNotEmpty().anyMatch(line -> line.contains("Digest: sha256:"));
            forget();
            DOCKER.docker("image", "prune", "-af");
            assertThat(engine.pull(image.digests().getFirst(), progress::add).id())
                    .isEqualTo(image.id());
        }
    }

    @Test
    void pulls_with_a_password_of_the_file() throws IOException {
        forget();
        try (Engine engine = engine(auths("pilot", "sesame"))) {
            assertThat(engine.pull(host + "/ship/web:1", line -> {}).id()).startsWith("sha256:");
        }
    }

    @Test
    void without_the_right_password_it_says_so_and_what_to_do() throws IOException {
        forget();
        try (Engine engine = engine(auths("pilot", "wrong-and-secret"))) {
            assertThatThrownBy(() -> engine.pull(host + "/ship/web:1", line -> {}))
                    .isInstanceOfSatisfying(EngineException.class, refused -> {
                        assertThat(refused.what())
                                .contains(host + "/ship/web:1")
                                .doesNotContain("wrong-and-secret");
                        assertThat(refused.hint().orElseThrow()).contains("docker login " + host);
                    });
        }
        try (Engine engine = engine("{\"credsStore\":\"absent\"}")) {
            assertThatThrownBy(() -> engine.pull(host + "/ship/web:1", line -> {}))
                    .isInstanceOfSatisfying(EngineException.class, refused -> assertThat(
                                    refused.hint().orElseThrow())
                            .contains("docker-credential-absent")
                            .contains("docker login"));
        }
    }

    @Test
    void a_tag_that_the_registry_lacks_is_not_found() throws IOException {
        try (Engine engine = engine(auths("pilot", "sesame"))) {
            assertThatThrownBy(() -> engine.pull(host + "/ship/web:none", line -> {}))
                    .isInstanceOfSatisfying(EngineException.class, refused -> {
                        assertThat(refused.reason()).isEqualTo(Reason.NOT_FOUND);
                        assertThat(refused.what()).contains("/ship/web:none");
                        assertThat(refused.hint().orElseThrow()).contains("tag");
                    });
        }
    }

    @Test
    void a_registry_that_does_not_answer_is_named() throws IOException {
        int port = FreePorts.next();
        try (Engine engine = engine("{}")) {
            assertThatThrownBy(() -> engine.pull("127.0.0.1:" + port + "/x:1", line -> {}))
                    .isInstanceOfSatisfying(EngineException.class, refused -> {
                        assertThat(refused.reason()).isEqualTo(Reason.REFUSED);
                        assertThat(refused.hint().orElseThrow())
                                .contains("cannot reach the registry 127.0.0.1:" + port);
                    });
        }
    }
}
