package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.GitLogin;
import org.portolan.source.GitLogins;
import org.portolan.source.GitSettings;
import org.portolan.source.Located;

/** Clones and pushes against OpenSSH's own server. */
@Tag("real")
class SshTest {
    private static final String USER = System.getProperty("user.name");

    @TempDir
    Path temporary;

    private Path home;
    private Path bare;
    private GitProgram work;
    private String commit;
    private SshServer server;

    @BeforeEach
    void start() throws IOException {
        home = temporary.toRealPath();
        bare = home.resolve("site.git");
        GitProgram.bare(bare);
        work = GitProgram.repository(home.resolve("work")).write("Servicefile", "web: {}\n");
        commit = work.commit("first");
        work.run("push", "-q", bare.toString(), "main");
        server = new SshServer(Files.createDirectory(home.resolve("sshd")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Path keys() {
        return home.resolve(".ssh");
    }

    private String url() {
        return "ssh://" + USER + "@127.0.0.1:" + server.port() + bare;
    }

    private Located clone(String url, Optional<Path> agent) {
        return clone(url, agent, "main");
    }

    private Located clone(String url, Optional<Path> agent, String ref) {
        return new GitSources(
                        new GitSettings(
                                home.resolve("state"),
                                home,
                                agent,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(20),
                                1 << 20),
                        home)
                .git(url, Optional.of(ref), "");
    }

    private Failure refused(String url) {
        Failure failure = catchThrowableOfType(Failure.class, () -> clone(url, Optional.empty()));
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.hint()).isPresent();
        return failure;
    }

    /** A commit that was mirrored can be deployed and rolled back to while the host is away; a branch cannot be asked for. */
    @Test
    void aMirroredCommitIsThereWhileTheHostIsAway() throws IOException {
        server.allow(keys(), "id_ed25519", "ed25519", "");
        server.makeKnown(keys());
        String url = url();
        clone(url, Optional.empty());
        server.close();
        assertThat(refused(url).what()).contains("refused");
        Located kept = clone(url, Optional.empty(), commit);
        assertThat(kept.origin().commit()).contains(commit);
        assertThat(kept.tree().read("Servicefile").map(String::new)).contains("web: {}\n");
    }

    @ParameterizedTest
    @CsvSource({"id_ed25519, ed25519", "id_rsa, rsa", "id_ecdsa, ecdsa"})
    void theUsersKeyLetsIn(String name, String kind) throws IOException {
        server.allow(keys(), name, kind, "");
        server.makeKnown(keys());

        Located located = clone(url(), Optional.empty());

        assertThat(located.origin().commit()).contains(commit);
        assertThat(located.source().location())
                .isEqualTo("ssh://" + USER + "@127.0.0.1:" + server.port() + home.resolve("site"));
    }

    @ParameterizedTest
    @CsvSource({"ed25519", "rsa"})
    void theAgentUnlocksAKeyWithAPassphrase(String kind) throws Exception {
        Path key = server.allow(keys(), "locked", kind, "a passphrase");
        server.makeKnown(keys());
        Path socket = home.resolve("agent");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString()).start();
        try {
            Path ask = home.resolve("ask");
            Files.writeString(ask, "#!/bin/sh\necho a passphrase\n");
            Files.setPosixFilePermissions(ask, PosixFilePermissions.fromString("rwx------"));
            for (int i = 0; i < 100 && !Files.exists(socket); i++) {
                Thread.sleep(20);
            }
            GitProgram.Result added = GitProgram.execute(
                    home,
                    Map.of(
                            "PATH", System.getenv("PATH"),
                            "SSH_AUTH_SOCK", socket.toString(),
                            "SSH_ASKPASS", ask.toString(),
                            "SSH_ASKPASS_REQUIRE", "force",
                            "DISPLAY", ":0"),
                    List.of("ssh-add", key.toString()));
            assertThat(added.status()).as(added.output()).isZero();

            assertThat(clone(url(), Optional.of(socket)).origin().commit()).contains(commit);
        } finally {
            agent.destroy();
        }
    }

    @Test
    void theUsersConfigurationIsFollowed() throws IOException {
        server.allow(keys(), "deploy-key", "ed25519", "");
        server.makeKnown(keys());
        Files.writeString(
                keys().resolve("config"),
                "Host forge\n  HostName 127.0.0.1\n  Port " + server.port() + "\n  User " + USER
                        + "\n  IdentityFile ~/.ssh/deploy-key\n");

        assertThat(clone("forge:" + bare, Optional.empty()).origin().commit()).contains(commit);
    }

    /** Neither the user's own keys nor their known hosts are used where a login is configured. */
    @Test
    void aConfiguredKeyWithItsKnownHostsLetsIn() throws IOException {
        Path secrets = home.resolve("secrets");
        Path key = server.allow(secrets, "deploy", "ed25519", "");
        server.makeKnown(secrets);
        GitLogins logins = address -> Optional.of(new GitLogin(
                Optional.of(USER), Optional.empty(), Optional.of(key), Optional.of(secrets.resolve("known_hosts"))));
        GitSources sources = new GitSources(
                GitSettings.of(home.resolve("state"), Map.of("HOME", home.toString()))
                        .with(logins),
                home);
        String url = "ssh://somebody@127.0.0.1:" + server.port() + bare;
        assertThat(sources.git(url, Optional.of("main"), "").origin().commit()).contains(commit);

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(catchThrowableOfType(Failure.class, () -> sources.git(url, Optional.of("main"), ""))
                        .what())
                .isEqualTo("the private key " + key + " can be read by others");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(secrets.resolve("known_hosts"), "");
        Failure unknown = catchThrowableOfType(Failure.class, () -> sources.git(url, Optional.of("main"), ""));
        assertThat(unknown.what()).contains("the host key of 127.0.0.1 is unknown");
        assertThat(unknown.hint().orElse(""))
                .contains(secrets.resolve("known_hosts").toString());
        Files.delete(key);
        assertThat(catchThrowableOfType(Failure.class, () -> sources.git(url, Optional.of("main"), ""))
                        .what())
                .isEqualTo("the private key " + key + " does not exist");
    }

    @Test
    void anUnknownHostKeyIsRefused() throws IOException {
        server.allow(keys(), "id_ed25519", "ed25519", "");

        assertThat(refused(url()).what()).contains("the host key of 127.0.0.1 is unknown");
        assertThat(keys().resolve("known_hosts")).doesNotExist();
    }

    @Test
    void aChangedHostKeyIsRefused() throws IOException {
        server.allow(keys(), "id_ed25519", "ed25519", "");
        String other = Files.readString(keys().resolve("id_ed25519.pub"));
        Files.writeString(keys().resolve("known_hosts"), "[127.0.0.1]:" + server.port() + " " + other);

        assertThat(refused(url()).what()).contains("the host key of 127.0.0.1");
    }

    @Test
    void aRefusedKeyIsSaid() throws IOException {
        server.allow(home.resolve("elsewhere"), "id_rsa", "rsa", "");
        server.makeKnown(keys());

        assertThat(refused(url()).what()).contains("rejected the login");
        assertThat(refused(url()).hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("ssh -T -p "));
    }

    @Test
    void aMissingRepositoryIsSaid() throws IOException {
        server.allow(keys(), "id_ed25519", "ed25519", "");
        server.makeKnown(keys());

        assertThat(refused(url() + "-not").what()).contains("the repository does not exist");
    }

    @Test
    void aServerThatIsNotThereOrSaysNothingIsSaid() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            GitSettings impatient = new GitSettings(
                    home.resolve("state"),
                    home,
                    Optional.empty(),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(8),
                    1 << 20);
            String url = "ssh://x@127.0.0.1:" + silent.getLocalPort() + "/x";
            Failure failure = catchThrowableOfType(
                    Failure.class, () -> new GitSources(impatient, home).git(url, Optional.empty(), ""));
            assertThat(failure.what()).contains("did not answer");
        }
        assertThat(refused("ssh://x@127.0.0.1:1/x").what()).contains("refused");
    }

    @Test
    void aPushOverSshDeploys() throws IOException {
        Path key = server.allow(keys(), "id_ed25519", "ed25519", "");
        server.makeKnown(keys());
        Path launcher = home.resolve("launcher");
        Files.writeString(
                launcher,
                "#!/bin/sh\necho \"---> $1 with $DOCKER_HOST and $PORTOLAN_HOME for $PORTOLAN_WHO\"\nexit 1\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        Hooks.install(new Hooks.Request(
                bare,
                Optional.empty(),
                "",
                Optional.empty(),
                launcher,
                home.resolve("state"),
                Map.of("DOCKER_HOST", "unix:///run/some.sock")));
        work.write("Servicefile", "web: {scale: 2}\n").commit("second");
        work.with(
                "GIT_SSH_COMMAND",
                "ssh -F /dev/null -i " + key + " -o UserKnownHostsFile=" + keys().resolve("known_hosts"));

        String output = work.run("push", url(), "main");

        assertThat(output)
                .contains("---> deploy with unix:///run/some.sock and " + home.resolve("state") + " for " + USER
                        + ", push from 127.0.0.1")
                .contains("FAILED (exit status 1)");
    }
}
