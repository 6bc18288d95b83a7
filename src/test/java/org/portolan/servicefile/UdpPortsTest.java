package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.Platform;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/** UDP ports, and the other keys that go straight to the engine. */
class UdpPortsTest {
    private static final Map<String, Object> NONE = Map.of();

    @Test
    void aUdpPortIsPublishedByTheEngineAndIsNoneOfTheServicesPorts() {
        ServiceSpec spec = LoadedFile.spec("web: {ports: {queries: 53/udp, dns: 53},"
                + " wan_map: {\":53\": dns, \":53/udp\": queries, \"[::1]:5353/udp\": queries}}\n");
        assertThat(spec.ports()).containsExactly(new ServiceSpec.Port("dns", 53));
        assertThat(spec.wanMap()).isEqualTo(Map.of("0.0.0.0:53", "dns"));
        assertThat(spec.options().docker())
                .isEqualTo(Map.of(
                        "ExposedPorts",
                        Map.of("53/udp", NONE),
                        "HostConfig",
                        Map.of(
                                "PortBindings",
                                Map.of(
                                        "53/udp",
                                        List.of(
                                                Map.of("HostIp", "0.0.0.0", "HostPort", "53"),
                                                Map.of("HostIp", "::1", "HostPort", "5353"))))));
        assertThat(spec.strategy()).isEqualTo(ServiceSpec.Strategy.RECREATE);
    }

    @Test
    void withUdpPortsAloneAServiceListensOnNoOther() {
        ServiceSpec spec = LoadedFile.spec("web: {port: 53/udp, wan_map: {\":53/udp\": port}}\n");
        assertThat(spec.silent()).isTrue();
        assertThat(spec.exclusive()).isTrue();
        assertThat(LoadedFile.spec("web: {ports: {dns: 53/udp}}\n").exclusive())
                .as("not published")
                .isFalse();
    }

    @Test
    void aRangeBeginsAtItsAddressAndTheFirstTcpPortStaysTheMainOne() {
        ServiceSpec spec = LoadedFile.spec("web: {ports: {media: 10000-10002/udp, sip: 5060, admin: 80},"
                + " wan_map: {\":20000/udp\": media}, docker: {HostConfig: {OomScoreAdj: 5}}}\n");
        assertThat(spec.mainPort()).isEqualTo("sip");
        assertThat(spec.options().docker().toString())
                .contains(
                        "10000/udp=[{HostIp=0.0.0.0, HostPort=20000}]", "10002/udp=[{HostIp=0.0.0.0, HostPort=20002}]")
                .contains("OomScoreAdj=5")
                .doesNotContain("10003/udp");
    }

    @Test
    void groupsAndTerminalsGoToTheEngineAndWithoutThemNothingChanges() {
        ServiceSpec spec = LoadedFile.spec("web: {group_add: [audio, 998], tty: true, stdin_open: true}\n");
        assertThat(spec.options().docker())
                .isEqualTo(Map.of(
                        "Tty", true, "OpenStdin", true, "HostConfig", Map.of("GroupAdd", List.of("audio", "998"))));
        assertThat(LoadedFile.web("web: {tty: false, stdin_open: false, group_add: []}\n")
                        .hash())
                .isEqualTo(Definition.of(Map.of("image", "web")).hash());
    }

    @Test
    void aPlatformHasOneForm() {
        assertThat(LoadedFile.web("web: {platform: linux/aarch64}\n").get("platform"))
                .isEqualTo("linux/arm64");
        assertThat(LoadedFile.spec("web: {platform: linux/arm/v7}\n").platform())
                .contains(Platform.of("linux", "arm", "v7"));
        assertThat(LoadedFile.spec("web: {}\n").platform()).isEmpty();
        assertThat(LoadedFile.faults("web: {platform: arm64}\n"))
                .anyMatch(fault -> fault.contains("1:17: expected a platform, found \"arm64\"")
                        && fault.contains("for example: platform: linux/arm64"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ports: {a: 0/udp}}|expected a port",
                "{ports: {a: 70000/udp}}|expected a port",
                "{ports: {a: 20-10/udp}}|expected a port",
                "{ports: {a: 1-5000/udp}}|expected a port",
                "{ports: {a: 53/udp, b: 53/udp}}|duplicate port",
                "{ports: {a: 53/udp}, wan_map: {\":53\": a}}|speaks UDP, and the address does not",
                "{ports: {a: 53}, wan_map: {\":53/udp\": a}}|which is not in ports",
                "{ports: {a: 53/udp}, health: {tcp: a}}|health"
            })
    void whatCannotBeIsRefused(String body, String says) {
        assertThat(LoadedFile.faults("web: " + body + "\n")).anyMatch(fault -> fault.contains(says));
    }
}
