package org.portolan.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.cli.SimParts;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/** How a deployment is, as a value: of store, engine and proxy. */
class StatusQueryTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final SourceId SOURCE = new SourceId("/srv/site", "Servicefile");

    @TempDir
    Path folder;

    private SimParts parts;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void parts() {
        parts = new SimParts(folder);
    }

    /** A deployment with three services, whose second release is in progress. */
    private Lease underWay() {
        Lease lease = parts.store.acquire("shop", "ada").orElseThrow();
        DeploymentState state = DeploymentState.empty("shop", SOURCE, NOON)
                .change()
                .lastRelease(2)
                .goodRelease(1)
                .services(new TreeMap<>(Map.of(
                        "db",
                        new Release.Placed(1, 1),
                        "web",
                        new Release.Placed(1, 2),
                        "old",
                        new Release.Placed(1, 0))))
                .meshPorts(new TreeMap<>(Map.of("web", 22001, "web/admin", 22002, "website", 22003)))
                .build();
        Release release = new Release(
                "shop",
                2,
                Origin.of(SOURCE),
                "ada",
                NOON,
                Optional.empty(),
                Release.Outcome.RUNNING,
                "",
                state.services(),
                List.of(),
                List.of());
        parts.store.commit(lease, Commit.of(state).with(release));
        return lease;
    }

    private DeploymentStatus shop() {
        Inventory inventory = Inventory.take(parts, InstantSource.fixed(NOON), warnings::add);
        return new StatusQuery(parts, inventory, warnings::add).of("shop");
    }

    private static DeploymentStatus.Service service(DeploymentStatus status, String name) {
        return status.services().stream()
                .filter(service -> service.service().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aReleaseIsInterruptedOnceNobodyHoldsTheLock() {
        Lease lease = underWay();
        ReleaseSummary held = shop().last().orElseThrow();
        assertThat(held.outcome()).isEqualTo("running");
        assertThat(held.duration(NOON.plusSeconds(5))).contains(Duration.ofSeconds(5));
        lease.close();
        ReleaseSummary left = shop().last().orElseThrow();
        assertThat(left.outcome()).isEqualTo("interrupted");
        assertThat(left.duration(NOON.plusSeconds(5))).isEmpty();
    }

    @Test
    void saysWhyAServiceHasNoInstance() {
        underWay().close();
        DeploymentStatus status = shop();
        assertThat(service(status, "db").service().absence()).contains(ServiceSummary.Absence.MISSING);
        assertThat(service(status, "old").service().absence()).contains(ServiceSummary.Absence.SCALED_TO_0);
    }

    @Test
    void aServicesPortsAreItsOwnAndNotThoseOfOneWithALongerName() {
        underWay().close();
        assertThat(service(shop(), "web").meshPorts()).isEqualTo(new TreeMap<>(Map.of("", 22001, "admin", 22002)));
    }

    @Test
    void aProxyThatDoesNotAnswerLeavesHealthUnknownAndTheRestShown() {
        underWay().close();
        parts.instance(
                "shop", "web", 1, 1, Behaviour.GOOD, Map.of(Labels.ADDRESS, "127.0.0.1", Labels.PORTS, "=21001/80"));
        parts.proxy.refuseNext(call -> call.equals("observe"));
        InstanceStatus instance = service(shop(), "web").instances().getFirst();
        assertThat(instance.addresses()).containsExactly("127.0.0.1:21001");
        assertThat(instance.health()).contains("health unknown");
        assertThat(warnings).singleElement().satisfies(text -> assertThat(text).startsWith("the state of the proxies"));
    }
}
