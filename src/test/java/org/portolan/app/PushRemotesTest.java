package org.portolan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.Configurations;
import org.portolan.install.RepositoryRemotes.AddedRemote;
import org.portolan.model.Failure;
import org.portolan.source.git.GitProgram;
import org.portolan.testing.TestAuthority;

/** What {@code remote add} writes into a work tree. */
class PushRemotesTest {
    @TempDir
    Path folder;

    private GitProgram work;

    @BeforeEach
    void aWorkTree() {
        work = GitProgram.repository(folder.resolve("shop"));
    }

    private AddedRemote add(Map<String, String> environment, Optional<String> server, boolean http) {
        Path home = folder.resolve("state");
        return PushRemotes.add(
                home, Configurations.read(environment, home), work.folder(), Optional.empty(), server, http);
    }

    private String url() {
        return work.run("remote", "get-url", "deploy");
    }

    @Test
    void byDefaultItLeadsToThisInstallationOverSsh() {
        AddedRemote added = add(Map.of(), Optional.empty(), false);
        assertThat(added.added()).isTrue();
        assertThat(url()).isEqualTo("ssh://git@127.0.0.1:2222/shop.git").isEqualTo(added.url());
        assertThat(added.repository().orElseThrow()).isDirectory();
        assertThat(add(Map.of(), Optional.empty(), false).added()).isFalse();
    }

    @Test
    void overHttpItLeadsToTheApi() {
        AddedRemote added = add(Map.of("PORTOLAN_API_ADDRESS", "0.0.0.0"), Optional.empty(), true);
        assertThat(url()).isEqualTo("http://127.0.0.1:8044/git/shop.git");
        assertThat(added.repository().orElseThrow()).isDirectory();
        work.run("remote", "remove", "deploy");
        Map<String, String> tls = Map.of("PORTOLAN_API_CERT", "/srv/api.pem", "PORTOLAN_API_KEY", "/srv/api.key");
        add(tls, Optional.empty(), true);
        assertThat(url()).isEqualTo("https://127.0.0.1:8044/git/shop.git");
        work.run("remote", "remove", "deploy");
        assertThatThrownBy(() -> add(Map.of("PORTOLAN_API_PORT", "off"), Optional.empty(), true))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("api.port is off");
    }

    @Test
    void withTlsItHasANameThatTheCertificateIsFor() throws IOException {
        TestAuthority authority = new TestAuthority(folder.resolve("ca"));
        assertThat(named(authority.issue(
                        "names", "dns:*.example.org,dns:deploy.example.org,dns:other.example.org", "-1d", 90)))
                .isEqualTo("https://deploy.example.org:8044/git/shop.git");
        assertThat(named(authority.issue("address", "dns:deploy.example.org,ip:127.0.0.1", "-1d", 90)))
                .as("it is for the address")
                .isEqualTo("https://127.0.0.1:8044/git/shop.git");
        assertThat(named(authority.issue("star", "dns:*.example.org", "-1d", 90)))
                .isEqualTo("https://127.0.0.1:8044/git/shop.git");
    }

    private String named(TestAuthority.Issued pair) {
        add(
                Map.of(
                        "PORTOLAN_API_CERT",
                        pair.certificate().toString(),
                        "PORTOLAN_API_KEY",
                        pair.key().toString()),
                Optional.empty(),
                true);
        String url = url();
        work.run("remote", "remove", "deploy");
        return url;
    }

    @Test
    void theDomainAtTheEdgeComesFirst() {
        Map<String, String> domain = Map.of("PORTOLAN_API_DOMAIN", "deploy.example.org", "PORTOLAN_API_PORT", "off");
        add(domain, Optional.empty(), true);
        assertThat(url()).isEqualTo("https://deploy.example.org:8443/git/shop.git");
        work.run("remote", "remove", "deploy");
        add(Map.of("PORTOLAN_API_DOMAIN", "deploy.example.org", "PORTOLAN_EDGE_HTTPS", "443"), Optional.empty(), true);
        assertThat(url()).isEqualTo("https://deploy.example.org/git/shop.git");
    }

    @Test
    void anotherMachineIsNamedByHostOrByTheUrlOfItsApi() {
        add(Map.of(), Optional.of("deploy.example.com:2200"), false);
        assertThat(url()).isEqualTo("ssh://git@deploy.example.com:2200/shop.git");
        for (String slash : new String[] {"", "/"}) {
            work.run("remote", "remove", "deploy");
            assertThat(add(Map.of(), Optional.of("https://deploy.example.com:8044" + slash), false)
                            .repository())
                    .isEmpty();
            assertThat(url()).isEqualTo("https://deploy.example.com:8044/git/shop.git");
        }
        assertThat(Files.exists(folder.resolve("state/repositories"))).isFalse();
    }

    @Test
    void aTokenIsNotWrittenIntoAWorkTree() {
        for (String server : new String[] {"https://ci:ptl_secret@deploy.example.com", "https://ptl_secret@x.org/"}) {
            assertThatThrownBy(() -> add(Map.of(), Optional.of(server), false))
                    .isInstanceOf(Failure.class)
                    .hasMessageNotContaining("ptl_secret");
        }
        for (String server : new String[] {"ftp://x.org", "https://", "https://x.org/?token=ptl_secret"}) {
            assertThatThrownBy(() -> add(Map.of(), Optional.of(server), false))
                    .isInstanceOf(Failure.class)
                    .hasMessageNotContaining("ptl_secret");
        }
        assertThat(work.folder().resolve(".git/config")).content().doesNotContain("deploy", "ptl_secret");
    }
}
