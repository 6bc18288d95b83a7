package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.event.EventSink;
import org.portolan.release.Installation;
import org.portolan.sim.SimSite;

/** What needs consent is asked for in the command's own words, and refused where nobody can be asked. */
class ConsentQuestionsTest {
    @TempDir
    Path folder;

    private final SimSite site = new SimSite(1);
    private int stopped;

    @BeforeEach
    void deploy() {
        site.dataRoot = folder.resolve("data");
        site.engine.world().image("db:1", Behaviour.GOOD);
        Map<String, Object> db = Map.of("image", "db:1", "volumes", Map.of("rows", "/rows"));
        site.process().deploy(SimSite.desired("shop", Map.of("db", db), Map.of()));
    }

    private CliRun run(String input, String terminals, String... arguments) {
        Components parts = new SimParts(folder) {
            @Override
            public Installation installation(EventSink events) {
                return site.process().installation;
            }

            @Override
            public void stopProxies() {
                stopped++;
            }
        };
        return CliRun.with(input, Map.of(), terminals, (environment, warnings) -> parts, arguments);
    }

    private int containers() {
        return site.engine.observe().containers().size();
    }

    @Test
    void removingADeployment() {
        CliRun unasked = run("", "", "remove", "shop");
        assertThat(unasked.status()).isEqualTo(1);
        assertThat(unasked.err()).contains("refused without consent: remove shop", "to consent, use --yes");

        CliRun refused = run("n\n", "io", "remove", "shop");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).isEqualTo("Remove shop? [y/N] ");
        assertThat(containers()).isEqualTo(1);

        CliRun data = run("\n", "io", "remove", "shop", "--volumes");
        assertThat(data.out())
                .isEqualTo(
                        "remove volume shop-db-rows with all data\nRemove shop with the data of its volumes? [y/N] ");
        assertThat(containers()).isEqualTo(1);

        assertThat(run("y\n", "io", "remove", "shop").status()).isZero();
        assertThat(containers()).isZero();
        assertThat(site.engine.world().volumeNames()).contains("shop-db-rows");
    }

    @Test
    void removingVolumes() {
        assertThat(run("", "", "remove", "shop", "--yes").status()).isZero();
        assertThat(run("", "", "volume", "remove", "shop-db-rows").status()).isEqualTo(1);
        CliRun refused = run("no\n", "io", "volume", "remove", "shop-db-rows");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).isEqualTo("Remove shop-db-rows with all data? [y/N] ");
        assertThat(site.engine.world().volumeNames()).contains("shop-db-rows");

        assertThat(run("yes\n", "io", "volume", "remove", "shop-db-rows").status())
                .isZero();
        assertThat(site.engine.world().volumeNames()).doesNotContain("shop-db-rows");
    }

    @Test
    void stoppingTheSystemIsAskedOfAPersonOnly() {
        CliRun refused = run("n\n", "io", "system", "down");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).isEqualTo("Stop the proxies? No domain answers until 'portolan system up'. [y/N] ");
        assertThat(stopped).isZero();

        for (List<String> terminals : List.of(List.of("y\n", "io"), List.of("", ""))) {
            stopped = 0;
            assertThat(run(terminals.get(0), terminals.get(1), "system", "down").status())
                    .isZero();
            assertThat(stopped).isEqualTo(1);
        }
        assertThat(run("", "io", "system", "down", "--yes").status()).isZero();
    }
}
