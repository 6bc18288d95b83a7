package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The controller beside real containers: what is changed by hand, killed controllers, and a real repository. */
@Tag("e2e")
class ServeTest extends DeployedShop {
    private final Controllers controllers = new Controllers();

    @AfterEach
    void end() {
        controllers.close();
    }

    private Program serve() {
        return controllers.serve(site);
    }

    private void runs(int count) {
        Waiting.until(count + " instances run", () -> site.running("shop").size() == count);
    }

    @Test
    void whatIsChangedByHandIsRepairedAndWhatPortolanStoppedHolds() {
        Program controller = serve().printed("Controller leads");
        site.engine().docker("rm", "-f", "shop-web-1-1");
        runs(1);
        Waiting.until("it serves", () -> site.get("shop.test").status() == 200);
        controller.printed("Released");

        site.engine().docker("stop", "-t", "1", site.running("shop").getFirst());
        Waiting.until("it was seen", () -> site.running("shop").isEmpty());
        runs(1);
        Waiting.until("it serves", () -> site.get("shop.test").status() == 200);

        site.run("-D", "shop", "scale", "web=2").exits(0);
        site.run("-D", "shop", "stop", "web").exits(0);
        Waiting.millis(4000);
        assertThat(site.running("shop")).isEmpty();
        site.run("status").exits(0).prints("controller  ", "stopped");
        site.run("-D", "shop", "start", "web").exits(0);
        assertThat(site.running("shop")).hasSize(2);
        site.run("diff").exits(0).prints("No changes.");

        controller.signal("TERM");
        controller.end(Duration.ofSeconds(30)).exits(0).prints("Controller no longer leads: it was stopped");
        site.engine().docker("rm", "-f", site.running("shop").getFirst());
        site.run("diff").exits(3).prints("1 of 2 instances is missing");
        serve();
        runs(2);
    }

    @Test
    void ofTwoTheSecondActsOnceTheFirstIsKilledOrFrozen() {
        Program first = serve().printed("Controller leads");
        Program second = serve().printed("Controller stands by");
        first.signal("KILL");
        second.printed("Controller leads");
        site.engine().docker("rm", "-f", "shop-web-1-1");
        runs(1);

        Program third = serve().printed("Controller stands by");
        second.signal("STOP");
        third.printed("Controller leads");
        site.engine().docker("rm", "-f", site.running("shop").getFirst());
        runs(1);
        third.printed("Released");
        List<String> healed = site.containers("shop");
        second.signal("CONT");
        second.printed("lock in the store was lost").printed("stands by");
        assertThat(site.containers("shop")).isEqualTo(healed);
        third.signal("TERM");
        third.end(Duration.ofSeconds(30)).exits(0);
    }

    /** Without {@code PORTOLAN_URL}: the socket of this state directory is found by itself. */
    @Test
    void commandsGoThroughTheControllerThatRunsHereAndNeverBesideOne() {
        Program controller = serve().printed("Controller leads").printed("listening on ");
        site.run("-D", "shop", "scale", "web=2").exits(0).prints("Released");
        assertThat(site.running("shop")).hasSize(2);
        site.run("-D", "shop", "scale", "web=2").exits(0).prints("No changes.");
        site.run("events", "--audit").exits(0).prints("POST /v1/deployments/shop/scale, from unix socket");
        site.run("history").exits(0).prints("scale");

        controller.signal("STOP");
        Ran beside = site.run("-D", "shop", "scale", "web=1");
        if (beside.status() == 0) {
            // The machine is so busy that the lock of who is suspended ended while this waited.
            beside.prints("waiting for the controller that leads", "suspended");
        } else {
            beside.exits(4)
                    .prints("a controller leads, and it does not answer on its socket: ", "suspended", "kill -9");
            site.run("list").exits(0).prints("shop");
            assertThat(site.running("shop")).hasSize(2);
        }
        Waiting.until(
                "its lock has ended",
                () -> site.run("-D", "shop", "scale", "web=1").status() == 0);
        assertThat(site.running("shop")).hasSize(1);
        controller.signal("CONT");
        controller.printed("lock in the store was lost").printed("Controller leads");
        Waiting.until(
                "it is asked again",
                () -> site.run("-D", "shop", "scale", "web=2").status() == 0);
        assertThat(site.run("events", "--audit").out()).containsPattern("(?s)/scale.*/scale.*/scale");
    }

