package org.portolan.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Deliveries with every header and field that the hosts send, by deliveries that were recorded in public projects, with other values: what there is
 * besides the few fields that are read must not confuse anybody.
 *
 * <p>The recorded ones themselves were read as well, outside of this repository, 225 (138 of them pushes) of octokit/webhooks, hub4j/github-api, google/go-github,
 * go-playground/webhooks, drone/go-scm, jenkins-x/go-scm, woodpecker-ci/woodpecker, buildbot/buildbot, adnanh/webhook, gitlab4j-api, xanzy/go-gitlab and
 * Jenkins' plugins for Bitbucket, GitLab, Gitea and GitHub. Each shape of them is here: a branch or tag that is new, moved, forced or deleted, several at once, a list
 * that the sender left empty, system hooks, mirrors, forms, and headers of several hosts side by side.
 */
class WholeDeliveriesTest {
    private static final String AFTER = "405906c9d5be6ae5393ca65fb0e7c38e0d585ecb";
    private static final String TAG = "5e9b60f69165f32f8930843ca718e10fdee30c52";
    private static final String TOPIC = "b415e16fbe4ca40f22707a97322b49cb9bc5e487";
    private static final String FORM = "application/x-www-form-urlencoded";

    private static Verdict read(RecordedHook hook) {
        return Webhooks.read(hook.request(), List.of(RecordedHook.SECRET), RecordedHook.SIGNED);
    }

    @ParameterizedTest
    @CsvSource({
        "github-full-push, GITHUB, refs/heads/main, " + AFTER,
        "github-full-form, GITHUB, refs/heads/main, " + AFTER,
        "github-tag, GITHUB, refs/tags/v1.2, " + TAG,
        "github-branch-created, GITHUB, refs/heads/topic/one, " + TOPIC,
        "github-branch-deleted, GITHUB, refs/heads/topic/one, ''",
        "gitlab-full-push, GITLAB, refs/heads/main, " + AFTER,
        "gitlab-system-push, GITLAB, refs/heads/main, " + AFTER,
        "gitlab-tag, GITLAB, refs/tags/v1.2, " + TAG,
        "gitlab-branch-deleted, GITLAB, refs/heads/topic, ''",
        "gitea-full-push, GITEA, refs/heads/main, " + AFTER,
        "gitea-tag, GITEA, refs/tags/v1.2, " + TAG,
        "gitea-form, GITEA, refs/heads/main, " + AFTER,
        "forgejo-full-push, GITEA, refs/heads/main, " + AFTER,
        "forgejo-form, GITEA, refs/heads/main, " + AFTER,
        "gogs-push, GITEA, refs/heads/main, " + AFTER,
        "gitlab-system-update, GITLAB, refs/heads/main refs/tags/v1.2 refs/heads/topic/one, " + AFTER,
        "bitbucket-several, BITBUCKET, refs/heads/main refs/tags/v1.2 refs/heads/topic/one refs/tags/v1.1, " + AFTER,
        "bitbucket-mirror, BITBUCKET, refs/heads/main refs/tags/v1.2, " + AFTER,
        "bitbucket-full-push, BITBUCKET, refs/heads/main, " + AFTER,
        "bitbucket-tag, BITBUCKET, refs/tags/v1.2, " + TAG,
        "bitbucket-branch-deleted, BITBUCKET, refs/heads/topic, ''",
        "bitbucket-server-full, BITBUCKET, refs/heads/main refs/tags/v1.2, " + AFTER,
        "bitbucket-server-deleted, BITBUCKET, refs/heads/topic, ''"
    })
    void aPushSaysWhichRefsMoved(String name, HookSender sender, String refs, String commit) {
        assertThat(read(RecordedHook.read(name))).isInstanceOfSatisfying(Verdict.Push.class, push -> {
            assertThat(push.sender()).isEqualTo(sender);
            assertThat(push.refs()).containsExactly(refs.split(" ", -1));
            assertThat(push.commit()).as("a ref that is gone has none").isEqualTo(commit);
            assertThat(push.id()).isNotEmpty();
            assertThat(Webhooks.concerns(Optional.of("main"), push.refs())).isEqualTo(refs.contains("main"));
            assertThat(Webhooks.concerns(Optional.of("v*"), push.refs())).isEqualTo(refs.contains("v1"));
        });
    }

