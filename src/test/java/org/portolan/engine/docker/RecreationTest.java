package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.ContainerOrigin;
import org.portolan.model.container.ContainerSpec.Mount;

/** How a container was made, read from an inspection as Docker 20.10 answers it. */
class RecreationTest {
    private static final String IMAGE = """
            {"Env": ["PATH=/usr/bin", "MODE=default"], "Cmd": ["serve"], "Entrypoint": ["/entry"], "User": "app",
             "StopSignal": "SIGQUIT", "Labels": {"vendor": "x"}, "Volumes": {"/cache": {}}}""";

    private static ContainerOrigin made(String config, String host, String mounts) throws IOException {
        String text = "{\"Id\": \"abcdef0123456789\", \"Image\": \"sha256:11\", \"Config\": " + config
                + ", \"HostConfig\": " + host + ", \"Mounts\": " + mounts + "}";
        return Recreation.of(
                DockerJson.parse(text.getBytes(StandardCharsets.UTF_8)),
                DockerJson.parse(IMAGE.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatTheImageSaysAndWhatIsADefaultIsLeftOut() throws IOException {
        ContainerOrigin made = made("""
                {"Env": ["PATH=/usr/bin", "MODE=default"], "Cmd": ["serve"], "Entrypoint": ["/entry"], "User": "app",
                 "Hostname": "abcdef012345", "StopSignal": "SIGQUIT", "Tty": false, "WorkingDir": "",
                 "Labels": {"vendor": "x", "org.portolan.service": "web"}}""", """
                {"Binds": null, "NetworkMode": "portolan-shop", "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
                 "PortBindings": {}, "Memory": 0, "Privileged": false, "CapAdd": null, "Devices": []}""", "[]");

        assertThat(made.imageId()).isEqualTo("sha256:11");
        assertThat(made.env()).isEmpty();
        assertThat(made.command()).isEmpty();
        assertThat(made.entrypoint()).isEmpty();
        assertThat(made.stopSignal()).isEmpty();
        assertThat(made.restart()).isEqualTo("no");
        assertThat(made.rest()).isEmpty();
    }

    @Test
    void whatTheServiceSaidIsFoundAgain() throws IOException {
        ContainerOrigin made = made("""
                {"Env": ["PATH=/usr/bin", "MODE=blue", "URL=a=b"], "Cmd": ["run", "-x"], "Entrypoint": ["/other"],
                 "User": "root", "Hostname": "db", "StopSignal": "SIGTERM", "StopTimeout": 25, "WorkingDir": "/srv",
                 "Labels": {"vendor": "x", "team": "a", "org.portolan.ports": "http=21001/80"}}""", """
                {"NetworkMode": "portolan-shop", "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
                 "PortBindings": {"80/tcp": [{"HostIp": "10.0.0.1", "HostPort": "21001"}],
                                  "53/udp": [{"HostIp": "", "HostPort": "53"}]},
                 "Memory": 67108864, "CapAdd": ["NET_ADMIN"], "LogConfig": {"Type": "local", "Config": null}}""", """
                [{"Type": "volume", "Name": "shop-db-data", "Destination": "/data", "RW": true},
                 {"Type": "volume", "Name": "0011", "Destination": "/cache", "RW": true},
                 {"Type": "bind", "Source": "/etc/x", "Destination": "/x", "RW": false}]""");

        assertThat(made.env()).containsExactly(Map.entry("MODE", "blue"), Map.entry("URL", "a=b"));
        assertThat(made.command()).containsExactly("run", "-x");
        assertThat(made.entrypoint()).contains(List.of("/other"));
        assertThat(made.restart()).isEqualTo("on-failure:3");
        assertThat(made.stopSignal()).contains("SIGTERM");
        assertThat(made.stopGrace()).contains(Duration.ofSeconds(25));
        assertThat(made.mounts())
                .containsExactly(
                        new Mount(true, "shop-db-data", "/data", false), new Mount(false, "/etc/x", "/x", true));
        assertThat(made.rest())
                .containsEntry("User", "root")
                .containsEntry("WorkingDir", "/srv")
                .containsEntry("Hostname", "db")
                .containsEntry("Labels", Map.of("team", "a"));
        assertThat(made.rest().get("HostConfig"))
                .isEqualTo(Map.of(
                        "Memory",
                        67108864L,
                        "CapAdd",
                        List.of("NET_ADMIN"),
                        "LogConfig",
                        Map.of("Type", "local"),
                        "PortBindings",
                        Map.of("53/udp", List.of(Map.of("HostIp", "", "HostPort", "53")))));
    }
}
