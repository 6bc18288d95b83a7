package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.service.Definition;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.probe.ReachProbe;
import org.portolan.sim.SimSite;

/** What the commands that plan and deploy files do and say. {@link DeployThroughControllerTest} runs the same through a controller. */
class DeployCommandsTest {
    static final String SHOP = "Name: shop\nweb:\n  image: web:%%TAG%%\n  port: 80\n  health: {http: /up}\n  scale: 2\n"
            + "  env_files: web.env\n  files:\n    /etc/site: {from: conf}\n"
            + "  env: {API_PASSWORD: \"%%API_PASSWORD%%\"}\nredis: {image: redis:1, port: 6379}\n";
    static final String PARTS =
            "Deployments:\n  one: {template: t/app.Servicefile}\n  two: {template: t/app.Servicefile}\n";
    static final String APP =
            "Parameters: {tag: {default: \"1\"}}\nweb: {image: \"web:{{tag}}\", port: 80, health: {http: /up}}\n";

    @TempDir
    Path folder;

    Path files;
    SimSite site;
    SiteParts parts;
    Map<String, String> environment =
            new TreeMap<>(Map.of("PORTOLAN_WHO", "alice@desk", "TAG", "1", "API_PASSWORD", "tell-nobody"));

    @BeforeEach
    void installation() throws IOException {
        site = site();
        parts = parts(Files.createDirectory(folder.resolve("home")), site);
        files = Files.createDirectory(folder.resolve("files")).toRealPath();
        write("Servicefile", SHOP);
        write("web.env", "COLOUR=red\n");
        write("conf/site.conf", "listen 80\n");
        write("parts/Servicefile", PARTS);
        write("parts/t/app.Servicefile", APP);
    }

    static SimSite site() {
        SimSite site = new SimSite(1);
        for (String tag : new String[] {"1", "2"}) {
            site.engine.world().image("web:" + tag, Behaviour.GOOD, 80);
        }
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
        return site;
    }

    SiteParts parts(Path home, SimSite at) {
        return new SiteParts(home, at);
    }