    @ParameterizedTest
    @CsvSource({"bitbucket-mirror-many", "bitbucket-server-none", "bitbucket-none"})
    void whatDoesNotSayWhichRefsMovedMayBeAboutAny(String name) {
        assertThat(read(RecordedHook.read(name))).isInstanceOfSatisfying(Verdict.Push.class, push -> {
            assertThat(push.refs()).isEmpty();
            assertThat(push.commit()).isEmpty();
            assertThat(Webhooks.concerns(Optional.of("main"), push.refs())).isTrue();
        });
    }

    @Test
    void moreRefsThanAreReadMayBeAboutAny() {
        String change = "{\"refId\":\"refs/heads/x\",\"toHash\":\"\"}";
        for (int count : new int[] {1000, 1001}) {
            String body = "{\"changes\":[" + change + ("," + change).repeat(count - 1) + "]}";
            HookRequest request = signed(body, "X-Event-Key", "repo:refs_changed", "X-Hub-Signature");
            assertThat(Webhooks.read(request, List.of(RecordedHook.SECRET), RecordedHook.SIGNED))
                    .isInstanceOfSatisfying(
                            Verdict.Push.class, push -> assertThat(push.refs()).hasSize(count == 1000 ? 1000 : 0));
        }
    }

    @Test
    void aDeliveryOfSeveralChangesIsReadWholeHoweverManyCommitsItHas() {
        String commit = "{\"id\":\"" + AFTER + "\",\"message\":\"" + "x".repeat(200) + "\"}";
        String body = "{\"commits\":[" + commit + ("," + commit).repeat(2047) + "],\"ref\":\"refs/heads/main\"}";
        HookRequest request = signed(body, "X-GitHub-Event", "push", "X-Hub-Signature-256");
        assertThat(Webhooks.read(request, List.of(RecordedHook.SECRET), RecordedHook.SIGNED))
                .isInstanceOf(Verdict.Push.class);
    }

    /** In which the signature is of what the form holds, and not of the form. */
    @Test
    void aFormOfGiteaIsSignedByWhatItHolds() {
        RecordedHook hook = RecordedHook.read("gitea-form");
        assertThat(read(hook.altered(hook.length() / 2))).isEqualTo(new Verdict.Refused(Verdict.Why.SIGNATURE));
        RecordedHook other = RecordedHook.read("gitea-form").header("Content-Type", "application/json");
        assertThat(read(other)).isEqualTo(new Verdict.Refused(Verdict.Why.SIGNATURE));
    }

