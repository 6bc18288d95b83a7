package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** A service with a range of ports on which nothing listens yet, such as those of passive FTP. */
class RangesTest extends SimShop {
    private static Desired ftp(String tag, String range) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "ftp",
                        Map.of(
                                "image",
                                "web:" + tag,
                                "ports",
                                Map.of("ftp", 21L, "passive", range),
                                "main_port",
                                "ftp",
                                "wan_map",
                                Map.of("0.0.0.0:30000", "passive-30000", "0.0.0.0:30001", "passive-30001"))),
                Map.of());
    }

    /** Nothing listens but on the port named {@code ftp}. */
    private void listensOnItsMainPort() {
        site.proxy.answeredBy((server, check) -> Integer.valueOf(server.port())
                .equals(InstanceLabels.hostPorts(ports(server.instance())).get("ftp")));
    }

    private String ports(InstanceId instance) {
        return site.engine.observe().containers().stream()
                .filter(container -> container.name().equals(instance.name()))
                .map(container -> container.label(Labels.PORTS))
                .findFirst()
                .orElse("");
    }

    @Test
    void anInstanceServesThoughNothingListensOnThePortsOfItsRange() {
        listensOnItsMainPort();
        assertThat(deploy(ftp("1", "30000-30001"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(deploy(ftp("2", "30000-30002"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(deploy(ftp("2", "30000-30002"))).isEqualTo(Outcome.Kind.NO_CHANGES);

        assertThat(running()).containsExactly("shop-ftp-2-1");
        RouteSet routes = site.proxy.applied("shop").orElseThrow();
        assertThat(routes.backends())
                .extracting(Backend::port)
                .containsExactly("ftp", "passive-30000", "passive-30001", "passive-30002");
        assertThat(routes.backends()).extracting(Backend::checked).containsExactly(true, false, false, false);
        assertThat(routes.backends().get(1).bindings()).isEqualTo(List.of("0.0.0.0:30000"));
    }
}
