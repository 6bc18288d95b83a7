package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.sim.SimSite;

/** What changing commands do and say. {@link ChangingThroughControllerTest} runs the same through a controller. */
class ChangingCommandsTest {
    @TempDir
    Path folder;

    SimSite site;
    SiteParts parts;

    @BeforeEach
    void deployed() {
        site = shopSite();
        parts = parts(folder, site);
    }

    SiteParts parts(Path home, SimSite at) {
        return new SiteParts(home, at);
    }

    /** With a shop in its second release. */
    static SimSite shopSite() {
        SimSite site = new SimSite(1);
        for (String tag : new String[] {"1", "2"}) {
            site.engine.world().image("web:" + tag, Behaviour.GOOD, 80);
        }
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
        site.process().deploy(shop("1"));
        site.process().deploy(shop("2"));
        return site;
    }

    private static Desired shop(String tag) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", Map.of("http", "/up")),
                        "redis",
                        Map.of("image", "redis:1", "ports", Map.of("", 6379L))),
                Map.of("web", 2));
    }

    final DeploymentState shop() {
        return site.store.connect("looker").deployment("shop").orElseThrow();
    }

    final Release last() {
        return site.store.connect("looker").releases("shop", 1).getFirst();
    }

    @Test
    void aScaleTellsItsRelease() {
        CliRun run = parts.run("scale", "web=3", "--reason", "sale");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("---> ", "web");
        assertThat(shop().services().get("web").scale()).isEqualTo(3);
        assertThat(last().who()).isEqualTo("alice@desk");
        assertThat(last().cause()).isEqualTo("scale: sale");
        CliRun again = parts.run("scale", "web=3");
        assertThat(again.out()).isEqualTo("No changes.\n");
        assertThat(again.status()).isZero();
        assertThat(parts.run("--json", "scale", "web=2").out())
                .contains("\"type\":\"event\"", "\"type\":\"outcome\",\"deployment\":\"shop\",\"outcome\":\"done\"");
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIs() {
        CliRun run = parts.run("scale", "wep=3");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("deployment shop has no service wep", "did you mean web?");
        assertThat(parts.run("-D", "shopp", "stop").status()).isEqualTo(2);
        CliRun kept = parts.run("rollback", "--to", "9");
        assertThat(kept.status()).isEqualTo(2);
        assertThat(kept.err()).contains("`portolan -D shop history` shows the kept ones");
    }

    @Test
    void stopStartRestartRollbackAndUnpin() {
        assertThat(parts.run("stop", "web").status()).isZero();
        assertThat(shop().stopped()).containsExactly("web");
        assertThat(parts.run("start").status()).isZero();
        assertThat(shop().stopped()).isEmpty();
        int before = shop().lastRelease();
        assertThat(parts.run("restart", "redis").status()).isZero();
        assertThat(shop().lastRelease()).isEqualTo(before + 1);
        assertThat(parts.run("rollback", "--to", "1").status()).isZero();
        assertThat(shop().pinned()).contains(1);
        assertThat(parts.run("unpin").status()).isZero();
        assertThat(shop().pinned()).isEmpty();
    }

    @Test
    void aReleaseThatFailsSaysWhyAndIsRolledBack() {
        site.engine.world().image("web:bad", Behaviour.neverHealthy().logging("cannot open the database"), 80);
        CliRun run = parts.run("-D", "shop", "set-service", "web", "{image: web:bad}");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("cannot open the database");
        assertThat(last().outcome()).isEqualTo(Release.Outcome.FAILED);
    }

    @Test
    void aServiceIsSetByKeysOrByItsImage() {
        CliRun run = parts.run("-D", "shop", "set-service", "web", "{scale: 1, env: {A: b}}", "--reason", "a try");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(shop().services().get("web").scale()).isEqualTo(1);
        assertThat(last().cause()).isEqualTo("set by hand: a try");
        assertThat(shop().byHand()).contains("web");
        CliRun wrong = parts.run("-D", "shop", "set-service", "web", "{scale: 1,\n enviroment: {PASSWORD: hidden}}");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("set-service:2:2: unknown key", "enviroment");
        assertThat(parts.run("-D", "shop", "set-service", "redis:1").status()).isZero();
    }

    @Test
    void aDeploymentIsSuspendedUntilItIsResumed() {
        CliRun run = parts.run("suspend", "shop", "--reason", "we look at it");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(parts.run("status").out()).contains("suspended since ", ": we look at it");
        assertThat(parts.run("resume", "shop").status()).isZero();
        assertThat(parts.run("status").out()).doesNotContain("suspended since ");
        assertThat(parts.run("resume", "site", "--source").err()).contains("source site is not suspended");
        assertThat(parts.run("suspend", "shopp").err()).contains("there is no deployment shopp");
    }

    @Test
    void anOrderNeedsARelease() {
        for (String order : new String[] {"abort", "promote", "pause", "resume"}) {
            CliRun run = parts.run(order);
            assertThat(run.status()).as(order).isEqualTo(4);
            assertThat(run.err()).contains("no release of shop is in progress");
        }
    }

    @Test
    void aRemovalIsAskedForInTheCommandsWords() {
        CliRun unasked = parts.run("remove", "shop");
        assertThat(unasked.status()).isEqualTo(1);
        assertThat(unasked.err()).contains("refused without consent: remove shop", "to consent, use --yes");
        CliRun refused = parts.with("n\n", "io", "remove", "shop");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).isEqualTo("Remove shop? [y/N] ");
        assertThat(site.engine.observe().containers()).isNotEmpty();
        assertThat(parts.with("y\n", "io", "remove", "shop").status()).isZero();
        assertThat(site.engine.observe().containers()).isEmpty();
    }

    @Test
    void aDeploymentIsCreatedOnce() {
        assertThat(parts.run("create-deployment", "blog").status()).isZero();
        CliRun again = parts.run("create-deployment", "blog");
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("the deployment blog already exists", "`portolan -D blog status` shows it");
    }
}