    final void write(String path, String text) {
        try {
            Path file = files.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    final CliRun run(String... arguments) {
        return run(parts, "", "", arguments);
    }

    final CliRun run(SiteParts on, String input, String terminals, String... arguments) {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        words.replaceAll(word -> word.replace("@", files + "/"));
        return CliRun.with(input, environment, terminals, (given, warnings) -> on, words.toArray(String[]::new));
    }

    final DeploymentState state(String deployment) {
        return site.store.connect("looker").deployment(deployment).orElseThrow();
    }

    final boolean exists(String deployment) {
        return site.store.connect("looker").deployment(deployment).isPresent();
    }

    final Release last(String deployment) {
        return site.store.connect("looker").releases(deployment, 1).getFirst();
    }

    final Definition definition(String deployment, String service) {
        return site.store
                .connect("looker")
                .definition(
                        deployment,
                        service,
                        state(deployment).services().get(service).version())
                .orElseThrow();
    }

    @Test
    void aFileIsDeployedWithAllThatItNames() {
        CliRun run = run("deploy", "@Servicefile", "--reason", "opening");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("---> ", "web");
        assertThat(last("shop").who()).isEqualTo("alice@desk");
        assertThat(last("shop").cause()).contains("opening");
        assertThat(state("shop").owner().location()).isEqualTo(files + "/Servicefile");
        CliRun again = run("deploy", "@Servicefile");
        assertThat(again.out()).isEqualTo("No changes.\n");
        assertThat(run("plan", "@Servicefile").status()).isZero();

        write("web.env", "COLOUR=blue\n");
        CliRun plan = run("plan", "@Servicefile");
        assertThat(plan.status()).isEqualTo(3);
        assertThat(plan.out()).contains("COLOUR", "Plan: 0 to add, 1 to change, 0 to remove.");
        write("conf/more.conf", "user www\n");
        assertThat(run("plan", "@Servicefile").out()).contains("/etc/site/more.conf");
        assertThat(run("deploy", "@Servicefile").status()).isZero();
        assertThat(state("shop").services().get("web").version()).isEqualTo(2);
    }

    @Test
    void faultsHaveTheirPlaceAndNothingIsDeployed() {
        write("Servicefile", SHOP.replace("scale: 2", "scales: 2"));
        CliRun run = run("deploy", "@Servicefile");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(files + "/Servicefile:6:3: ", "scales", "did you mean");
        assertThat(exists("shop")).isFalse();
        environment.remove("TAG");
        write("Servicefile", SHOP);
        assertThat(run("deploy", "@Servicefile").err()).contains("the macro %%TAG%% is not defined");
    }

    @Test
    void aReleaseThatFailsSaysWhy() {
        site.engine.world().image("web:1", Behaviour.neverHealthy().logging("cannot open the database"), 80);
        CliRun run = run("deploy", "@Servicefile");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("cannot open the database");
        assertThat(run.out() + run.err()).doesNotContain("tell-nobody");
    }

    @Test
    void aSavedPlanIsDeployedWhileItHolds() throws IOException {
        Path saved = folder.resolve("saved.json");
        CliRun plan = run("plan", "@Servicefile", "-o", saved.toString());
        assertThat(plan.status()).isEqualTo(3);
        assertThat(Files.readString(saved))
                .contains("\"format\"", files + "/Servicefile")
                .doesNotContain("tell-nobody");
        assertThat(run("deploy", "--plan", saved.toString()).status()).isZero();
        assertThat(exists("shop")).isTrue();
        CliRun stale = run("deploy", "--plan", saved.toString());
        assertThat(stale.status()).as(stale.err()).isNotZero();
        assertThat(stale.err()).contains("stale");
    }

    @Test
    void aFileOfSeveralDeploysThemAllAndRemovesWhatItNoLongerNames() {
        assertThat(run("deploy", "@parts").status()).isZero();
        assertThat(exists("one") && exists("two")).isTrue();
        assertThat(run("deploy", "@parts").out()).isEqualTo("No changes.\n");
        write("parts/Servicefile", PARTS.replace("two", "three"));
        CliRun plan = run("plan", "@parts");
        assertThat(plan.out()).contains("three", "- ", "two");
        assertThat(run("deploy", "@parts").status()).isZero();
        assertThat(exists("two")).isFalse();
        assertThat(exists("three")).isTrue();
    }

    @Test
    void oneThatFailsDoesNotHoldTheOthersAndKeepsWhatIsNoLongerNamed() {
        assertThat(run("deploy", "@parts").status()).isZero();
        site.engine.world().image("web:2", Behaviour.neverHealthy(), 80);
        write(
                "parts/Servicefile",
                "Deployments:\n  one: {template: t/app.Servicefile, with: {tag: \"2\"}}\n"
                        + "  three: {template: t/app.Servicefile}\n");
        CliRun run = run("deploy", "@parts");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("portolan: ", "one");
        assertThat(exists("three")).isTrue();
        assertThat(exists("two")).isTrue();
    }

    @Test
    void whatNeedsConsentIsAskedFor() {
        write("parts/Servicefile", PARTS + "  three: {template: t/app.Servicefile}\n");
        assertThat(run("deploy", "@parts").status()).isZero();
        write("parts/Servicefile", "Deployments:\n  one: {template: t/app.Servicefile}\n");
        CliRun unasked = run("deploy", "@parts");
        assertThat(unasked.status()).isEqualTo(1);
        assertThat(unasked.err()).contains("refused without consent", "--yes");
        CliRun no = run(parts, "n\n", "io", "deploy", "@parts");
        assertThat(no.status()).isEqualTo(1);
        assertThat(no.out()).contains("Continue? [y/N] ");
        assertThat(exists("two") && exists("three")).isTrue();
        CliRun yes = run(parts, "y\n", "io", "deploy", "@parts");
        assertThat(yes.status()).as(yes.err()).isZero();
        assertThat(exists("two") || exists("three")).isFalse();

        write("elsewhere/Servicefile", "Name: one\nweb: {image: \"web:1\", port: 80, health: {http: /up}}\n");
        CliRun hook = run("deploy", "--automatic", "@elsewhere", "--yes");
        assertThat(hook.status()).isEqualTo(1);
        assertThat(hook.err()).contains(files + "/parts/Servicefile");
        assertThat(state("one").owner().location()).isEqualTo(files + "/parts/Servicefile");
        assertThat(run("deploy", "@elsewhere").status()).isZero();
        assertThat(state("one").owner().location()).isEqualTo(files + "/elsewhere/Servicefile");
    }

    @Test
    void parametersNamesAndFormatsAreTaken() {
        CliRun named = run("deploy", "-D", "blog", "@parts/t/app.Servicefile", "--set", "tag=2");
        assertThat(named.status()).as(named.err()).isZero();
        assertThat(definition("blog", "web").get("image")).isEqualTo("web:2");
        CliRun markdown = run("plan", "@parts", "--format", "markdown");
        assertThat(markdown.out()).startsWith("<!-- portolan-plan").contains("**one**");
        assertThat(run("--json", "plan", "@parts").out())
                .contains("\"type\":\"plan\"", "\"deployment\":\"one\"", "\"fingerprint\"");
        assertThat(run("plan", "@parts", "-v").out()).contains("Longest waits:");
    }

    /** The parts whose containers are tried. */
    SiteParts tried() {
        return parts;
    }

    @Test
    void aFirstDeployTellsThatContainersDoNotReachTheMesh() {
        tried().reach = new ReachProbe.Trial(ReachProbe.Reach.BLOCKED, "in its network");
        CliRun first = run("deploy", "@Servicefile");
        assertThat(first.status()).isZero();
        assertThat(first.err()).contains("warning: containers cannot reach the mesh at ", "Allow it: ");
        write("web.env", "COLOUR=blue\n");
        assertThat(run("deploy", "@Servicefile").err()).isEmpty();
    }

    @Test
    void driftIsShown() {
        run("deploy", "@Servicefile");
        assertThat(run("diff").out()).isEqualTo("No changes.\n");
        site.engine.remove(site.engine.observe().containers().getFirst().id(), true);
        CliRun diff = run("diff", "-v");
        assertThat(diff.status()).isEqualTo(3);
        assertThat(diff.out()).contains("1 of 1 instance is missing", "web  version 1, 2 instances, unchanged");
    }
}
