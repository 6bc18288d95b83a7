package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files that are deployed through a real controller, and without it: the same containers, the same owner. */
@Tag("e2e")
class SentFilesTest extends DeployedShop {
    private Program controller;

    @AfterEach
    void end() {
        if (controller != null && controller.alive()) {
            controller.signal("KILL");
            controller.end(Duration.ofSeconds(10));
        }
    }

    private void serve() {
        controller = site.start("serve").printed("Controller leads");
        Waiting.until(
                "it listens", () -> site.home().resolve("api.sock").toFile().exists());
        through();
    }

    private void stop() {
        controller.signal("TERM");
        controller.end(Duration.ofSeconds(60)).exits(0);
        direct();
    }

    private void through() {
        site.environment().put("PORTOLAN_URL", "unix:" + site.home().resolve("api.sock"));
    }

    private void git(String... arguments) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "PATH", site.environment().get("PATH"), "HOME", site.folder().toString(), "GIT_CONFIG_NOSYSTEM", "1"));
        for (String who : List.of("GIT_AUTHOR", "GIT_COMMITTER")) {
            environment.put(who + "_NAME", "Ada");
            environment.put(who + "_EMAIL", "ada@example.org");
        }
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Program.start(site.folder(), environment, command).end().exits(0);
    }

    private void direct() {
        site.environment().remove("PORTOLAN_URL");
    }

    @Test
    void whatIsDeployedThroughAControllerIsTheSameWithoutIt() {
        serve();
        site.run("deploy", "shop").exits(0).prints("No changes.");
        site.run("plan", "shop").exits(0).prints("No changes.");

        site.environment().put("TAG", "1");
        site.writeWeb(
                "blog",
                "web:%%TAG%%",
                "hello",
                "env_files: [blog.env]",
                "files: {/w/conf: conf}",
                "volumes: [\"./data:/data\"]");
        site.write("blog/blog.env", "COLOUR=red\n").write("blog/conf/a/site.txt", "from a folder\n");
        site.write("blog/data/row", "a row\n");
        site.run("plan", "blog").exits(3).prints("+ web");
        site.run("deploy", "blog").exits(0).prints("Released");
        List<String> made = site.containers("blog");
        assertThat(site.get("blog.test").body()).startsWith("hello v1 ");
        assertThat(site.get("blog.test", "/conf/a/site.txt").body()).startsWith("from a folder");
        String container = site.running("blog").getFirst();
        assertThat(site.engine().docker("exec", container, "sh", "-c", "echo $COLOUR; cat /data/row"))
                .contains("red", "a row");
        site.run("plan", "blog").exits(0).prints("No changes.");

        // Commands beside a controller go through it by themselves, so it is stopped after that.
        direct();
        site.run("deploy", "blog").exits(0).prints("No changes.");
        stop();
        site.run("events", "--audit").exits(0).prints("POST /v1/deploys", "unix socket");
        site.run("deploy", "blog").exits(0).prints("No changes.");
        site.run("deploy", "shop").exits(0).prints("No changes.");
        assertThat(site.containers("blog")).isEqualTo(made);
        servesUntouched();
        site.writeWeb("news", "web:1", "one");
        git("init", "-q", "-b", "main", "news");
        git("-C", "news", "add", "-A");
        git("-C", "news", "commit", "-q", "-m", "one");
        git("clone", "-q", "--bare", "news", "news.git");
        site.run("deploy", "--git", "news.git").exits(0).prints("Released");
        serve();
        site.write("blog/blog.env", "COLOUR=blue\n");
        site.environment().put("TAG", "2");
        site.run("deploy", "blog").exits(0).prints("Released");
        assertThat(site.get("blog.test").body()).startsWith("hello v2 ");
        site.writeWeb("blog", "sick:1", "ill");
        site.run("deploy", "blog").exits(1).prints("I feel sick");
        assertThat(site.get("blog.test").body()).startsWith("hello v2 ");

        site.run("deploy", "--git", "news.git").exits(0).prints("No changes.");
        site.run("deploy", "--git", site.folder().resolve("news.git").toString(), "--ref", "main", "--force")
                .exits(0)
                .prints("Released");
        site.run("-D", "news", "inspect")
                .exits(0)
                .prints(site.folder().resolve("news").toString());
        stop();
        through();
        site.run("deploy", "blog").exits(4).prints("cannot reach the controller at ");
    }

    /** The release that it has begun is continued by the next one. */
    @Test
    void aDeployEndsWithItsControllerAndIsContinued() {
        serve();
        site.writeWeb("slow", "late:1", "slow", "health: {http: /up, interval: 500ms, deadline: 20s}");
        Program deploy = site.start("deploy", "slow").printed("slow-web-1-1");
        controller.signal("TERM");
        controller.end(Duration.ofSeconds(60)).exits(0);
        deploy.end(Duration.ofSeconds(60)).exits(4).prints("controller");
        direct();
        controller = site.start("serve").printed("Controller leads");
        Waiting.until("it serves", () -> site.get("slow.test").status() == 200);
        site.run("plan", "slow").exits(0).prints("No changes.");
    }
}
