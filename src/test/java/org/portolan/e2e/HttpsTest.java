package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deploys from a Git server over HTTPS with a private certificate and a password, which shows nowhere. */
@Tag("e2e")
class HttpsTest {
    private static final String PASSWORD = "hunter2%2Fx";
    private static final String PLAIN = "hunter2/x";

    private TrialSite site;
    private HttpsGitServer server;

    @BeforeEach
    void open() throws Exception {
        site = TrialSite.open();
        Path repositories = site.folder().resolve("git");
        site.writeWeb("shop", "web:1", "pulled");
        git(
                "init",
                "-q",
                "--bare",
                "-b",
                "main",
                repositories.resolve("shop.git").toString());
        git("init", "-q", "-b", "main", "shop");
        git("-C", "shop", "add", "-A");
        git("-C", "shop", "commit", "-q", "-m", "first");
        git("-C", "shop", "push", "-q", repositories.resolve("shop.git").toString(), "main");
        server = new HttpsGitServer(Files.createDirectory(site.folder().resolve("tls")), repositories, "ada", PLAIN);
    }

    @AfterEach
    void close() {
        server.close();
        site.close();
    }

    private void git(String... arguments) {
        List<String> command =
                new java.util.ArrayList<>(List.of("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org"));
        command.addAll(List.of(arguments));
        Program.start(
                        site.folder(),
                        Map.of("PATH", "/usr/bin:/bin", "HOME", site.folder().toString()),
                        command)
                .end()
                .exits(0);
    }

    private String url(String credentials) {
        return "https://" + credentials + "127.0.0.1:" + server.port() + "/shop.git";
    }

    private Ran trusting(String... arguments) {
        return site.startWith("PORTOLAN_JAVA_OPTS", server.trust(), arguments)
                .end()
                .printsNot("hunter2");
    }

    @Test
    void aPrivateRepositoryIsDeployedAndThePasswordShowsNowhere() throws IOException {
        String withPassword = url("ada:" + PASSWORD + "@");

        site.run("validate", "--git", withPassword)
                .exits(4)
                .prints(
                        "certificate is not trusted",
                        TrialSite.isPackage()
                                ? "or set SSL_CERT_FILE"
                                : "PORTOLAN_JAVA_OPTS=-Djavax.net.ssl.trustStore=")
                .printsNot("hunter2");
        if (TrialSite.isPackage()) {
            site.startWith("SSL_CERT_FILE", server.certificate().toString(), "validate", "--git", withPassword)
                    .end()
                    .exits(0)
                    .printsNot("hunter2");
        }
        trusting("validate", "--git", url("")).exits(4).prints("rejected the login", "~/.netrc");
        trusting("validate", "--debug", "--git", url("ada:hunter2wrong@"))
                .exits(4)
                .prints("rejected the login");

        trusting("deploy", "--git", withPassword).exits(0).prints("---> Released shop 1");
        assertThat(site.get("shop.test").body()).startsWith("pulled v1 ");
        trusting("history", "-D", "shop", "1").prints(url("").replace(".git", "") + ":Servicefile");
        trusting("inspect", "-D", "shop");
        trusting("events", "-D", "shop");
        trusting("plan", "--git", withPassword, "-o", "shop.plan", "--force").exits(3);

        site.write(".netrc", "machine 127.0.0.1 login ada password " + PLAIN + "\n");
        trusting("deploy", "--git", url("")).exits(0).printsExactly("No changes.\n");
        Files.delete(site.folder().resolve(".netrc"));

        assertThat(site.engine().docker("inspect", "shop-web-1-1")).doesNotContain("hunter2");
        assertThat(site.read("shop.plan")).doesNotContain("hunter2");
        try (var files = Files.walk(site.home())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("hunter2");
            }
        }
    }
}
