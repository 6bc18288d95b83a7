package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Port;
import org.portolan.model.service.TcpRange;

/** Ranges of TCP ports: each of their ports is one of the service's. */
class PortRangesTest {
    @Test
    void eachPortOfARangeIsOneOfTheService() {
        ServiceSpec spec = LoadedFile.spec("web: {ports: {passive: 30000-30002/tcp, ftp: 21}}\n");
        assertThat(spec.ports())
                .containsExactly(
                        new Port("ftp", 21),
                        new Port("passive-30000", 30000, true),
                        new Port("passive-30001", 30001, true),
                        new Port("passive-30002", 30002, true));
        assertThat(spec.mainPort()).isEqualTo("ftp");
        assertThat(LoadedFile.web("web: {ports: {passive: 30000-30002, ftp: 21}}\n")
                        .get("ports"))
                .as("a definition holds the range")
                .isEqualTo(Map.of("ftp", 21L, "passive", "30000-30002"));
    }

    @Test
    void ofARangeAloneTheFirstPortIsTheMainOneAndIsListenedOn() {
        ServiceSpec spec = LoadedFile.spec("web: {ports: {game: 9999-10001}}\n");
        assertThat(spec.mainPort()).isEqualTo("game-9999");
        assertThat(spec.ports()).extracting(Port::occasional).containsExactly(false, true, true);
    }

    @Test
    void aRangeBeginsAtItsAddress() {
        ServiceSpec spec = LoadedFile.spec(
                "web: {ports: {ftp: 21, passive: 30000-30002}, wan_map: {\":2121\": ftp, \"127.0.0.1:40000\": passive}}\n");
        assertThat(spec.wanMap())
                .isEqualTo(Map.of(
                        "0.0.0.0:2121", "ftp",
                        "127.0.0.1:40000", "passive-30000",
                        "127.0.0.1:40001", "passive-30001",
                        "127.0.0.1:40002", "passive-30002"));
        assertThat(LoadedFile.spec("web: {ports: {a: 9-10}, wan_map: {\":9\": 9-10}}\n")
                        .wanMap())
                .isEqualTo(Map.of("0.0.0.0:9", "a-9", "0.0.0.0:10", "a-10"));
    }

    @Test
    void aPortOfARangeIsNamedByRoutesAndChecks() {
        ServiceSpec spec = LoadedFile.spec("web: {ports: {app: 3000-3002}, health: {tcp: app-3001}}\n");
        assertThat(spec.health().orElseThrow().port()).isEqualTo("app-3001");
        assertThat(LoadedFile.one(
                                "Name: shop\nweb: {ports: {app: 3000-3002}}\nDomains: {a.org: {http: \"shop:web:3001\"}}\n")
                        .domains()
                        .getFirst()
                        .routes()
                        .get("/")
                        .targets())
                .singleElement()
                .satisfies(target -> assertThat(target.port()).isEqualTo("app-3001"));
    }

    @Test
    void aRangeOfOnePortIsThatPort() {
        assertThat(LoadedFile.web("web: {ports: {http: 80-80}}\n").hash())
                .isEqualTo(LoadedFile.web("web: {ports: {http: 80}}\n").hash());
        assertThat(LoadedFile.web("web: {ports: {http: 80/tcp}}\n").hash())
                .isEqualTo(LoadedFile.web("web: {ports: {http: 80}}\n").hash());
    }

    @Test
    void whatAContainerShowsOfARangeIsTheRangeAgain() {
        Map<String, Long> shown = Map.of("ftp", 21L, "a-8", 8L, "a-9", 9L, "a-10", 10L, "a-12", 12L, "b-11", 11L);
        assertThat(TcpRange.join(shown)).isEqualTo(Map.of("ftp", 21L, "a", "8-10", "a-12", 12L, "b-11", 11L));
        Definition definition = LoadedFile.web("web: {ports: {passive: 9998-10002, ftp: 21}}\n");
        assertThat(TcpRange.join(Map.of("ftp", 21L, "p-9999", 9999L, "p-10000", 10000L)))
                .isEqualTo(Map.of("ftp", 21L, "p", "9999-10000"));
        assertThat(TcpRange.spread(definition.get("ports"))).hasSize(6).containsEntry("passive-10002", 10002L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ports: {a: 1-101}}|a range has at most 100 ports",
                "{ports: {a: 20-10}}|expected a port",
                "{ports: {a: 65530-65540}}|expected a port",
                "{ports: 30000-30010}|a range of ports needs a name",
                "{ports: {a: 10-20, b: 15}}|port 15 of \"b\" and the ports 10-20 of \"a\" overlap",
                "{ports: {b: 15, a: 10-20}}|the other is at Servicefile:1:18",
                "{ports: {a: 10-20, b: 20-30}}|ports 20-30 of \"b\" and the ports 10-20 of \"a\" overlap",
                "{ports: {a: 53/udp, b: 50-60/udp}}|overlap",
                "{ports: {a: 10-20, a-15: 40}}|duplicate port name \"a-15\"",
                "{ports: {a: 10-20}, wan_map: {\":65530\": a}}|cannot begin at :65530",
                "{ports: {a: 10-20, b: 30}, wan_map: {\":10\": a, \"127.0.0.1:12\": b}}|addresses 127.0.0.1:12 and 0.0.0.0:10-20 overlap",
                "{ports: {a: 10-20, b: 30}, wan_map: {\":10\": a, \":20\": b}}|the other is at Servicefile:1:43",
                "{ports: {a: 10-20/udp, b: 30/udp}, wan_map: {\":10/udp\": a, \":20/udp\": b}}|overlap",
                "{ports: {a: 10-20}, wan_map: {\":10-20\": a}}|a range of ports begins at its address: write \":10\"",
                "{ports: {a: 10-20}, health: {tcp: a}}|a is a range: name one of its ports, for example a-10",
                "{ports: {a: 10-20, b: 30}, health: {tcp: main}}|known: a-10 to a-20 or b"
            })
    void whatCannotBeIsRefused(String body, String says) {
        assertThat(LoadedFile.faults("web: " + body + "\n")).anyMatch(fault -> fault.contains(says));
    }

    @Test
    void udpAndTcpAndSeparateAddressesDoNotOverlap() {
        assertThat(LoadedFile.spec("web: {ports: {a: 10-20, b: 10-20/udp}, wan_map: {\"127.0.0.1:10\": a,"
                                + " \"127.0.0.2:10\": a, \":10/udp\": b}}\n")
                        .wanMap())
                .hasSize(22);
        assertThat(LoadedFile.faults(
                        "Name: shop\nweb: {ports: {ab: 1-2}}\nDomains: {a.org: {http: \"shop:web:ab\"}}\n"))
                .anyMatch(fault -> fault.contains("ab is a range: name one of its ports, for example ab-1"));
    }
}
