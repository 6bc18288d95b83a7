package org.portolan.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.Failure;

class GitAddressTest {
    private static final Path BASE = Path.of("/nowhere/base");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "https://example.org/team/site.git, https://example.org/team/site",
        "https://example.org/team/site/, https://example.org/team/site",
        "https://example.org/team/site.git/, https://example.org/team/site",
        "https://Example.ORG:443/team//site, https://example.org/team/site",
        "HTTPS://example.org/Team/Site, https://example.org/Team/Site",
        "https://user:pass@example.org/team/site.git, https://example.org/team/site",
        "https://token@example.org/team/site.git, https://example.org/team/site",
        "https://example.org/team/site?access_token=abc, https://example.org/team/site",
        "http://example.org:80/site, http://example.org/site",
        "https://example.org:8443/site, https://example.org:8443/site",
        "git@example.org:team/site.git, ssh://git@example.org/team/site",
        "ssh://git@example.org/team/site.git, ssh://git@example.org/team/site",
        "ssh://git@example.org:22/team/site, ssh://git@example.org/team/site",
        "git+ssh://git@example.org/team/site, ssh://git@example.org/team/site",
        "ssh://git@example.org:2222/team/site, ssh://git@example.org:2222/team/site",
        "example.org:/srv/site.git, ssh://example.org/srv/site",
        "ssh://git:secret@example.org/team/site, ssh://git@example.org/team/site",
        "git://example.org:9418/site, git://example.org/site",
        "/nowhere/site.git, /nowhere/site",
        "file:///nowhere/site.git, /nowhere/site",
        "file://localhost/nowhere/site%20one, /nowhere/site one",
        "../site.git, /nowhere/site",
        "./a:b/site, /nowhere/base/a:b/site",
        "/nowhere/site/.git, /nowhere/site",
    })
    void oneNormalForm(String written, String normal) {
        assertThat(GitAddress.parse(written, BASE).normal()).isEqualTo(normal);
    }

    @Test
    void aLocalPathIsItsRealPath() throws IOException {
        Path real = Files.createDirectory(folder.toRealPath().resolve("real.git"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        assertThat(GitAddress.parse(link.toString(), BASE).normal())
                .isEqualTo(GitAddress.parse("file://" + real, BASE).normal())
                .isEqualTo(folder.toRealPath().resolve("real").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://bob:hunter2@example.org/x.git",
                "https://hunter2@example.org/x.git",
                "https://example.org/x.git?private_token=hunter2",
                "ssh://git:hunter2@example.org/x.git"
            })
    void credentialsAreInNoText(String written) {
        GitAddress address = GitAddress.parse(written, BASE);

        assertThat(address.normal() + address.shown() + address).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "https://",
                "https://example.org",
                "https://example.org/",
                "https://:hunter2@/x",
                "https://bob:hunter2@exa mple/x",
                "ext::sh -c hunter2",
                "s3://hunter2@bucket/x",
                "ssh://-oProxy=x/y",
                "https://example.org:http/x",
                "https://example.org:70000/x",
                "file://host/x",
                "host:"
            })
    void whatIsNoAddressIsRefusedWithoutRepeatingSecrets(String written) {
        assertThatThrownBy(() -> GitAddress.parse(written, BASE)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.hint()).isPresent();
            assertThat(failure.what()).doesNotContain("bob").doesNotContain("bucket");
        });
    }

    @Test
    void credentialsAreDecodedForUse() {
        GitAddress address = GitAddress.parse("https://b%40b:p%3Aw+1@example.org/x", BASE);

        assertThat(address.user()).contains("b@b");
        assertThat(address.password()).contains("p:w+1");
    }

    @Test
    void aForeignAddressIsANameWithoutItsCredentials() {
        Path base = Path.of("/srv/site");
        assertThat(GitAddress.identity("codecommit::eu-west-1://profile@repo", base))
                .isEqualTo("codecommit::eu-west-1://repo");
        assertThat(GitAddress.identity("s3://bucket/site", base)).isEqualTo("s3://bucket/site");
        assertThat(GitAddress.identity("gcrypt://bob:hunter2@host/site", base)).isEqualTo("gcrypt://host/site");
        assertThat(GitAddress.identity(" ", base)).isEqualTo("/srv/site");
        assertThat(GitAddress.identity("https://bob:hunter2@Example.org/site.git", base))
                .isEqualTo("https://example.org/site");
    }
}