    @ParameterizedTest
    @CsvSource({
        "forgejo-full-push, X-Forgejo-Signature, true",
        "forgejo-full-push, X-Gitea-Signature, false",
        "forgejo-full-push, X-Gogs-Signature, false",
        "gitea-full-push, X-Gitea-Signature, true",
        "gitea-full-push, X-Gogs-Signature, false",
        "gitea-full-push, X-Hub-Signature-256, false",
        "gogs-push, X-Gogs-Signature, true"
    })
    void ofHeadersSideBySideTheOwnOnesCount(String name, String header, boolean counts) {
        assertThat(read(RecordedHook.read(name).header(header, "0".repeat(64)))
                        .equals(new Verdict.Refused(Verdict.Why.SIGNATURE)))
                .isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource({
        "github-ping, GITHUB, ping",
        "github-create, GITHUB, create",
        "github-delete, GITHUB, delete",
        "github-status, GITHUB, status",
        "gitlab-merge-request, GITLAB, Merge Request Hook",
        "gitlab-system-other, GITLAB, project_create",
        "gitea-create, GITEA, create",
        "gitea-delete, GITEA, delete",
        "bitbucket-fork, BITBUCKET, repo:fork",
        "bitbucket-server-ping, BITBUCKET, diagnostics:ping"
    })
    void otherEventsAreNoPush(String name, HookSender sender, String event) {
        assertThat(read(RecordedHook.read(name))).isEqualTo(new Verdict.Other(sender, event));
    }

    @ParameterizedTest
    @CsvSource({
        "github-full-push",
        "github-full-form",
        "gitlab-full-push",
        "gitea-full-push",
        "bitbucket-full-push",
        "bitbucket-server-full"
    })
    void withAnotherSecretTheyAreRefused(String name) {
        RecordedHook hook = RecordedHook.read(name);
        assertThat(Webhooks.read(hook.request(), List.of("another"), RecordedHook.SIGNED))
                .isEqualTo(new Verdict.Refused(Verdict.Why.SIGNATURE));
    }

    @Test
    void theContentTypeSaysWhereTheJsonIs() {
        for (String type : List.of("application/json; charset=utf-8", "text/plain", "application/vnd.api+json")) {
            assertThat(read(RecordedHook.read("github-full-push").header("Content-Type", type)))
                    .as(type)
                    .isInstanceOf(Verdict.Push.class);
        }
        assertThat(read(RecordedHook.read("github-full-push").without("Content-Type")))
                .isInstanceOf(Verdict.Push.class);
        assertThat(read(RecordedHook.read("github-full-form")
                        .header("Content-Type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8")))
                .isInstanceOf(Verdict.Push.class);
        Verdict malformed = new Verdict.Refused(Verdict.Why.MALFORMED);
        assertThat(read(RecordedHook.read("github-full-push").header("Content-Type", FORM)))
                .as("JSON that is said to be a form")
                .isEqualTo(malformed);
        assertThat(read(RecordedHook.read("github-full-form").header("Content-Type", "application/json")))
                .as("a form that is said to be JSON")
                .isEqualTo(malformed);
        assertThat(read(RecordedHook.read("github-full-form").header("Content-Type", "multipart/form-data")))
                .isEqualTo(malformed);
    }

    @Test
    void theFieldOfAFormIsFoundWhereverItIs() {
        String json = "%7B%22ref%22%3A%22refs%2Fheads%2Fa+b%22%7D";
        for (String body : List.of("x=1&payload=" + json, "payload=" + json + "&payload=%7B%7D", "a&payload=" + json)) {
            HookRequest request = signed(body);
            assertThat(Webhooks.read(request, List.of(RecordedHook.SECRET), RecordedHook.SIGNED))
                    .isInstanceOfSatisfying(
                            Verdict.Push.class, push -> assertThat(push.refs()).containsExactly("refs/heads/a b"));
        }
        for (String body : List.of("payload=%7", "payload=%zz", "Payload=" + json, "payload", "", "payload=")) {
            assertThat(Webhooks.read(signed(body), List.of(RecordedHook.SECRET), RecordedHook.SIGNED))
                    .as(body)
                    .isEqualTo(new Verdict.Refused(Verdict.Why.MALFORMED));
        }
    }

    private static HookRequest signed(String body, String header, String event, String signature) {
        byte[] hmac = Hmac.of(Hmac.bytes(RecordedHook.SECRET), body.getBytes(StandardCharsets.UTF_8));
        return RecordedHook.request(
                body,
                header,
                event,
                signature,
                "sha256=" + java.util.HexFormat.of().formatHex(hmac));
    }

    private static HookRequest signed(String body) {
        byte[] hmac = Hmac.of(Hmac.bytes(RecordedHook.SECRET), body.getBytes(StandardCharsets.UTF_8));
        return RecordedHook.request(
                body,
                "Content-Type",
                FORM,
                "X-GitHub-Event",
                "push",
                "X-Hub-Signature-256",
                "sha256=" + java.util.HexFormat.of().formatHex(hmac));
    }
}