    @Test
    void aPushIsDeployedByAPollAndAHostThatIsAwayChangesNothing() throws IOException {
        GitOrigin origin = new GitOrigin(site, "blog");
        Path bare = origin.bare();
        origin.push("web:1", "one");
        Program controller = serve().printed("Controller leads");
        site.run("source", "add", bare.toString(), "--ref", "main", "--poll", "2s")
                .exits(0)
                .prints("Added source blog", "the controller follows it within seconds");
        controller.printed("Source blog is at commit").printed("Released");
        Waiting.until("it serves", () -> site.get("blog.test").body().startsWith("one v1 "));

        origin.push("web:2", "two");
        Waiting.until("the push is deployed", () -> site.get("blog.test").body().startsWith("two v2 "));

        Path away = site.folder().resolve("away.git");
        Files.move(bare, away);
        controller.printed("source blog is failing: ");
        Waiting.until(
                "the next attempt is known", () -> site.run("status").out().contains("next attempt"));
        site.run("status").exits(0).prints("source blog  commit ", "failing since", "next attempt");
        assertThat(site.get("blog.test").body()).startsWith("two v2 ");
        Files.move(away, bare);
        controller.printed("source blog is ok");
        origin.push("web:1", "three");
        Waiting.until(
                "the next push is deployed", () -> site.get("blog.test").body().startsWith("three v1 "));

        Path file = site.home().resolve("portolan.yaml");
        String valid = Files.readString(file);
        Files.writeString(file, valid + "    pol: 5s\n");
        controller.signal("HUP");
        controller.printed("not taken over, what was read before stays in force: ");
        Files.writeString(file, valid + "deploy.parallel: 8\n");
        controller.printed("in force after a restart: deploy.parallel");
        site.run("status").exits(0).prints("configuration ", "drift since", "deploy.parallel");
        Files.writeString(file, valid);
        controller.printed("was read again");
        site.run("source", "remove", "blog").exits(0);
        controller.printed("was read again");
        Waiting.until("it is shown", () -> site.run("status").out().contains("no source follows it"));
        assertThat(site.get("blog.test").body()).startsWith("three v1 ");
    }

    /** Over TCP, as Prometheus does: what is measured is the real engine, store and proxies. */
    @Test
    void aTokenLetsInUntilItIsRemoved() {
        String token = site.run("token", "add", "prometheus", "--scope", "read")
                .exits(0)
                .out()
                .strip();
        serve().printed("Controller leads").printed("listening on http://");
        Waiting.until(
                "the deployment was looked at",
                () -> metrics(token).body().contains("portolan_deployments{condition=\"ok\"} 1.0"));
        assertThat(metrics(token).body())
                .contains(
                        "portolan_leader 1.0",
                        "portolan_instances{state=\"running\"} 1.0",
                        "portolan_engine_call_duration_seconds_count{call=\"observe\"}",
                        "portolan_store_call_duration_seconds_count{call=\"commit\"}",
                        "portolan_proxy_call_duration_seconds_count{call=",
                        "jvm_memory_used_bytes");
        assertThat(metrics("ptl_guessed").statusCode()).isEqualTo(401);
        site.run("token", "remove", "prometheus").exits(0);
        Waiting.millis(1000);
        assertThat(metrics(token).statusCode()).isEqualTo(401);
        site.run("events", "--audit").exits(0).prints("Added token prometheus, scope read", "Removed token prometheus");
    }

    private static HttpResponse<String> metrics(String token) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:8044/metrics"))
                            .header("Authorization", "Bearer " + token)
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
