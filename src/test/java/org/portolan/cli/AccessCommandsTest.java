package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.access.Access;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.SshKey;
import org.portolan.model.state.SshKeyTest;

/** {@code token}, {@code key} and {@code events --audit}. */
class AccessCommandsTest {
    @TempDir
    Path folder;

    private SimParts parts;

    @BeforeEach
    void emptyStore() {
        parts = new SimParts(folder);
    }

    private Access access() {
        return new Access(parts.store, InstantSource.system());
    }

    @Test
    void aTokenIsPrintedAloneOnceAndStopsWorkingWhenItIsRemoved() {
        assertThat(parts.run("token", "list").err()).isEqualTo("No tokens.\n");
        CliRun added = parts.run("token", "add", "ci", "--scope", "deploy", "-D", "shop,blog", "--expires", "30d");
        assertThat(added.status()).isZero();
        String token = added.out().strip();
        assertThat(added.out()).isEqualTo(token + "\n");
        assertThat(added.err())
                .startsWith("Added token ci: scope deploy for blog, shop, until 2")
                .doesNotContain(token);
        Principal ci = access().check(token).orElseThrow();
        assertThat(ci.may(Scope.DEPLOY, "shop")).isTrue();
        assertThat(ci.may(Scope.DEPLOY, "other")).isFalse();

        CliRun listed = parts.run("token", "list");
        assertThat(listed.out()).contains("ci ", "deploy", "blog,shop").doesNotContain(token);
        assertThat(parts.run("--json", "token", "list").out())
                .contains("\"name\":\"ci\"", "\"deployments\":[\"blog\",\"shop\"]", "\"expires\":\"2")
                .doesNotContain(token);

        assertThat(parts.run("token", "remove", "ci").out()).isEqualTo("---> Removed token ci\n");
        assertThat(access().check(token)).isEmpty();
        assertThat(parts.run("token", "remove", "ci").status()).isEqualTo(2);
    }

    @Test
    void aKeyIsReadFromAFileOrStandardInput() throws IOException {
        Path file = Files.writeString(folder.resolve("id.pub"), SshKeyTest.ED25519 + "\n");
        assertThat(parts.run("key", "add", "laptop", file.toString()).out())
                .isEqualTo(
                        "---> Added key laptop: scope deploy (SHA256:3kXuAxu5yBq++xZIrt0unGu8vbmN9H+n+Llpp7CksSg)\n");
        CliRun piped = CliRun.with(
                SshKeyTest.ECDSA,
                Map.of(),
                "",
                (environment, warnings) -> parts,
                "key",
                "add",
                "desk",
                "--scope",
                "admin");
        assertThat(piped.status()).isZero();
        assertThat(access().key(SshKey.read(SshKeyTest.ECDSA)).orElseThrow().may(Scope.ADMIN))
                .isTrue();
        assertThat(parts.run("key", "list").out())
                .contains("SHA256:3kXuAxu5yBq++xZIrt0unGu8vbmN9H+n+Llpp7CksSg ada@laptop", "desk");
        assertThat(parts.run("token", "list").err()).isEqualTo("No tokens.\n");
        assertThat(parts.run("key", "remove", "laptop").status()).isZero();
        assertThat(access().key(SshKey.read(SshKeyTest.ED25519))).isEmpty();
        assertThat(parts.run("key", "add", "x", folder.resolve("none").toString())
                        .status())
                .isEqualTo(2);
    }

    @Test
    void wrongOptionsAreRefusedBeforeAnythingIsMade() {
        assertThat(parts.run("token", "add", "ci").err()).contains("no --scope given", "read, deploy or admin");
        assertThat(parts.run("token", "add", "ci", "--scope", "root").err())
                .contains("invalid value of --scope: 'root'");
        assertThat(parts.run("token", "add", "ci", "--scope", "read", "--expires", "soon")
                        .err())
                .contains("invalid value of --expires: 'soon'");
        assertThat(parts.run("token", "add", "ci", "--scope", "read", "-D", "shop,")
                        .err())
                .contains("invalid deployment name ''");
        assertThat(parts.run("token", "add", "a b", "--scope", "read").err()).contains("invalid name 'a b'");
        assertThat(parts.store.grants()).isEmpty();
    }

    @Test
    void theAuditLogTellsWhoChangedWhat() {
        parts.run("token", "add", "ci", "--scope", "read");
        parts.run("token", "remove", "ci");
        String log = parts.run("events", "--audit").out();
        assertThat(log.lines())
                .hasSize(2)
                .satisfiesExactly(
                        added -> assertThat(added).contains("Added token ci, scope read, from command line  by "),
                        removed -> assertThat(removed).contains("Removed token ci, from command line  by "));
        assertThat(parts.run("events", "--audit", "-n", "1").out().lines()).hasSize(1);
        assertThat(parts.run("--json", "events", "--audit").out())
                .contains("\"kind\":\"access-granted\"", "\"from\":\"command line\"");
    }
}
