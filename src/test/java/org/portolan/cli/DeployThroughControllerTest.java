package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.sim.SimSite;

/** Files are planned and deployed through a controller's socket as with this machine's own parts, and the controller reads none of them. */
class DeployThroughControllerTest extends DeployCommandsTest {
    private final List<SocketParts> open = new ArrayList<>();

    @Override
    SiteParts parts(Path home, SimSite at) {
        SocketParts through = new SocketParts(home, at);
        open.add(through);
        return through;
    }

    @Override
    SiteParts tried() {
        return (SiteParts) open.getFirst().door.viewed;
    }

    @AfterEach
    void stop() {
        open.forEach(SocketParts::stop);
    }

    private record Both(SiteParts direct, SiteParts through) {}

    private void same(Both both, String input, String terminals, String... words) {
        CliRun here = run(both.direct(), input, terminals, words);
        CliRun there = run(both.through(), input, terminals, words);
        String line = String.join(" ", words);
        assertThat(there.out().replaceAll("\"at\":\"[^\"]*\"", ""))
                .as(line)
                .isEqualTo(here.out().replaceAll("\"at\":\"[^\"]*\"", ""));
        assertThat(there.err()).as(line).isEqualTo(here.err());
        assertThat(there.status()).as(line).isEqualTo(here.status());
    }

    @Test
    void eachCommandPrintsTheSame() throws IOException {
        SiteParts direct = new SiteParts(Files.createDirectory(folder.resolve("direct")), site());
        Both both = new Both(direct, parts);
        for (String line : List.of(
                "plan @Servicefile",
                "plan @Servicefile -v",
                "--json plan @Servicefile",
                "plan @Servicefile --format markdown",
                "deploy @Servicefile",
                "deploy @Servicefile",
                "plan @Servicefile",
                "--json plan @Servicefile",
                "--json deploy @Servicefile --force",
                "deploy @nothing",
                "deploy @Servicefile --set a=b",
                "-D Bad_Name deploy @Servicefile",
                "deploy @parts",
                "--json deploy @parts",
                "diff",
                "--json diff",
                "diff nothing",
                "deploy @parts --adopt --no-wait --parallel 2",
                "deploy --automatic @parts",
                "-q deploy @parts --force")) {
            same(both, "", "", line.split(" "));
        }
        write("parts/Servicefile", "Deployments:\n  four: {template: t/app.Servicefile}\n");
        same(both, "", "", "plan", "@parts");
        same(both, "", "", "deploy", "@parts");
        same(both, "", "", "--json", "deploy", "@parts");
        same(both, "n\n", "io", "deploy", "@parts");
        same(both, "y\n", "io", "deploy", "@parts");
    }

    @Test
    void whatWasDeployedHereIsTheSameThereAndBack() throws IOException {
        SiteParts direct = new SiteParts(folder.resolve("home"), site);
        assertThat(run(direct, "", "", "deploy", "@Servicefile").status()).isZero();
        assertThat(run("deploy", "@Servicefile").out()).isEqualTo("No changes.\n");
        write("web.env", "COLOUR=blue\n");
        assertThat(run("deploy", "@Servicefile").status()).isZero();
        assertThat(run(direct, "", "", "deploy", "@Servicefile").out()).isEqualTo("No changes.\n");
    }

    /** What is sent is a snapshot: what changes here while the controller works is another deploy's. */
    @Test
    void filesThatChangeWhileADeployWaitsAreDeployedAsTheyWereSent() throws IOException {
        assertThat(run("deploy", "@Servicefile").status()).isZero();
        write("web.env", "COLOUR=green\n");
        AtomicBoolean changed = new AtomicBoolean();
        site.engine.faults(call -> {
            if (!changed.getAndSet(true)) {
                write("web.env", "COLOUR=red\n");
            }
            return Faults.NONE.fate(call);
        });
        assertThat(run("deploy", "@Servicefile").status()).isZero();
        assertThat(changed).isTrue();
        assertThat(definition("shop", "web").keys().toString())
                .contains("green")
                .doesNotContain("red");
        site.engine.faults(Faults.NONE);
        assertThat(run("deploy", "@Servicefile").status()).isZero();
        assertThat(definition("shop", "web").keys().toString()).contains("red");
    }

    /** A folder that a container mounts lies on this machine, which both run on. */
    @Test
    void aFolderOfThisMachineIsMountedOverTheSocket() throws IOException {
        Files.createDirectory(files.resolve("data"));
        write(
                "Servicefile",
                "Name: shop\nweb: {image: \"web:1\", port: 80, health: {http: /up}, volumes: [\"./data:/data\"]}\n");
        assertThat(run("deploy", "@Servicefile").status()).isZero();
        assertThat(definition("shop", "web").keys().toString()).contains(files + "/data");
    }

    @Test
    void theAuditLogNamesEachDeploymentAndNoSecret() {
        run("deploy", "@parts");
        assertThat(open.getFirst().door.audit)
                .extracting(event -> event.deployment())
                .containsExactly("one", "two");
        assertThat(open.getFirst().door.audit).allSatisfy(event -> assertThat(event.data())
                .isInstanceOfSatisfying(
                        ChangeRequested.class, asked -> assertThat(asked.what()).isEqualTo("POST /v1/deploys")));
        run("deploy", "@Servicefile");
        assertThat(open.getFirst().door.audit.toString()).doesNotContain("tell-nobody");
    }
}
