package org.portolan.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;

/** Notifications, and what a source says of its Git host. */
class NotificationSettingsTest {
    @TempDir
    Path home;

    private Configuration read(String file) throws IOException {
        Files.writeString(home.resolve("portolan.yaml"), file);
        return Configurations.read(Map.of(), home);
    }

    private void refused(String file, String message) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .extracting(Problem::message)
                        .anySatisfy(text -> assertThat(text).contains(message)))
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aTargetIsReadWithItsDefaults() throws IOException {
        List<NotificationSettings> all = read("""
                notifications:
                  team: {url: "env:TEAM_URL", events: [failed, rolled-back], deployments: "shop-*", format: slack}
                  ops:
                    url: https://ops.internal/hook
                    secret: file:ops.secret
                """).notifications();
        NotificationSettings team = all.getFirst();
        assertThat(team.events()).containsExactlyInAnyOrder("failed", "rolled-back");
        assertThat(team.deployments()).containsExactly("shop-*");
        assertThat(team.format()).isEqualTo(NotificationSettings.Format.SLACK);
        assertThat(team.address().read(Map.of("TEAM_URL", "https://chat/hunter2")))
                .isEqualTo("https://chat/hunter2");
        NotificationSettings ops = all.get(1);
        assertThat(ops.events()).hasSize(6);
        assertThat(ops.format()).isEqualTo(NotificationSettings.Format.JSON);
        Files.writeString(home.resolve("ops.secret"), "  s3cr3t\n");
        assertThat(ops.secret().orElseThrow().read(Map.of())).isEqualTo("s3cr3t");
        assertThat(ops.toString()).doesNotContain("ops.internal");
    }

    @Test
    void whatIsWrongIsSaidWithoutSecrets() {
        refused("notifications: {team: {events: failed}}\n", "has no url");
        refused("notifications: {team: {url: \"env:A\", events: [faild]}}\n", "unknown event 'faild'");
        refused("notifications: {team: {url: \"env:A\", secret: hunter2}}\n", "should be env:NAME or file:PATH");
        refused("notifications: {team: {url: hunter2}}\n", "should be an http:// or https:// address");
        refused("notifications: {team: {url: \"env:A\", format: mustache}}\n", "mustache and template need each other");
        refused("notifications: {team: {url: \"env:A\", template: x}}\n", "mustache and template need each other");
        refused("notifications: {team: {url: \"env:A\", colour: red}}\n", "unknown key 'notifications.team.colour'");
        refused("notifications: [a]\n", "should be a map");
    }

    @Test
    void aMissingSecretIsSaidWithItsPlace() throws IOException {
        NotificationSettings team = read("notifications: {team: {url: \"env:A\", secret: \"file:gone\"}}\n")
                .notifications()
                .getFirst();
        assertThatThrownBy(() -> team.address().read(Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the environment variable A is not set")
                .hasMessageContaining("notifications.team.url");
        assertThatThrownBy(() -> team.secret().orElseThrow().read(Map.of())).hasMessageContaining("gone");
    }

    @ParameterizedTest
    @CsvSource({
        "git@github.com:acme/shop.git, '', GITHUB, https://api.github.com, acme/shop",
        "https://github.com/acme/shop, '', GITHUB, https://api.github.com, acme/shop",
        "ssh://git@gitlab.com/acme/group/shop.git, '', GITLAB, https://gitlab.com/api/v4, acme/group/shop",
        "ssh://git@git.internal:2222/acme/shop.git, gitea, GITEA, https://git.internal/api/v1, acme/shop",
        "https://me:hunter2@git.internal/acme/shop.git, github, GITHUB, https://git.internal/api/v3, acme/shop"
    })
    void theApiFollowsFromTheAddress(
            String url, String kind, GitHostSettings.ApiKind found, String api, String repository) throws IOException {
        String file = "sources: {shop: {url: \"" + url + "\", status: {token: \"env:T\""
                + (kind.isEmpty() ? "" : ", kind: " + kind) + "}}}\n";
        GitHostSettings.Status status =
                read(file).sources().getFirst().host().status().orElseThrow();
        assertThat(status.kind()).isEqualTo(found);
        assertThat(status.api()).isEqualTo(api);
        assertThat(status.repository()).isEqualTo(repository);
    }

    @Test
    void aTokenIsNotSentInTheClear() throws IOException {
        String before =
                "sources: {shop: {url: \"git@git.internal:acme/shop\", status: {token: \"env:T\", kind: gitea, ";
        refused(before + "api: \"http://git.internal/api/v1\"}}}\n", "should be an https:// address");
        refused(before + "api: \"https://user@git.internal/api/v1\"}}}\n", "should be an https:// address");
        assertThat(read(before + "api: \"http://127.0.0.1:3000/api/v1/\"}}}\n")
                        .sources()
                        .getFirst()
                        .host()
                        .status()
                        .orElseThrow()
                        .api())
                .isEqualTo("http://127.0.0.1:3000/api/v1");
        refused(
                "sources: {shop: {url: \"git@git.internal:acme/shop\", status: {token: \"env:T\"}}}\n",
                "the kind of Git host is not known");
        refused("sources: {shop: {url: \"git@github.com:a/b\", status: {kind: github}}}\n", "status needs a token");
        refused(
                "sources: {shop: {url: \"git@github.com:a/b\", status: {token: hunter2}}}\n",
                "should say where the secret is");
    }

    @Test
    void aWebhookHasOneSecretOrTwo() throws IOException {
        String before = "sources: {shop: {url: \"/srv/shop\", ref: main, webhook: {secret: ";
        assertThat(read(before + "[\"env:A\", \"env:B\"]}}}\n")
                        .sources()
                        .getFirst()
                        .host()
                        .webhookSecrets())
                .extracting(SecretReference::variable)
                .containsExactly("A", "B");
        refused(before + "[\"env:A\", \"env:B\", \"env:C\"]}}}\n", "should be one secret, or two");
        refused(before + "hunter2}}}\n", "should say where the secret is");
        refused("sources: {shop: {url: \"/srv/shop\", webhook: {sekret: \"env:A\"}}}\n", "unknown key");
    }

    @Test
    void eachBranchOfASourceIsFollowedUnderItsName() throws IOException {
        List<SourceSettings> sources = read("""
                sources:
                  site: {url: /srv/site, branches: {main: production, staging: staging}}
                  shop: {url: /srv/shop, ref: main}
                  wiki: {url: /srv/wiki}
                """).sources();
        assertThat(sources.get(0).followed())
                .isEqualTo(Map.of("site@main", Optional.of("main"), "site@staging", Optional.of("staging")));
        assertThat(sources.get(1).followed()).isEqualTo(Map.of("shop", Optional.of("main")));
        assertThat(sources.get(2).followed()).isEmpty();
    }
}
