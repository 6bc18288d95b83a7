package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.FileArchive;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.sim.SimSite;

/** Every changing command does and says the same through a controller's socket as with this machine's own parts. */
class ChangingThroughControllerTest extends ChangingCommandsTest {
    private final List<SocketParts> open = new ArrayList<>();

    @TempDir
    Path other;

    @Override
    SiteParts parts(Path home, SimSite at) {
        SocketParts through = new SocketParts(home, at);
        open.add(through);
        return through;
    }

    @AfterEach
    void stop() {
        open.forEach(SocketParts::stop);
    }

    /** Two sites that are the same, one command after the other: what the inherited tests do not look at is the same too. */
    @Test
    void eachCommandPrintsTheSame() {
        SimSite same = fullSite(other.resolve("data"));
        for (SimSite each : List.of(site, same)) {
            each.engine.world().image("web:bad", Behaviour.neverHealthy().logging("cannot open"), 80);
        }
        SiteParts direct = new SiteParts(other, same);
        int at = 0;
        for (String line : List.of(
                "-D shop scale web=3",
                "--json -D shop scale web=2",
                "-D shop scale web=2",
                "-D shop scale web=x",
                "-D shop scale nothing=1",
                "--json -D shop scale nothing=1",
                "-D shop stop web",
                "--json -D shop start web",
                "-D shop restart redis",
                "--json -D shop restart web",
                "-D shop rollback",
                "-D shop rollback --to 77",
                "--json -D shop rollback --to 1",
                "-D shop unpin",
                "-D shop abort",
                "--json -D shop pause",
                "-D nothing stop",
                "-D a/b%20c stop",
                "-D shop set-service web {scale:2}",
                "-D shop set-service web {scale:2,env:{A:b}}",
                "--json -D shop set-service web {nothing:2}",
                "-D shop set-service web:1 --override-freeze why",
                "-D shop set-service web {image:web:bad}",
                "--json -D shop set-service web {image:web:bad}",
                "--json suspend shop --reason x",
                "suspend shop",
                "-D shop resume",
                "suspend shopp",
                "suspend --source site",
                "resume --source site",
                "suspend --source fleet:hosts/one/Servicefile",
                "resume --source fleet:hosts/one/Servicefile",
                "approve site",
                "-D shop rollback --plan",
                "--json -D shop rollback --plan",
                "-D shop rollback --plan --to 1",
                "-D shop rollback --plan --to 77",
                "-D bank secret list",
                "--json -D bank secret list",
                "-D bank secret show Pim",
                "-D bank secret rotate Pim",
                "-D bank secret set Pin",
                "-D nothing secret list",
                "volume list",
                "--json volume list",
                "-D nothing volume list",
                "volume remove nothing",
                "--yes volume remove bank-db-rows",
                "volume remove old-db-rows",
                "--yes --json volume remove old-db-rows",
                "create-deployment blog",
                "-D shop scale web=1",
                "--json create-deployment blog",
                "-q -D shop scale web=4 --reason x",
                "-D shop scale web=1 --no-wait --parallel 2",
                "remove blog",
                "--json remove blog",
                "--yes --json remove blog",
                "--yes remove shop")) {
            at++;
            String[] words = line.split(" ", -1);
            CliRun here = direct.run(words);
            CliRun there = parts.run(words);
            // The folders of their data are not the same ones.
            assertThat(there.out().replace(folder.toString(), other.toString()))
                    .as(at + " " + line)
                    .isEqualTo(here.out());
            assertThat(there.err()).as(at + " " + line).isEqualTo(here.err());
            assertThat(there.status()).as(at + " " + line).isEqualTo(here.status());
        }
    }

