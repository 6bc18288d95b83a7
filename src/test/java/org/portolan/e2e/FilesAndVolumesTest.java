package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.testing.PrivateDocker;

/** Files of the repository in containers, one volume of two services, its backup and its way back. */
@Tag("e2e")
class FilesAndVolumesTest {
    private TrialSite site;

    @BeforeEach
    void open() {
        site = TrialSite.open();
        site.write("shop/conf/app.conf", "size {{size}} of {INSTANCE}\n");
        site.write("shop/conf/run.sh", "#!/bin/sh\n")
                .folder()
                .resolve("shop/conf/run.sh")
                .toFile()
                .setExecutable(true);
        servicefile("1");
    }

    private void servicefile(String size) {
        site.write("shop/Servicefile", """
                Name: shop
                Parameters: {size: {default: "%s"}}
                Volumes: {shop_data: {}}
                reader:
                  image: idle:1
                  read_only: true
                  volumes: {shop_data: "/data:ro"}
                  files: {/etc/app: conf, /etc/app/app.conf: {from: conf/app.conf, template: true, user: "1000", mode: "0600"}}
                writer:
                  image: idle:1
                  volumes: {shop_data: /data}
                  files: {/key: {content: opensesame-4711, secret: true}}
                  backup: {pre: "echo dump > /data/dump", post: rm /data/dump}
                """.formatted(size));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private String in(String container, String script) {
        return site.engine().docker("exec", container, "/bin/sh", "-c", script);
    }

    /** What the engine has, which other tests may have used before. */
    private List<String> volumes() {
        return site.engine().docker("volume", "ls", "-q").lines().sorted().toList();
    }

    @Test
    void filesAndASharedVolumeAndItsBackup() throws Exception {
        List<String> others = volumes();
        site.run("deploy", "shop").exits(0);
        assertThat(in(
                        "shop-reader-1-1",
                        "cat /etc/app/app.conf; stat -c '%a %u' /etc/app/app.conf; stat -c %a /etc/app/run.sh"))
                .isEqualTo("size 1 of shop-reader-1-1\n600 1000\n755\n");
        assertThat(in("shop-writer-1-1", "cat /key; echo first > /data/file")).isEqualTo("opensesame-4711");
        assertThat(in("shop-reader-1-1", "cat /data/file")).isEqualTo("first\n");
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
        assertThat(site.engine().docker("inspect", "shop-writer-1-1")).doesNotContain("opensesame");

        servicefile("2");
        site.run("plan", "shop").prints("file /etc/app/app.conf: content changed (1 line added, 1 removed)");
        site.run("deploy", "shop").exits(0);
        assertThat(in("shop-reader-2-1", "cat /etc/app/app.conf")).isEqualTo("size 2 of shop-reader-2-1\n");
        assertThat(volumes()).containsAll(others).hasSize(others.size() + 2);

        site.run("volume", "list").prints("shop_shop_data").prints("shop/shop_data");
        site.run("volume", "backup", "shop_shop_data", "data.tgz")
                .exits(0)
                .prints("---> Saved shop_shop_data to data.tgz");
        assertThat(in("shop-writer-1-1", "ls /data; echo second > /data/file; touch /data/new"))
                .isEqualTo("file\n");
        site.run("volume", "restore", "shop_shop_data", "data.tgz", "--yes")
                .exits(1)
                .prints("stop it first");
        site.run("stop", "-D", "shop").exits(0);
        site.run("volume", "restore", "shop_shop_data", "data.tgz", "--yes")
                .exits(0)
                .prints("---> Restored shop_shop_data");
        site.run("start", "-D", "shop").exits(0);
        String writer = site.running("shop").getLast();
        assertThat(in(writer, "cat /data/file; ls /data"))
                .as("with the dump, without what came later")
                .isEqualTo("first\ndump\nfile\n");
        site.run("remove", "shop", "--volumes", "--yes").exits(0);
        assertThat(volumes()).isEqualTo(others);
    }

    /** A volume's data comes from a controller elsewhere and goes back to it, over a port and with a token. */
    @Test
    void aVolumeIsSavedAndRestoredThroughAControllerElsewhere() {
        site.run("deploy", "shop").exits(0);
        String token = site.run("token", "add", "ops", "--scope", "admin")
                .exits(0)
                .out()
                .strip();
        Program serving = site.start("serve");
        serving.printed("listening on http://127.0.0.1:8044");
        in("shop-writer-1-1", "head -c 20000000 /dev/urandom > /data/file; chmod 640 /data/file");
        String sum = in("shop-writer-1-1", "md5sum /data/file");
        elsewhere(token, "volume", "backup", "shop_shop_data", "far.tgz")
                .exits(0)
                .prints("---> Saved shop_shop_data to far.tgz (20.0 MB)");
        in("shop-writer-1-1", "echo lost > /data/file");
        elsewhere(token, "-D", "shop", "stop").exits(0);
        elsewhere(token, "--yes", "volume", "restore", "shop_shop_data", "far.tgz")
                .exits(0)
                .prints("---> Restored shop_shop_data");
        elsewhere(token, "-D", "shop", "start").exits(0);
        String writer = site.running("shop").getLast();
        assertThat(in(writer, "md5sum /data/file; stat -c %a /data/file")).isEqualTo(sum + "640\n");
        assertThat(site.home().resolve("uploads")).isEmptyDirectory();
        elsewhere(token, "events", "--audit").prints("POST /v1/volumes/shop_shop_data/backup");
        elsewhere(
                        token,
                        "source",
                        "add",
                        "https://127.0.0.1:1/far.git",
                        "--sync",
                        "report",
                        "--password",
                        "env:FAR_TOKEN")
                .exits(0)
                .prints("---> Added source far to " + site.home().resolve("portolan.yaml"));
        elsewhere(token, "source", "list").exits(0).prints("far  https://127.0.0.1:1/far  ref HEAD");
        elsewhere(token, "source", "add", "far.git").exits(2).prints("is a path of this machine");
        elsewhere(token, "source", "remove", "far").exits(0).prints("---> Removed source far");
        elsewhere(token, "token", "list").exits(1).prints("does not go through a controller");
        String rendered = site.run("render", "shop", "--haproxy").exits(0).out();
        assertThat(elsewhere(token, "render", "shop", "--haproxy").exits(0).out())
                .isEqualTo(rendered)
                .contains("defaults");
        serving.signal("TERM");
        serving.end(Duration.ofSeconds(30));
        site.run("remove", "shop", "--volumes", "--yes").exits(0);
    }

    private Ran elsewhere(String token, String... command) {
        Map<String, String> environment = new TreeMap<>(site.environment());
        environment.put("PORTOLAN_HOME", site.folder().resolve("elsewhere").toString());
        environment.put("PORTOLAN_URL", "http://127.0.0.1:8044");
        environment.put("PORTOLAN_TOKEN", token);
        List<String> words = new ArrayList<>(List.of(TrialSite.launcher().toString()));
        words.addAll(List.of(command));
        return Program.start(site.folder(), environment, words).end();
    }

    private String loaded() {
        return in("shop-web-1-1", "cat /loaded");
    }

    private void reloading(String content, String reload) {
        site.write("shop/app.conf", content);
        site.write("shop/Servicefile", """
                Name: shop
                web:
                  image: reloading:1
                  files: {/etc/app/app.conf: {from: app.conf, mode: "0600", user: "1000", reload: {%s}}}
                """.formatted(reload));
    }

    @Test
    void aRunningInstanceLoadsAChangedFile() {
        site.engine().image("reloading:1", Map.of(), PrivateDocker.sh("""
                trap 'exit 0' TERM
                trap 'exit 3' USR1
                load() { grep -q exits /etc/app/app.conf && exit 9; cat /etc/app/app.conf > /loaded; }
                trap load HUP
                load
                while :; do sleep 0.1; done
                """), List.of());
        reloading("one\n", "signal: HUP");
        site.run("deploy", "shop").exits(0);
        String container = site.engine().docker("inspect", "-f", "{{.Id}}", "shop-web-1-1");
        assertThat(loaded()).isEqualTo("one\n");
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");

        reloading("two\n", "signal: HUP");
        site.run("plan", "shop")
                .exits(3)
                .prints("~ web  version 1, reload files of 1 instance")
                .prints("file /etc/app/app.conf: content changed (1 line added, 1 removed)")
                .prints("shop-web-1-1: /etc/app/app.conf, then signal HUP");
        site.run("deploy", "shop").exits(0).prints("---> Reloaded shop-web-1-1");
        assertThat(loaded()).isEqualTo("two\n");
        assertThat(in("shop-web-1-1", "stat -c '%a %u' /etc/app/app.conf; ls -A /etc/app"))
                .isEqualTo("600 1000\napp.conf\n");
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");

        reloading("three\n", "cmd: \"grep -q three /etc/app/app.conf && echo three is refused >&2; exit 4\"");
        site.run("deploy", "shop")
                .exits(1)
                .prints("shop-web-1-1: its reload command ended with exit status 4")
                .prints("three is refused");
        assertThat(in("shop-web-1-1", "cat /etc/app/app.conf")).isEqualTo("two\n");
        site.run("rollback", "-D", "shop", "--to", "1").exits(0);
        assertThat(loaded()).isEqualTo("one\n");
        assertThat(site.engine().docker("inspect", "-f", "{{.Id}}", "shop-web-1-1"))
                .isEqualTo(container);

        site.engine().docker("exec", "-d", "shop-web-1-1", "/bin/sh", "-c", "kill -USR1 1");
        Waiting.until("the engine restarts it", () -> site.engine()
                .docker("inspect", "-f", "{{.RestartCount}} {{.State.Status}}", "shop-web-1-1")
                .equals("1 running\n"));
        assertThat(loaded()).isEqualTo("one\n");

        // The engine waits longer before each start of what keeps exiting.
        in("shop-web-1-1", "echo exits > /etc/app/app.conf; kill -USR1 1");
        Waiting.until("the engine waits for 3 s and more", () -> site.engine()
                .docker("inspect", "-f", "{{.RestartCount}} {{.State.Status}}", "shop-web-1-1")
                .equals("6 restarting\n"));
        reloading("four\n", "signal: HUP");
        site.run("deploy", "shop").exits(0).prints("---> Reloaded shop-web-1-1");
        assertThat(loaded()).isEqualTo("four\n");
        assertThat(site.engine().docker("inspect", "-f", "{{.Id}} {{.RestartCount}}", "shop-web-1-1"))
                .isEqualTo(container.strip() + " 0\n");
        site.run("remove", "shop", "--yes").exits(0);
    }

    @Test
    void aUdpPortIsPublishedAtTheSameAddressByEachVersion() {
        String file = """
                Name: echo
                udp:
                  image: idle:1
                  hostname: %s
                  group_add: ["1000"]
                  ports: {echo: 5353/udp}
                  wan_map: {"127.0.0.1:15353/udp": echo}
                """;
        for (String name : new String[] {"first", "second"}) {
            site.write("echo/Servicefile", file.formatted(name));
            site.run("deploy", "echo").exits(0);
            String container = site.running("echo").getFirst();
            assertThat(site.engine().docker("port", container)).isEqualTo("5353/udp -> 127.0.0.1:15353\n");
            assertThat(in(container, "hostname; id -G")).isEqualTo(name + "\n0 1000\n");
        }
        site.run("deploy", "echo").exits(0).printsExactly("No changes.\n");
        site.run("remove", "echo", "--yes").exits(0);
    }

    @Test
    void aRelativeFolderIsMountedFromTheWorkTree() throws Exception {
        site.write("rel/site/index", "one\n");
        site.write("rel/Servicefile", "Name: rel\nweb: {image: idle:1, volumes: {./site: \"/srv:ro\"}}\n");
        site.run("deploy", "rel").exits(0);
        assertThat(in("rel-web-1-1", "cat /srv/index")).isEqualTo("one\n");
        site.write("rel/site/index", "two\n");
        assertThat(in("rel-web-1-1", "cat /srv/index")).isEqualTo("two\n");
        site.run("deploy", "rel").exits(0).printsExactly("No changes.\n");
        site.run("scale", "-D", "rel", "web=2").exits(0);
        assertThat(in("rel-web-1-2", "cat /srv/index")).isEqualTo("two\n");

        java.nio.file.Files.createSymbolicLink(site.folder().resolve("rel/out"), java.nio.file.Path.of("/etc"));
        site.write("rel/Servicefile", "Name: rel\nweb: {image: idle:1, volumes: {./out: \"/srv:ro\"}}\n");
        site.run("deploy", "rel").exits(2).prints("rel/Servicefile:2:").prints("leads outside");
        site.run("remove", "rel", "--yes").exits(0);
    }
}
