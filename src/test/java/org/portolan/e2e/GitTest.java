package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.source.git.SshServer;

/** A real {@code git push} to a repository with the hook, and deploys of any revision. */
@Tag("e2e")
class GitTest {
    private static TrialSite site;
    private static Path bare;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
        bare = site.folder().resolve("shop.git");
        git("init", "-q", "--bare", "-b", "main", bare.toString());
        git("init", "-q", "-b", "main", "shop");
        work("remote", "add", "origin", bare.toString());
        site.run("hook", "install", bare.toString()).exits(0).prints("a push to main deploys");
    }

    @AfterAll
    static void close() {
        site.close();
    }

    /** Runs git without anybody's configuration, and none of Portolan's variables: the hook remembers those. */
    private static Ran git(String... arguments) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", site.environment().get("PATH"));
        environment.put("HOME", site.folder().toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            environment.put("GIT_" + role + "_NAME", "Ada Lovelace");
            environment.put("GIT_" + role + "_EMAIL", "ada@example.org");
        }
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        return Program.start(site.folder(), environment, command).end();
    }

    private static Ran work(String... arguments) {
        List<String> all = new ArrayList<>(List.of("-C", "shop"));
        all.addAll(List.of(arguments));
        return git(all.toArray(String[]::new));
    }

    private static String commit(String message) {
        work("add", "-A").exits(0);
        work("commit", "-q", "--allow-empty", "-m", message).exits(0);
        return work("rev-parse", "HEAD").exits(0).out().strip();
    }

    @Test
    void whatAPushTakesFromTheEnvironmentStandsInTheConfiguration() {
        Path repository = site.folder().resolve("env.git");
        git("init", "-q", "--bare", "-b", "main", repository.toString());
        git("init", "-q", "-b", "main", "env");
        site.run("hook", "install", repository.toString())
                .exits(0)
                .prints(
                        "%%NAME%% in the Servicefile does not come from whoever pushes: set it in " + site.home(),
                        "env: {NAME: …}");
        site.writeWeb("env", "\"web:%%TAG%%\"", "\"%%GREETING%%\"");
        git("-C", "env", "add", "-A").exits(0);
        git("-C", "env", "commit", "-q", "-m", "first").exits(0);

        git("-C", "env", "push", repository.toString(), "main")
                .prints(
                        "Servicefile:4:10: the macro %%TAG%% is not defined",
                        "the macro %%GREETING%% is not defined",
                        "in " + site.home() + "/portolan.yaml, sources: {env: {url: \"" + site.folder()
                                + "/env\", env: {TAG: …}}}",
                        "FAILED (exit status 2); the commit is in the repository")
                .printsNot("Released");

        site.write("home/greeting.env", "GREETING=hunter2\n");
        site.write(
                "home/portolan.yaml",
                "sources: {env: {url: " + repository + ", env: {TAG: 1}, env_files: [greeting.env]}}\n");
        git("-C", "env", "commit", "-q", "--allow-empty", "-m", "second").exits(0);
        git("-C", "env", "push", repository.toString(), "main")
                .exits(0)
                .prints("remote: ---> Released env 1")
                .printsNot("hunter2");
        assertThat(site.get("env.test").body()).startsWith("hunter2 v1 ");
        site.run("inspect", "-D", "env", "web").printsNot("hunter2");
        site.run("hook", "install", repository.toString())
                .exits(0)
                .prints("portolan.yaml gives the source env: " + site.home() + "/greeting.env, TAG");
    }

    @Test
    void aPushOverSshFindsItsInstallationAgain() throws IOException {
        Path repository = site.folder().resolve("far.git");
        git("init", "-q", "--bare", "-b", "main", repository.toString());
        git("init", "-q", "-b", "main", "far");
        site.run("hook", "install", repository.toString()).exits(0);
        site.writeWeb("far", "web:1", "over-ssh");
        git("-C", "far", "add", "-A").exits(0);
        git("-C", "far", "commit", "-q", "-m", "first").exits(0);
        Path keys = site.folder().resolve("keys");
        try (SshServer server =
                new SshServer(Files.createDirectory(site.folder().resolve("sshd")))) {
            Path key = server.allow(keys, "id_ed25519", "ed25519", "");
            server.makeKnown(keys);
            String user = System.getProperty("user.name");
            String ssh = "ssh -F none -i " + key + " -o UserKnownHostsFile=" + keys.resolve("known_hosts");

            // What sshd gives a session has nothing of the installation: no PORTOLAN_HOME, no DOCKER_HOST.
            git(
                            "-c",
                            "core.sshCommand=" + ssh,
                            "-C",
                            "far",
                            "push",
                            "ssh://" + user + "@127.0.0.1:" + server.port() + repository,
                            "main")
                    .exits(0)
                    .prints("remote: ---> Released far 1", "main ", ": done");
        }
        assertThat(site.get("far.test").body()).startsWith("over-ssh v1 ");
        site.run("history", "-D", "far").exits(0).prints(", push from 127.0.0.1");
    }

    @Test
    void aPushIsHandedToTheControllerThatLeads() {
        Path repository = site.folder().resolve("led.git");
        git("init", "-q", "--bare", "-b", "main", repository.toString());
        git("init", "-q", "-b", "main", "led");
        site.run("hook", "install", repository.toString()).exits(0);
        site.writeWeb("led", "web:1", "handed-on");
        git("-C", "led", "add", "-A").exits(0);
        git("-C", "led", "commit", "-q", "-m", "first").exits(0);
        Program controller = site.start("serve");
        try {
            controller.printed("Controller leads");
            Waiting.until("it listens", () -> Files.exists(site.home().resolve("api.sock")));
            git("-C", "led", "push", repository.toString(), "main")
                    .exits(0)
                    .prints("remote: ---> Released led 1", "main ", ": done");
            assertThat(site.get("led.test").body()).startsWith("handed-on v1 ");
            site.run("events", "--audit").exits(0).prints("POST /v1/deploys, from unix socket");
            site.run("history", "-D", "led").exits(0).prints(", push");

            controller.signal("STOP");
            site.writeWeb("led", "web:1", "frozen");
            git("-C", "led", "commit", "-q", "-a", "-m", "second").exits(0);
            Ran beside = git("-C", "led", "push", repository.toString(), "main");
            // Its lock ends 15 s after it worked last: on a busy machine while the push waits.
            if (beside.err().contains("Released led 2")) {
                beside.prints("waiting for the controller that leads", "suspended");
            } else {
                beside.prints("a controller leads, and it does not answer on its socket")
                        .prints("NOT DEPLOYED (exit status 4); the commit is in the repository");
            }
        } finally {
            controller.signal("KILL");
            controller.end(Duration.ofSeconds(10));
        }
    }

    @Test
    void aPushDeploysAndThePusherSeesIt() {
        site.writeWeb("shop", "web:1", "pushed");
        String first = commit("first");
        work("tag", "v1").exits(0);
        work("push", "-q", "origin", "main", "v1")
                .exits(0)
                .prints(
                        "remote: ---> New instance id shop-web-1-1",
                        "remote: ---> Released shop 1",
                        first.substring(0, 7));
        assertThat(site.get("shop.test").body()).startsWith("pushed v1 ");
        site.run("history", "-D", "shop").exits(0).prints(first.substring(0, 7));

        site.writeWeb("shop", "web:2", "branch");
        work("checkout", "-q", "-b", "topic").exits(0);
        commit("second");
        work("push", "origin", "topic")
                .exits(0)
                .prints("topic is not deployed: this repository deploys main")
                .printsNot("Released");
        assertThat(site.get("shop.test").body()).startsWith("pushed v1 ");

        work("checkout", "-q", "main").exits(0);
        work("merge", "-q", "topic").exits(0);
        try (Traffic traffic = site.traffic("shop.test")) {
            work("push", "origin", "main").exits(0).prints("remote: ---> Released shop 2");
        }
        assertThat(site.get("shop.test").body()).startsWith("branch v2 ");

        site.write("shop/Servicefile", "Name: shop\nweb:\n  image: web:1\n  prot: 80\n");
        commit("broken");
        work("push", "origin", "main")
                .prints("Servicefile:4:3: ", "prot", "port")
                .printsNot("Released");

        site.writeWeb("shop", "exits:1", "fails");
        commit("fails");
        work("push", "origin", "main").prints("cannot open the database", "rolled back to release 2");
        assertThat(site.get("shop.test").body()).startsWith("branch v2 ");

        site.run("deploy", "--git", "file://" + bare, "--ref", "v1").exits(0);
        assertThat(site.get("shop.test").body()).startsWith("pushed v1 ");
        site.run("deploy", "--git", "file://" + bare, "--ref", "v1").exits(0).printsExactly("No changes.\n");
        site.run("deploy", "--git", "file://" + bare, "--ref", "nothing").prints("nothing");
    }
}
