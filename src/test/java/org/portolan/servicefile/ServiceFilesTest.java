package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceFile;
import org.portolan.model.service.ServiceSpec;

/** What {@code files} of a service means. */
class ServiceFilesTest {
    private static ServiceSpec web(MemoryTree tree, Map<String, String> parameters, Map<String, String> macros) {
        Definition definition = LoadedFile.at(
                        Servicefiles.load(tree, "Servicefile", LoadedFile.options(parameters, macros))
                                .deployments()
                                .getFirst()
                                .services(),
                        "web")
                .definition();
        return ServiceSpec.from("web", definition);
    }

    private static ServiceSpec web(MemoryTree tree) {
        return ServiceSpec.from(
                "web", LoadedFile.at(LoadedFile.one(tree).services(), "web").definition());
    }

    private static String text(ServiceFile file, Map<String, String> known) {
        return new String(file.bytes(known), StandardCharsets.UTF_8);
    }

    @Test
    void aFileOfTheRepositoryIsTakenWithOwnerAndMode() {
        ServiceSpec web =
                web(MemoryTree.of("web: {files: {/etc/a.conf: conf/a.conf, /b: {from: b, mode: 600, user: \"101:7\"},"
                                + " /run.sh: conf/run.sh}}\n")
                        .with("conf/a.conf", "listen {PORT} {{x}} %%Y%%\n")
                        .with("b", "B")
                        .with("conf/run.sh", "#!/bin/sh\n"));
        ServiceFile plain = LoadedFile.at(web.files(), "/etc/a.conf");
        assertThat(text(plain, Map.of("PORT", "80"))).as("no template").isEqualTo("listen {PORT} {{x}} %%Y%%\n");
        assertThat(plain.mode()).isEqualTo(0644);
        assertThat(plain.user()).isZero();
        ServiceFile owned = LoadedFile.at(web.files(), "/b");
        assertThat(List.of(owned.mode(), owned.user(), owned.group())).containsExactly(0600, 101, 7);
        assertThat(LoadedFile.at(web.files(), "/run.sh").mode()).isEqualTo(0755);
    }

    @Test
    void aTemplateGetsParametersMacrosAndInstanceValuesAndKeepsWhatIsEscaped() {
        String file = "Parameters: {size: {default: \"4\"}}\n"
                + "web: {files: {/t: {from: t.conf, template: true}, /c: {content: \"n={{size}} {PORT}\"}}}\n";
        ServiceSpec web = web(
                MemoryTree.of(file)
                        .with(
                                "t.conf",
                                "size {{size}}\nhome %%HOME%%\nport {PORT} of {INSTANCE}\n\\{{size}} \\{PORT}\n"),
                Map.of("size", "9"),
                Map.of("HOME", "/srv"));
        assertThat(text(LoadedFile.at(web.files(), "/t"), Map.of("PORT", "80", "INSTANCE", "shop-web-1-2")))
                .isEqualTo("size 9\nhome /srv\nport 80 of shop-web-1-2\n{{size}} {PORT}\n");
        assertThat(text(LoadedFile.at(web.files(), "/c"), Map.of("PORT", "80")))
                .as("a value of the file, but no template")
                .isEqualTo("n=9 {PORT}");
    }

    @Test
    void aFolderIsAllOfItsFilesAndAFileByItselfStandsForTheFoldersOwn() {
        ServiceSpec web = web(MemoryTree.of("web: {files: {/www: site, /www/up: {content: yes}}}\n")
                .with("site/index.html", "hello")
                .with("site/css/main.css", "body {}")
                .with("site/up", "no")
                .withBytes("site/logo.png", new byte[] {(byte) 0x89, 'P', 0, 1}));
        assertThat(web.files().keySet())
                .containsExactly("/www/css/main.css", "/www/index.html", "/www/logo.png", "/www/up");
        assertThat(text(LoadedFile.at(web.files(), "/www/up"), Map.of())).isEqualTo("yes");
        assertThat(LoadedFile.at(web.files(), "/www/logo.png").bytes(Map.of())).containsExactly((byte) 0x89, 'P', 0, 1);
    }

    @Test
    void secretsAreWhatIsMarkedPrivateKeysAndWhatASecretIsFilledInto() {
        String file = "Parameters: {db_password: {default: hunter2}}\n"
                + "web: {files: {/marked: {content: abc, secret: true}, /key: key.pem,"
                + " /filled: {from: t, template: true}, /open: {content: abc}}}\n";
        ServiceSpec web = web(
                MemoryTree.of(file)
                        .with("key.pem", "-----BEGIN PRIVATE KEY-----\nabc\n")
                        .with("t", "password={{db_password}}\n"),
                Map.of(),
                Map.of());
        web.files().forEach((path, each) -> assertThat(each.secret()).as(path).isEqualTo(!path.equals("/open")));
    }

