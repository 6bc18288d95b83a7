package org.portolan.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.testing.TestAuthority;

/** The API for those who are elsewhere, over TLS. */
@Tag("e2e")
class ApiElsewhereTest extends DeployedShop {
    private @Nullable Program controller;

    @AfterEach
    void end() {
        Program started = controller;
        if (started != null && started.alive()) {
            started.signal("TERM");
            started.end(Duration.ofSeconds(30));
        }
    }

    private Ran elsewhere(String url, String token, Map<String, String> further, String command) {
        Map<String, String> environment = new TreeMap<>(site.environment());
        environment.put("PORTOLAN_HOME", site.folder().resolve("elsewhere").toString());
        environment.put("PORTOLAN_URL", url);
        environment.put("PORTOLAN_TOKEN", token);
        environment.putAll(further);
        return Program.start(
                        site.folder(), environment, List.of(TrialSite.launcher().toString(), command))
                .end();
    }

    @Test
    void theCommandLineSpeaksTlsToTheControllerAndSeesWhoItIs() throws IOException {
        TestAuthority authority = new TestAuthority(site.folder().resolve("ca"));
        Path certificate = site.folder().resolve("api.pem");
        Path key = site.folder().resolve("api.key");
        put(authority.issue("one"), certificate, key);
        site.environment().put("PORTOLAN_API_CERT", certificate.toString());
        site.environment().put("PORTOLAN_API_KEY", key.toString());
        String token = token();
        Program serving = site.start("serve");
        controller = serving;
        serving.printed("listening on https://127.0.0.1:8044");
        Map<String, String> trust =
                Map.of("PORTOLAN_CA_FILE", authority.certificate().toString());
        elsewhere("https://localhost:8044", token, trust, "list").exits(0).prints("shop");
        elsewhere("https://localhost:8044", token, Map.of(), "list")
                .exits(4)
                .prints("is of an authority that is not trusted here", "PORTOLAN_CA_FILE");
        elsewhere("http://localhost:8044", token, Map.of(), "list").exits(4).prints("https://");
        site.run("doctor").prints("TLS with " + certificate);

        put(authority.issue("two", "dns:deploy.example.org", "-1d", 90), certificate, key);
        serving.printed("shows the new certificate");
        elsewhere("https://localhost:8044", token, trust, "list")
                .exits(4)
                .prints("its certificate is not for localhost, but for deploy.example.org");
    }

    private static void put(TestAuthority.Issued pair, Path certificate, Path key) throws IOException {
        Files.copy(pair.key(), key, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(pair.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    }

    private String token() {
        return site.run("token", "add", "ada", "--scope", "read").exits(0).out().strip();
    }
}
