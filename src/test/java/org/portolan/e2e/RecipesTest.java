package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.testing.PrivateDocker;

/** Recipes of the cookbook, deployed as they are. Small images of busybox have the names of those in the files. */
@Tag("e2e")
class RecipesTest {
    private static final String OBEY = "trap 'exit 0' TERM\n";
    private static final String STAY = "while :; do sleep 0.1; done\n";

    private TrialSite site;

    @BeforeEach
    void open() {
        site = TrialSite.open();
        site.engine()
                .image(
                        "postgres:16",
                        Map.of("/bin/pg_isready", "#!/bin/sh\nnc 127.0.0.1 5432 </dev/null\n"),
                        PrivateDocker.sh(OBEY + "nc -ll -p 5432 -e cat &\n" + STAY),
                        List.of(5432));
        site.engine()
                .image(
                        "nginx:1.27",
                        Map.of("/usr/share/nginx/html/50x.html", "error"),
                        PrivateDocker.sh(OBEY + "httpd -p 80 -h /usr/share/nginx/html\n" + STAY),
                        List.of(80));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void recipe(String name) throws IOException {
        site.write(name + "/Servicefile", Files.readString(Path.of("examples", name, "Servicefile")));
    }

    private String variable(String container, String name) {
        return site.engine()
                .docker("exec", container, "/bin/sh", "-c", "echo $" + name)
                .strip();
    }

    @Test
    void webWorkerAndDatabase() throws Exception {
        for (String version : List.of("1.0", "1.1")) {
            site.engine()
                    .image(
                            "company/notes:" + version,
                            Map.of("/bin/manage", """
                                    #!/bin/sh
                                    nc $POSTGRES_HOST $POSTGRES_PORT </dev/null || exit 1
                                    case $1 in work) trap 'exit 0' TERM; while :; do sleep 0.1; done;; esac
                                    echo "done: $* of %s"
                                    """.formatted(version)),
                            PrivateDocker.sh(OBEY + "mkdir /w; echo ok > /w/up; echo notes " + version
                                    + " > /w/index.html\nhttpd -p 8000 -h /w\n" + STAY),
                            List.of(8000));
        }
        recipe("web-worker-database");
        String first = site.run("deploy", "web-worker-database").exits(0).out();
        assertThat(first.indexOf("job Schema of web version 1 completed"))
                .as(first)
                .isPositive()
                .isLessThan(first.indexOf("New instance id notes-web-1-1"));
        assertThat(site.get("notes.localhost").body()).isEqualTo("notes 1.0");
        String password = variable("notes-postgres-1-1", "POSTGRES_PASSWORD");
        String key = variable("notes-web-1-1", "SECRET_KEY");
        assertThat(password).matches("[A-Za-z0-9]{32}");
        assertThat(key).matches("[0-9a-f]{64}").isEqualTo(variable("notes-worker-1-1", "SECRET_KEY"));
        assertThat(variable("notes-worker-1-1", "DATABASE_URL")).startsWith("postgres://app:" + password + "@");
        site.run("-D", "notes", "history", "1")
                .exits(0)
                .prints("done: migrate of 1.0", "done: createsuperuser --noinput of 1.0", "done: warm-cache of 1.0")
                .printsNot(password, key);
        site.run("deploy", "web-worker-database").exits(0).printsExactly("No changes.\n");

        try (Traffic ignored = site.traffic("notes.localhost")) {
            site.run("deploy", "web-worker-database", "--set", "tag=1.1").exits(0);
        }
        assertThat(site.get("notes.localhost").body()).isEqualTo("notes 1.1");
        assertThat(variable("notes-web-2-1", "SECRET_KEY")).isEqualTo(key);
        site.run("-D", "notes", "history", "2")
                .exits(0)
                .prints("done: migrate of 1.1")
                .printsNot("createsuperuser");
    }

    @Test
    void assetsOfAllVersions() throws Exception {
        for (String version : List.of("1.0", "1.1")) {
            site.engine()
                    .image(
                            "company/shop:" + version,
                            Map.of(
                                    "/bin/python",
                                    "#!/bin/sh\n[ $2 = migrate ] || echo v" + version + " > /srv/static/app-" + version
                                            + ".css\n",
                                    "/bin/gunicorn",
                                    "#!/bin/sh\n" + OBEY + "httpd -p 8000 -h /w\n" + STAY,
                                    "/w/up",
                                    "ok",
                                    "/w/index.html",
                                    "shop " + version),
                            PrivateDocker.sh("exit 1"),
                            List.of(8000));
        }
        recipe("django");
        site.run("deploy", "django").exits(0);
        assertThat(site.get("shop.localhost").body()).isEqualTo("shop 1.0");
        assertThat(site.get("shop.localhost", "/static/app-1.0.css").body()).isEqualTo("v1.0");
        site.run("deploy", "django").exits(0).printsExactly("No changes.\n");
        site.run("deploy", "django", "--set", "tag=1.1").exits(0);
        assertThat(site.get("shop.localhost").body()).isEqualTo("shop 1.1");
        assertThat(site.get("shop.localhost", "/static/app-1.1.css").body()).isEqualTo("v1.1");
        assertThat(site.get("shop.localhost", "/static/app-1.0.css").body())
                .as("pages of the old version")
                .isEqualTo("v1.0");
    }

    @Test
    void aCopiedTemplate() {
        site.run("init", "Servicefile", "-D", "pages", "--from", "static-site", "--domain", "www.test")
                .exits(0)
                .prints("first: put the pages into the folder");
        site.run("deploy").exits(2).prints("pages");
        site.write("pages/index.html", "<h1>Hello</h1>");
        site.run("deploy").exits(0);
        assertThat(site.get("www.test").body()).isEqualTo("<h1>Hello</h1>");
    }
}
