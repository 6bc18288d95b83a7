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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.testing.TestAuthority;

/** The API as a domain of the edge: who asks there is known by the address that the edge saw, whatever they say. */
@Tag("e2e")
class ApiDomainTest extends DeployedShop {
    private static final String SERVED = "the edge serves the API as https://localhost";

    private Path trusted;
    private @Nullable Program controller;

    @BeforeEach
    void certify() throws IOException {
        TestAuthority authority = new TestAuthority(site.folder().resolve("ca"));
        TestAuthority.Issued pair = authority.issue("one");
        trusted = authority.certificate();
        site.environment().put("PORTOLAN_API_DOMAIN", "localhost");
        site.environment().put("PORTOLAN_API_CERT", pair.certificate().toString());
        site.environment().put("PORTOLAN_API_KEY", pair.key().toString());
    }

    @AfterEach
    void end() {
        Program started = controller;
        if (started != null && started.alive()) {
            started.signal("TERM");
            started.end(Duration.ofSeconds(30));
        }
    }

    private Program serve() {
        Program serving = site.start("serve");
        controller = serving;
        return serving;
    }

    private String url() {
        return "https://localhost:" + site.environment().get("PORTOLAN_EDGE_HTTPS");
    }

    private Ran curl(String path, String... words) {
        List<String> command = new ArrayList<>(List.of(
                "curl", "-sS", "-m", "30", "--noproxy", "*", "--cacert", trusted.toString(), "-w", "\n%{http_code}"));
        command.addAll(List.of(words));
        command.add(url() + path);
        return Program.start(site.folder(), site.environment(), command).end();
    }

    private Ran elsewhere(String token, String... command) {
        Map<String, String> environment = new TreeMap<>(site.environment());
        environment.put("PORTOLAN_HOME", site.folder().resolve("elsewhere").toString());
        environment.put("PORTOLAN_URL", url());
        environment.put("PORTOLAN_TOKEN", token);
        environment.put("PORTOLAN_CA_FILE", trusted.toString());
        List<String> words = new ArrayList<>(List.of(TrialSite.launcher().toString()));
        words.addAll(List.of(command));
        return Program.start(site.folder(), environment, words).end();
    }

    private void git(Map<String, String> further, String... words) {
        Map<String, String> environment = new TreeMap<>(site.environment());
        environment.putAll(further);
        List<String> command =
                new ArrayList<>(List.of("git", "-C", "work", "-c", "user.name=Ada", "-c", "user.email=ada@x.org"));
        command.addAll(List.of(words));
        Program.start(site.folder(), environment, command).end().exits(0);
    }

