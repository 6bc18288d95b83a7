package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.service.Desired;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.operate.Request;
import org.portolan.sim.SimSite;

/** What changing commands do and say. {@link ChangingThroughControllerTest} runs the same through a controller. */
class ChangingCommandsTest {
    @TempDir
    Path folder;

    SimSite site;
    SiteParts parts;

    @BeforeEach
    void deployed() {
        site = fullSite(folder.resolve("data"));
        parts = parts(folder, site);
    }

    SiteParts parts(Path home, SimSite at) {
        return new SiteParts(home, at);
    }

    /** With a shop in its second release. */
    static SimSite shopSite() {
        return shopSite(Path.of("/data"));
    }

    private static SimSite shopSite(Path data) {
        SimSite site = new SimSite(1);
        site.dataRoot = data;
        for (String tag : new String[] {"1", "2"}) {
            site.engine.world().image("web:" + tag, Behaviour.GOOD, 80);
        }
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
        site.process().deploy(shop("1"));
        site.process().deploy(shop("2"));
        return site;
    }

    /** Also with a bank that has a generated value, and a volume that a removed deployment left. */
    static SimSite fullSite(Path data) {
        SimSite site = shopSite(data);
        site.process().deploy(bank());
        site.process().deploy(SimSite.desired("old", Map.of("db", DB), Map.of()));
        site.process().perform(new Request.Remove("old", false, SimSite.MANDATE));
        return site;
    }

    private static final Map<String, Object> DB = Map.of("image", "redis:1", "volumes", Map.of("rows", "/rows"));

    /** With a generated value, and a volume. */
    private static Desired bank() {
        Desired plain = SimSite.desired(
                "bank",
                Map.of(
                        "db",
                        Map.of("image", "redis:1", "volumes", Map.of("rows", "/rows"), "env", Map.of("P", "{Pin}"))),
                Map.of());
        return new Desired(
                "bank",
                plain.origin(),
                plain.services(),
                List.of(),
                "",
                new TreeMap<>(Map.of("Pin", new GenerateSpec(GenerateSpec.Kind.HEX, 16))),
                new TreeMap<>());
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

    private long containers() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.name().startsWith("shop-"))
                .count();
    }

    @Test
    void aGeneratedValueIsListedShownSetAndRotated() {
        assertThat(parts.run("-D", "bank", "secret", "list").out())
                .contains("Pin  ")
                .doesNotContain("4711");
        String first = parts.run("-D", "bank", "secret", "show", "Pin").out().strip();
        assertThat(first).matches("[0-9a-f]{32}");
        assertThat(parts.with("4711\n", "", "-D", "bank", "secret", "set", "Pin")
                        .status())
                .isZero();
        assertThat(parts.run("-D", "bank", "secret", "show", "Pin").out()).isEqualTo("4711\n");
        CliRun rotated = parts.run("-D", "bank", "secret", "rotate", "Pin");
        assertThat(rotated.status()).as(rotated.err()).isZero();
        assertThat(parts.run("--json", "-D", "bank", "secret", "show", "Pin").out())
                .contains("\"version\":3")
                .doesNotContain("4711", first);
        CliRun unknown = parts.run("-D", "bank", "secret", "show", "Pim");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("bank has no generated value Pim");
    }

    @Test
    void aKeptVolumeIsListedAndRemovedWithConsent() {
        assertThat(parts.run("volume", "list").out())
                .contains("old-db-rows ", "kept since ", "bank-db-rows ", "in use by bank-db-1-1");
        CliRun used = parts.run("--yes", "volume", "remove", "bank-db-rows");
        assertThat(used.status()).isEqualTo(1);
        CliRun refused = parts.with("no\n", "io", "volume", "remove", "old-db-rows");
        assertThat(refused.out()).isEqualTo("Remove old-db-rows with all data? [y/N] ");
        assertThat(site.engine.world().volumeNames()).contains("old-db-rows");
        assertThat(parts.with("yes\n", "io", "volume", "remove", "old-db-rows").status())
                .isZero();
        assertThat(site.engine.world().volumeNames()).doesNotContain("old-db-rows");
    }

    @Test
    void aVolumeIsRestoredFromAnArchiveOfThisMachine() {
        Path archive = folder.resolve("rows.tar");
        CliRun missing = parts.run("--yes", "volume", "restore", "old-db-rows", archive.toString());
        assertThat(missing.status()).isNotZero();
        assertThat(missing.err()).contains("no such file");
        CliRun unknown = parts.run("volume", "restore", "nothing", archive.toString());
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("unknown volume nothing");
    }

    @Test
    void aRollbackIsShownBeforeItIsDone() {
        CliRun run = parts.run("-D", "shop", "rollback", "--plan");
        assertThat(run.status()).as(run.err()).isEqualTo(3);
        assertThat(run.out()).startsWith("Rollback of shop to release 1:\n").contains("web", "Plan: 0 to add");
        assertThat(shop().pinned()).isEmpty();
    }

    @Test
    void aScaleTellsItsRelease() {
        CliRun run = parts.run("-D", "shop", "scale", "web=3", "--reason", "sale");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("---> ", "web");
        assertThat(shop().services().get("web").scale()).isEqualTo(3);
        assertThat(last().who()).isEqualTo("alice@desk");
        assertThat(last().cause()).isEqualTo("scale: sale");
        CliRun again = parts.run("-D", "shop", "scale", "web=3");
        assertThat(again.out()).isEqualTo("No changes.\n");
        assertThat(again.status()).isZero();
        assertThat(parts.run("--json", "-D", "shop", "scale", "web=2").out())
                .contains("\"type\":\"event\"", "\"type\":\"outcome\",\"deployment\":\"shop\",\"outcome\":\"done\"");
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIs() {
        CliRun run = parts.run("-D", "shop", "scale", "wep=3");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("deployment shop has no service wep", "did you mean web?");
        assertThat(parts.run("-D", "shopp", "-D", "shop", "stop").status()).isEqualTo(2);
        CliRun kept = parts.run("-D", "shop", "rollback", "--to", "9");
        assertThat(kept.status()).isEqualTo(2);
        assertThat(kept.err()).contains("`portolan -D shop history` shows the kept ones");
    }

    @Test
    void stopStartRestartRollbackAndUnpin() {
        assertThat(parts.run("-D", "shop", "stop", "web").status()).isZero();
        assertThat(shop().stopped()).containsExactly("web");
        assertThat(parts.run("-D", "shop", "start").status()).isZero();
        assertThat(shop().stopped()).isEmpty();
        int before = shop().lastRelease();
        assertThat(parts.run("-D", "shop", "restart", "redis").status()).isZero();
        assertThat(shop().lastRelease()).isEqualTo(before + 1);
        assertThat(parts.run("-D", "shop", "rollback", "--to", "1").status()).isZero();
        assertThat(shop().pinned()).contains(1);
        assertThat(parts.run("-D", "shop", "unpin").status()).isZero();
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
            CliRun run = parts.run("-D", "shop", order);
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
        assertThat(containers()).isEqualTo(3);
        assertThat(parts.with("y\n", "io", "remove", "shop").status()).isZero();
        assertThat(containers()).isZero();
    }

    @Test
    void aDeploymentIsCreatedOnce() {
        assertThat(parts.run("create-deployment", "blog").status()).isZero();
        CliRun again = parts.run("create-deployment", "blog");
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("the deployment blog already exists", "`portolan -D blog status` shows it");
    }
}