    /** The file is written here, with the rights of the command. */
    @Test
    void aBackupIsTheSameFile() throws IOException {
        SiteParts direct = new SiteParts(other, site);
        site.engine.put(
                "bank-db-1-1",
                "/",
                List.of(new ContainerFile("/rows/one", 0600, 7, 7, "eins".getBytes(StandardCharsets.UTF_8))));
        Path file = other.resolve("rows.tar");
        for (String line :
                List.of("volume backup bank-db-rows ", "--json volume backup bank-db-rows ", "volume backup no ")) {
            String[] words = (line + file).split(" ", -1);
            CliRun here = direct.run(words);
            byte[] saved = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            Files.deleteIfExists(file);
            CliRun there = parts.run(words);
            assertThat(timeless(there.out())).as(line).isEqualTo(timeless(here.out()));
            assertThat(timeless(there.err())).as(line).isEqualTo(timeless(here.err()));
            assertThat(there.status()).as(line).isEqualTo(here.status());
            assertThat(Files.exists(file) ? Files.readAllBytes(file) : new byte[0])
                    .as(line)
                    .isEqualTo(saved);
            Files.deleteIfExists(file);
        }
        assertThat(parts.run("volume", "backup", "bank-db-rows", other + "/rows.tgz")
                        .out())
                .startsWith("---> Saved bank-db-rows to ");
        CliRun again = parts.run("volume", "backup", "bank-db-rows", other + "/rows.tgz");
        assertThat(again.err()).contains("rows.tgz exists already");
        try (InputStream packed = new GZIPInputStream(Files.newInputStream(other.resolve("rows.tgz")))) {
            assertThat(FileArchive.read(packed, "/", 1000))
                    .singleElement()
                    .satisfies(only -> assertThat(only.content()).asString().isEqualTo("eins"));
        }
        try (var names = Files.list(other)) {
            assertThat(names.filter(name -> name.toString().endsWith(".part"))).isEmpty();
        }
    }

    /** The file that is changed is the controller's. */
    @Test
    void sourcesAndRenderedFilesAreTheSame() throws IOException {
        SiteParts direct = new SiteParts(other, site);
        Path servicefile = Files.writeString(folder.resolve("Servicefile"), """
                Name: shop
                web: {image: "web:1", port: 80, health: {http: /up}}
                """);
        for (String line : List.of(
                "source list",
                "source add https://git.internal/team/shop.git --branch main=production --password env:T --username robot",
                "source add https://git.internal/team/shop.git",
                "source add https://git.internal/a.git --name a.b",
                "source add https://git.internal/a.git --password hunter2",
                "source add /srv/blog.git --key keys/blog --poll 5m",
                "source list",
                "--json source list",
                "source remove none",
                "source remove shop",
                "--json source remove blog",
                "source list",
                "render " + servicefile,
                "render --haproxy " + servicefile,
                "render --nginx --haproxy " + servicefile,
                "--json render --nginx " + servicefile,
                "render --nginx " + servicefile + "x")) {
            CliRun here = direct.run(line.split(" ", -1));
            CliRun there = parts.run(line.split(" ", -1));
            assertThat(timeless(there.out()).replace(folder.toString(), other.toString()))
                    .as(line)
                    .isEqualTo(timeless(here.out()).replace(folder.toString(), other.toString()));
            // Excerpts of files with secrets do not leave the machine.
            assertThat(there.err().replace(folder.toString(), other.toString()).lines())
                    .as(line)
                    .allMatch(here.err().replace(folder.toString(), other.toString())::contains);
            assertThat(there.status()).as(line).isEqualTo(here.status());
        }
        assertThat(Files.readString(folder.resolve("portolan.yaml")))
                .isEqualTo(Files.readString(other.resolve("portolan.yaml")));
    }

    private static String timeless(String printed) {
        return printed.replaceAll("\"at\":\"[^\"]*\"", "\"at\":\"\"");
    }

    @Test
    void eachChangeIsInTheAuditLogInTheNameOfWhoAsked() {
        parts.run("-D", "shop", "scale", "web=3");
        assertThat(open.getFirst().door.audit).singleElement().satisfies(event -> assertThat(event.data())
                .isInstanceOfSatisfying(ChangeRequested.class, asked -> {
                    assertThat(asked.what()).isEqualTo("POST /v1/deployments/shop/scale");
                    assertThat(asked.who()).isEqualTo("alice@desk");
                    assertThat(asked.from()).startsWith("unix socket of ").endsWith("@here");
                }));
    }

    @Test
    void aControllerThatIsNotThereIsSaidToBeUnreachable() {
        open.getFirst().door.stop();
        CliRun run = parts.run("-D", "shop", "scale", "web=3");
        assertThat(run.status()).isEqualTo(4);
        assertThat(run.err()).contains("cannot reach the controller at ");
    }
}
