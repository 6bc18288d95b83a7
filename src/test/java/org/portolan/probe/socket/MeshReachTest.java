package org.portolan.probe.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.portolan.engine.Engine;
import org.portolan.engine.docker.DockerEndpoint;
import org.portolan.engine.docker.DockerEngine;
import org.portolan.probe.ReachProbe.Reach;
import org.portolan.probe.ReachProbe.Trial;
import org.portolan.process.Commands;
import org.portolan.testing.PrivateDocker;

/** Real containers, a real listener on their gateway, and a real rule that drops what comes to it. */
@Tag("real")
class MeshReachTest {
    private static final PrivateDocker DOCKER = PrivateDocker.shared();
    private static final String GATEWAY = "10.77.0.1";
    private static final Engine ENGINE = DockerEngine.connect(
            DockerEndpoint.fromEnvironment(Map.of("DOCKER_HOST", DOCKER.host())), Duration.ofSeconds(20));

    @BeforeAll
    static void network() {
        DOCKER.docker("network", "create", "--subnet", "10.77.0.0/24", "--gateway", GATEWAY, "reach");
    }

    @AfterAll
    static void clean() {
        DOCKER.removeContainers();
        DOCKER.docker("network", "rm", "reach");
        ENGINE.close();
    }

    private static String container(String image, String... command) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--network", "reach", image));
        words.addAll(List.of(command));
        return DOCKER.docker(words.toArray(String[]::new)).strip();
    }

    /** An image with one program and no shell. */
    private static String bare() throws IOException {
        Path folder = Files.createTempDirectory(DOCKER.folder(), "bare");
        Files.copy(Path.of("/bin/busybox"), folder.resolve("busybox"));
        Path tar = DOCKER.folder().resolve("bare.tar");
        Commands.run(List.of("tar", "-C", folder.toString(), "-cf", tar.toString(), "."), Duration.ofSeconds(20));
        DOCKER.docker("import", tar.toString(), "bare:1");
        return "bare:1";
    }

    /** The same engine as one of another machine: nothing of its containers can be entered here. */
    private static Engine remote() {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    try {
                        return method.getName().equals("local") ? (Object) false : method.invoke(ENGINE, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Test
    void aContainerReachesItsGatewayUnlessARuleDropsIt() throws IOException {
        String full = container(DOCKER.busybox());
        String shellless = container(bare(), "/busybox", "sleep", "1000");
        try (ServerSocket mesh = new ServerSocket(0, 50, InetAddress.getByName(GATEWAY))) {
            int port = mesh.getLocalPort();
            MeshReach here = new MeshReach(ENGINE);
            MeshReach there = new MeshReach(remote());
            assertThat(here.tryFrom(full, GATEWAY, port)).isEqualTo(new Trial(Reach.REACHES, "in its network"));
            assertThat(here.tryFrom(shellless, GATEWAY, port)).isEqualTo(new Trial(Reach.REACHES, "in its network"));
            assertThat(there.tryFrom(full, GATEWAY, port)).isEqualTo(new Trial(Reach.REACHES, "by a command in it"));
            assertThat(there.tryFrom(shellless, GATEWAY, port).answer()).isEqualTo(Reach.UNKNOWN);

            for (String verdict : List.of("DROP", "REJECT")) {
                List<String> rule = List.of("INPUT", "-s", "10.77.0.0/24", "-p", "tcp", "-j", verdict);
                iptables("-I", rule);
                try {
                    assertThat(here.tryFrom(shellless, GATEWAY, port).answer())
                            .as(verdict)
                            .isEqualTo(Reach.BLOCKED);
                    assertThat(there.tryFrom(full, GATEWAY, port).answer())
                            .as(verdict)
                            .isEqualTo(Reach.BLOCKED);
                } finally {
                    iptables("-D", rule);
                }
            }
        }
        assertThat(new MeshReach(ENGINE).tryFrom(full, GATEWAY, 9).how()).contains("nothing listens");
    }

    private static void iptables(String change, List<String> rule) {
        List<String> command = new ArrayList<>(List.of("iptables", change));
        command.addAll(rule);
        assertThat(Commands.run(command, Duration.ofSeconds(5)).succeeded()).isTrue();
    }
}