    @Test
    void theContentIsAPartOfTheVersionAndAServiceWithoutFilesKeepsItsHash() {
        MemoryTree tree = MemoryTree.of("web: {image: a, files: {/a: a}}\n").with("a", "1");
        String one = LoadedFile.at(LoadedFile.one(tree).services(), "web")
                .definition()
                .hash();
        String two = LoadedFile.at(LoadedFile.one(tree.with("a", "2")).services(), "web")
                .definition()
                .hash();
        assertThat(one).isNotEqualTo(two);
        assertThat(LoadedFile.web("web: {image: a, files: {}}\n").hash())
                .isEqualTo(LoadedFile.web("web: {image: a}\n").hash())
                .isEqualTo(Definition.of(Map.of("image", "a")).hash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{/a: none}|does not exist",
                "{/a: ../b}|is outside",
                "{/a: linked/b}|leads outside",
                "{a: b}|invalid container path",
                "{/a/: b}|invalid container path",
                "{/a/../b: b}|invalid container path",
                "{/a: {mode: \"0644\"}}|has no content",
                "{/a: {from: b, content: c}}|from and content",
                "{/a: {from: b, mode: \"0999\"}}|invalid mode",
                "{/a: {from: b, user: www-data}}|write its number",
                "{/a: b, /a/b: b}|would be below it",
                "{/data/x: b}|in the volume data at /data",
                "{/tmp/x: b}|in tmpfs at /tmp",
                "{/a: b}, read_only: true|needs a folder",
                "{/a: {from: t, template: true}}|t:2:1",
                "{/a: large}|larger than 1 MiB",
                "{/a: half, /b: half}|larger than 1 MiB, the limit",
                "{/a: many}|more than 500 files",
                "{/a: {content: x, reload: HUP}}|expected a map for reload",
                "{/a: {content: x, reload: {}}}|reload has neither signal nor cmd",
                "{/a: {content: x, reload: {signal: HUP, cmd: x}}}|reload has signal and cmd",
                "{/a: {content: x, reload: {signal: HIP}}}|unknown signal",
                "{/a: {content: x, reload: {sig: HUP}}}|unknown key \"sig\" in reload",
                "[a]|expected a map of files"
            })
    void whatCannotBeIsRefused(String files, String says) {
        MemoryTree tree = MemoryTree.of("web: {volumes: {data: /data}, tmpfs: [/tmp], files: " + files + "}\n")
                .with("b", "B")
                .with("t", "fine\n{{unknown}}\n")
                .with("half", "x".repeat(600 * 1024))
                .with("large", "x".repeat(2 * 1024 * 1024));
        for (int i = 0; i < 501; i++) {
            tree.with("many/" + i, "");
        }
        assertThat(LoadedFile.faults(tree, LoadedFile.options())).anyMatch(fault -> fault.contains(says));
    }

    @Test
    void theContentOfAFileThatInstancesReloadIsNoPartOfTheVersionAndAllElseOfItIs() {
        String one = "web: {image: a, files: {/a: {content: one, reload: {signal: SIGHUP}}}}\n";
        Definition first = LoadedFile.web(one);
        assertThat(LoadedFile.web(one.replace("one", "two")).hash()).isEqualTo(first.hash());
        assertThat(LoadedFile.web(one.replace("{signal: SIGHUP}", "{cmd: web reload, deadline: 5s}"))
                        .hash())
                .isEqualTo(first.hash());
        assertThat(LoadedFile.web(one.replace("content: one", "content: one, secret: true"))
                        .hash())
                .isEqualTo(first.hash());
        assertThat(LoadedFile.web(one.replace(", reload: {signal: SIGHUP}", "")).hash())
                .isNotEqualTo(first.hash());
        assertThat(LoadedFile.web(one.replace("content: one", "content: one, mode: \"600\""))
                        .hash())
                .isNotEqualTo(first.hash());
        ServiceFile file = LoadedFile.at(ServiceSpec.from("web", first).files(), "/a");
        assertThat(file.reload().orElseThrow().words()).containsExactly("/bin/sh", "-c", "kill -HUP 1");
        ServiceSpec command =
                ServiceSpec.from("web", LoadedFile.web(one.replace("signal: SIGHUP", "cmd: web reload, deadline: 5s")));
        assertThat(LoadedFile.at(command.files(), "/a").reload().orElseThrow())
                .isEqualTo(new ServiceFile.Reload(
                        Optional.empty(), List.of("/bin/sh", "-c", "web reload"), Duration.ofSeconds(5)));
    }

    @Test
    void aReadOnlyServiceHasItsFilesInVolumesOfTheirOwn() {
        ServiceSpec web =
                web(MemoryTree.of("web: {read_only: true, files: {/etc/web/a: a, /etc/web/conf.d/b: a, /opt/c: a}}\n")
                        .with("a", "A"));
        assertThat(web.fileVolumes()).containsExactly("/etc/web", "/opt");
        assertThat(web.withImageVolumes(List.of("/opt")).fileVolumes()).containsExactly("/etc/web");
        assertThat(web.exclusive()).as("no data is written").isFalse();
    }
}
