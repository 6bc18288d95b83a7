package org.portolan.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.cli.SimParts;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.event.Event;
import org.portolan.model.event.InstanceEvent.InstanceServing;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.probe.ReachProbe.Reach;
import org.portolan.probe.ReachProbe.Trial;
import org.portolan.process.ProcessIdentity;
import org.portolan.testing.TestAuthority;

/** What is found, without a console: each check by itself, against simulated parts. */
class DoctorTest {
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private SimParts parts;

    @BeforeEach
    void parts() {
        parts = new SimParts(folder);
    }

    private List<Finding> examine(Map<String, String> environment) {
        return new Doctor(parts, environment, InstantSource.fixed(NOW)).examine();
    }

    private void webWithMesh() throws IOException {
        Files.writeString(folder.resolve("portolan.yaml"), "mesh: {address: 127.0.0.1}\n");
        parts.instance("shop", "web", 1, 1, Behaviour.GOOD, Map.of(Labels.MESH, "=22001"));
    }

    @Test
    void namesASettingThatMeansNothing() {
        assertThat(examine(Map.of("PORTOLAN_LOKC_WAIT", "1")))
                .filteredOn(finding -> finding.what().equals("variables"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).startsWith("unknown variable PORTOLAN_LOKC_WAIT"));
    }

    @Test
    void anUnreadableConfigurationIsTheOnlyFinding() throws IOException {
        Files.writeString(folder.resolve("portolan.yaml"), "mesh: [");
        assertThat(examine(Map.of())).singleElement().satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("configuration");
            assertThat(finding.isFault()).isTrue();
        });
    }

    @Test
    void namesWhatAKilledRunLeft() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        ProcessIdentity self = ProcessIdentity.self();
        String dead = new ProcessIdentity(gone.pid(), self.startTicks() + 1, self.world()).text();
        gone.waitFor();
        parts.instance("shop", "web", 1, 7, Behaviour.GOOD, Map.of(Labels.RUN, dead));
        parts.instance("shop", "web", 1, 8, Behaviour.GOOD, Map.of(Labels.RUN, self.text()));
        parts.instance(
                "shop", "web", 1, 9, Behaviour.exitsAfter(java.time.Duration.ZERO, 0), Map.of(Labels.RUN, "7 7 moon"));
        assertThat(examine(Map.of()).stream()
                        .filter(finding -> finding.what().equals("runs"))
                        .map(Finding::text))
                .containsExactlyInAnyOrder(
                        "shop-web-1-7 was left by `run`, which was killed",
                        "shop-web-1-9 was left by `run`, which ran before this machine started, or on another one");
    }

    @Test
    void aClockBeforeTheReleaseIsAFault() {
        assertThat(new Doctor(parts, Map.of(), InstantSource.fixed(Instant.EPOCH)).examine())
                .anyMatch(finding -> finding.isFault() && finding.what().equals("clock"));
    }

    @Test
    void whatATryFromAContainerGaveIsTheFinding() throws IOException {
        webWithMesh();
        parts.reach = new Trial(Reach.BLOCKED, "in its network");
        assertThat(examine(Map.of()))
                .filteredOn(finding -> finding.what().equals("firewall"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Finding.Level.WARNING);
                    assertThat(finding.text())
                            .contains("containers cannot reach the mesh at")
                            .contains("shop-web-1-1");
                    assertThat(finding.advice().orElseThrow().plain()).startsWith("Allow it: ");
                });
        parts.reach = new Trial(Reach.REACHES, "in its network");
        assertThat(examine(Map.of()))
                .filteredOn(finding -> finding.what().equals("firewall"))
                .allMatch(finding -> finding.level() == Finding.Level.OK);
    }

    /** A first deploy tries once; a deployment with a good release, or one that nothing is routed to, is not tried. */
    @Test
    void aFirstDeployLooksOnceWhetherContainersReachTheMesh() throws IOException {
        webWithMesh();
        parts.reach = new Trial(Reach.BLOCKED, "in its network");
        parts.proxy.apply(new RouteSet("shop", List.of(), List.of()));
        List<Event> passed = new ArrayList<>();
        List<Finding> found = new ArrayList<>();
        try (FirstDeploy first = new FirstDeploy(parts, passed::add, found::add)) {
            for (String deployment : List.of("shop", "shop", "other")) {
                first.accept(new Event(
                        NOW, deployment, 1, new InstanceServing(new InstanceId(deployment, "web", 1, 1), true)));
            }
        }
        assertThat(passed).hasSize(3);
        assertThat(parts.tries()).isEqualTo(1);
        assertThat(found).singleElement().satisfies(finding -> assertThat(finding.text())
                .contains("containers cannot reach the mesh"));
    }

    private List<String> ofApi() {
        return examine(Map.of()).stream()
                .filter(finding -> finding.what().equals("api"))
                .map(finding -> finding.level() + " " + finding.text())
                .toList();
    }

    @Test
    void whatIsSaidToTheApiShouldNotBeReadOnTheWay() throws IOException {
        assertThat(ofApi()).isEmpty();
        Files.writeString(folder.resolve("portolan.yaml"), "api: {address: 0.0.0.0}\n");
        parts = new SimParts(folder);
        assertThat(ofApi())
                .containsExactly("WARNING it is to listen on 0.0.0.0 without TLS: tokens can be read on the way");
        Files.writeString(folder.resolve("portolan.yaml"), "api: {address: 0.0.0.0, port: off}\n");
        parts = new SimParts(folder);
        assertThat(ofApi()).isEmpty();
    }

    @Test
    void aCertificateOfTheApiThatCannotBeUsedIsAFaultAndOneThatEndsSoonAWarning() throws IOException {
        TestAuthority authority = new TestAuthority(folder.resolve("ca"));
        TestAuthority.Issued good = authority.issue("good", "dns:localhost", "2026/12/01 00:00:00", 400);
        TestAuthority.Issued soon = authority.issue("soon", "dns:localhost", "2026/12/01 00:00:00", 41);
        serves(good.certificate(), good.key());
        assertThat(ofApi()).containsExactly("OK TLS with " + good.certificate());
        serves(soon.certificate(), soon.key());
        assertThat(ofApi())
                .containsExactly("WARNING api.cert: " + soon.certificate() + " expires on 2027-01-11, in 10 days");
        Files.writeString(
                folder.resolve("portolan.yaml"),
                "api: {port: off, domain: deploy.org, cert: " + good.certificate() + ", key: " + good.key() + "}\n");
        parts = new SimParts(folder);
        assertThat(ofApi())
                .as("the edge shows it")
                .containsExactly(
                        "WARNING api.cert: " + good.certificate() + " is not for deploy.org, but for localhost");
        serves(soon.certificate(), good.key());
        assertThat(ofApi()).contains("FAULT api.key: " + good.key() + " does not match the certificate");
        serves(soon.certificate(), folder.resolve("none"));
        assertThat(ofApi()).containsExactly("FAULT cannot read " + folder.resolve("none") + ": it does not exist");
        Files.setPosixFilePermissions(good.key(), PosixFilePermissions.fromString("rw-rw----"));
        serves(good.certificate(), good.key());
        assertThat(ofApi()).containsExactly("FAULT the key " + good.key() + " is open to others");
    }

    private void serves(Path certificate, Path key) throws IOException {
        Files.writeString(folder.resolve("portolan.yaml"), "api: {cert: " + certificate + ", key: " + key + "}\n");
        parts = new SimParts(folder);
    }
}