    @Test
    void everythingOfTheApiIsThereWithTheClientsAddress() throws IOException {
        Program serving = serve();
        serving.printed("does not answer as localhost while there is no token");
        String token = site.run("token", "add", "ada", "--scope", "admin")
                .exits(0)
                .out()
                .strip();
        serving.printed(SERVED);
        String bearer = "Authorization: Bearer " + token;

        curl("/v1/deployments", "-H", bearer).prints("\"shop\"", "\n200");
        curl("/v1/deployments").prints("\n401");
        // What a client says of itself, in any spelling and of the edge's own words.
        List<String> forged = new ArrayList<>(List.of("-H", bearer, "--interface", "127.0.0.9", "-X", "POST"));
        for (String name : List.of(
                "X-Forwarded-For",
                "X-Real-IP",
                "X_Real_IP",
                "X-Portolan-Client",
                "X_Portolan_Client",
                "Forwarded",
                "Portolan-Who")) {
            forged.addAll(List.of("-H", name + ": 9.9.9.9"));
        }
        forged.addAll(List.of("-H", "Content-Type: application/json", "-d", "{\"services\": {\"web\": 2}}"));
        assertThat(curl("/v1/deployments/shop/scale", forged.toArray(String[]::new))
                        .out())
                .containsPattern("\n20[02]$");
        site.run("events", "--audit").exits(0).prints("127.0.0.9").printsNot("9.9.9.9");

        String origin = "Origin: " + url();
        curl("/sign-in", "-H", "Origin: https://elsewhere.org", "-d", "token=" + token)
                .prints("from another site");
        curl("/sign-in", "-i", "-H", origin, "-H", "Sec-Fetch-Site: same-origin", "-d", "token=" + token)
                .prints("set-cookie: portolan_session=", "HttpOnly", "SameSite=Strict", "Secure");
        elsewhere(token, "list").exits(0).prints("shop");
        Map<String, String> plain = new TreeMap<>(site.environment());
        plain.put("PORTOLAN_URL", "http://localhost:" + plain.get("PORTOLAN_EDGE_HTTP"));
        plain.put("PORTOLAN_TOKEN", token);
        Program.start(site.folder(), plain, List.of(TrialSite.launcher().toString(), "list"))
                .end()
                .exits(2)
                .prints("answers over TLS only", "has to begin with https://");
        elsewhere(token, "exec", "-D", "shop", "web", "--", "echo", "through the edge")
                .exits(0)
                .prints("through the edge");

        Files.createDirectories(site.folder().resolve("work"));
        site.writeWeb("work", "web:2", "pushed");
        git(Map.of(), "init", "-q", "-b", "main");
        git(Map.of(), "add", ".");
        git(Map.of(), "commit", "-q", "-m", "first");
        site.run("remote", "add", "--http", "work").exits(0).prints(url() + "/git/work.git");
        Path password = site.folder().resolve("askpass");
        Files.writeString(password, "#!/bin/sh\nprintf %s '" + token + "'\n");
        assertThat(password.toFile().setExecutable(true)).isTrue();
        git(
                Map.of("GIT_SSL_CAINFO", trusted.toString(), "GIT_ASKPASS", password.toString()),
                "push",
                "-q",
                "deploy",
                "main");
        assertThat(site.get("work.test").body()).startsWith("pushed v2 ");
    }

    @Test
    void theNameStaysTheControllersWhileNoneLeadsAndGoesWithTheKey() {
        String token = site.run("token", "add", "ada", "--scope", "read")
                .exits(0)
                .out()
                .strip();
        String bearer = "Authorization: Bearer " + token;
        serve().printed(SERVED).signal("KILL");
        // A connection that the kernel had taken for it ends in 502.
        Waiting.until(
                "it is dead", () -> curl("/v1/deployments", "-H", bearer).out().endsWith("\n503"));
        curl("/v1/deployments", "-H", bearer).prints("No controller leads at the moment");
        elsewhere(token, "list").exits(4).prints("no controller leads at the moment");
        // Commands by themselves keep it, and let no deployment have it.
        site.run("deploy", "shop").exits(0).prints("No changes.");
        site.write(
                "other/Servicefile",
                "Name: other\nDomains: {localhost: {http: web}}\nweb: {image: web:1, ports: {http: 8000}}\n");
        site.run("deploy", "other")
                .exits(2)
                .prints(
                        "other/Servicefile:2:29",
                        "domain localhost is the controller's, by api.domain at PORTOLAN_API_DOMAIN");
        curl("/", "-i").prints("retry-after: 5", "\n503");
        Program next = serve();
        Waiting.until(
                "the next one leads",
                () -> curl("/v1/deployments", "-H", bearer).out().endsWith("\n200"));
        next.signal("TERM");
        next.end(Duration.ofSeconds(30));
        curl("/v1/deployments", "-H", bearer).prints("\n503");

        site.environment().remove("PORTOLAN_API_DOMAIN");
        serve().printed("listening on https://127.0.0.1:8044");
        Waiting.until(
                "nothing is there",
                () -> curl("/", "-k").status() != 0 || curl("/", "-k").out().endsWith("\n404"));
        servesUntouched();
    }
}
