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
