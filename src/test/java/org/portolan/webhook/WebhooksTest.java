package org.portolan.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksTest {
    private static final Instant NOW = RecordedHook.SIGNED.plusSeconds(60);
    private static final List<String> SECRETS = List.of(RecordedHook.SECRET, RecordedHook.GITLAB);

    private static Verdict read(RecordedHook hook) {
        return Webhooks.read(hook.request(), SECRETS, NOW);
    }

    private static Verdict refused(Verdict.Why why) {
        return new Verdict.Refused(why);
    }

    @ParameterizedTest
    @CsvSource({
        "github-push, GITHUB, refs/heads/main, 0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c, 72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "github-form, GITHUB, refs/heads/main, 0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c, 72d3162e-cc78-11e3-81ab-4c9367dc0959",
        "gitlab-token, GITLAB, refs/heads/master, da1560886d4f094c3e6c9ef40349f7d38b5d27d7, 13792a34-cac6-4fda-95a8-c58e00a3954e",
        "gitlab-signed, GITLAB, refs/heads/master, da1560886d4f094c3e6c9ef40349f7d38b5d27d7, f5e5f430-f57b-4e6e-9fac-d9128cd7232f",
        "gitea-push, GITEA, refs/heads/develop, bffeb74224043ba2feb48d137756c8a9331c449a, f6266f16-1bf3-46a5-9ea4-602e06ead473",
        "forgejo-push, GITEA, refs/heads/develop, bffeb74224043ba2feb48d137756c8a9331c449a, f6266f16-1bf3-46a5-9ea4-602e06ead474",
        "bitbucket-push, BITBUCKET, refs/heads/name-of-branch refs/tags/v1, 709d658dc5b6d6afcd46049c2f332ee3f515a67d,"
                + " 8f4d7a0e-5b0e-4e3e-9a52-1d9a1d4c8a11",
        "bitbucket-server-push, BITBUCKET, refs/heads/master, 178864a7d521b6f5e720b386b2c2b0ef8563e0dc,"
                + " 2d5a0d2e-7f2e-4a8f-a1f1-4e2b8e8d6c01",
        "plain, PLAIN, main, '', ''"
    })
    void aPushOfEverySenderIsRead(String name, HookSender sender, String refs, String commit, String id) {
        assertThat(read(RecordedHook.read(name))).isInstanceOfSatisfying(Verdict.Push.class, push -> {
            assertThat(push.sender()).isEqualTo(sender);
            assertThat(push.refs()).containsExactly(refs.split(" ", -1));
            assertThat(push.commit()).isEqualTo(commit);
            assertThat(push.id()).isEqualTo(id);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "github-push",
                "github-form",
                "gitlab-signed",
                "gitea-push",
                "forgejo-push",
                "bitbucket-push",
                "bitbucket-server-push",
                "plain"
            })
    void whatIsAlteredOnTheWayIsRefused(String name) {
        for (int at = 0; at < RecordedHook.read(name).length(); at += 7) {
            assertThat(read(RecordedHook.read(name).altered(at))).isEqualTo(refused(Verdict.Why.SIGNATURE));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "github-push",
                "github-ping",
                "gitlab-token",
                "gitlab-signed",
                "gitea-push",
                "forgejo-push",
                "bitbucket-push",
                "plain"
            })
    void onlyWhoKnowsASecretIsHeard(String name) {
        HookRequest request = RecordedHook.read(name).request();
        assertThat(Webhooks.read(request, List.of("another"), NOW)).isEqualTo(refused(Verdict.Why.SIGNATURE));
        assertThat(Webhooks.read(request, List.of(), NOW)).isEqualTo(refused(Verdict.Why.SIGNATURE));
        assertThat(Webhooks.read(request, List.of("", " "), NOW)).isEqualTo(refused(Verdict.Why.SIGNATURE));
        List<String> rotated = List.of("new", name.equals("gitlab-signed") ? RecordedHook.GITLAB : RecordedHook.SECRET);
        assertThat(Webhooks.read(request, rotated, NOW)).isNotInstanceOf(Verdict.Refused.class);
    }

    /** An empty secret would fit a signature that everybody can make, and an absent token. */
    @Test
    void anEmptySecretIsNone() {
        String body = "{\"ref\":\"refs/heads/main\"}";
        HookRequest plain = RecordedHook.request(
                body,
                TimedSignature.HEADER,
                TimedSignature.sign(" ", NOW, body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(Webhooks.read(plain, List.of(" "), NOW)).isEqualTo(refused(Verdict.Why.SIGNATURE));
        HookRequest gitlab = RecordedHook.request(body, "X-Gitlab-Event", "Push Hook");
        assertThat(Webhooks.read(gitlab, List.of(""), NOW)).isEqualTo(refused(Verdict.Why.UNSIGNED));
    }

    /** What the hosts' documentation gives to try an implementation with: genuine, though not a payload. */
    @Test
    void theHostsOwnExamplesFit() {
        HookRequest github = RecordedHook.request(
                "Hello, World!",
                "X-GitHub-Event",
                "push",
                "X-Hub-Signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
        assertThat(Webhooks.read(github, SECRETS, NOW)).isEqualTo(refused(Verdict.Why.MALFORMED));
        HookRequest bitbucket = RecordedHook.request(
                "Hello World!",
                "X-Event-Key",
                "repo:push",
                "X-Hub-Signature",
                "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9");
        assertThat(Webhooks.read(bitbucket, SECRETS, NOW)).isEqualTo(refused(Verdict.Why.MALFORMED));
    }

    @Test
    void theWeakSignatureIsNotEnough() {
        RecordedHook hook = RecordedHook.read("github-push").without("X-Hub-Signature-256");
        hook.header("X-Hub-Signature", "sha1=0000000000000000000000000000000000000000");
        assertThat(read(hook)).isEqualTo(refused(Verdict.Why.UNSIGNED));
        assertThat(read(RecordedHook.read("gitea-push").without("X-Gitea-Signature")))
                .isEqualTo(refused(Verdict.Why.UNSIGNED));
        assertThat(read(RecordedHook.read("bitbucket-push").without("X-Hub-Signature")))
                .isEqualTo(refused(Verdict.Why.UNSIGNED));
        assertThat(Webhooks.read(RecordedHook.request("{}"), SECRETS, NOW)).isEqualTo(refused(Verdict.Why.UNSIGNED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "gitlab-signed"})
    void aSignatureWithATimeHoldsForFiveMinutes(String name) {
        HookRequest request = RecordedHook.read(name).request();
        Duration most = Duration.ofMinutes(5);
        for (Instant at : List.of(RecordedHook.SIGNED.plus(most), RecordedHook.SIGNED.minus(most))) {
            assertThat(Webhooks.read(request, SECRETS, at)).isInstanceOf(Verdict.Push.class);
        }
        for (Instant at : List.of(
                RecordedHook.SIGNED.plus(most).plusSeconds(1),
                RecordedHook.SIGNED.minus(most).minusSeconds(1))) {
            assertThat(Webhooks.read(request, SECRETS, at)).isEqualTo(refused(Verdict.Why.TIME));
        }
    }

    @Test
    void theTimeIsPartOfTheSignature() {
        RecordedHook hook = RecordedHook.read("plain");
        String header = hook.request().any(TimedSignature.HEADER);
        Instant later = RecordedHook.SIGNED.plusSeconds(3600);
        hook.header(TimedSignature.HEADER, header.replace("t=1764320400", "t=" + later.getEpochSecond()));
        assertThat(Webhooks.read(hook.request(), SECRETS, later)).isEqualTo(refused(Verdict.Why.SIGNATURE));
        for (String broken : List.of("t=,v1=", "v1=00", "t=99999999999999999999,v1=00", "t=-1,v1=zz", ",,,,,,,,,,")) {
            hook.header(TimedSignature.HEADER, broken);
            assertThat(read(hook)).isEqualTo(refused(Verdict.Why.SIGNATURE));
        }
    }

    @Test
    void otherEventsDoNothing() {
        assertThat(read(RecordedHook.read("github-ping"))).isEqualTo(new Verdict.Other(HookSender.GITHUB, "ping"));
        assertThat(read(RecordedHook.read("gitlab-token").header("X-Gitlab-Event", "Merge Request Hook")))
                .isEqualTo(new Verdict.Other(HookSender.GITLAB, "Merge Request Hook"));
        assertThat(read(RecordedHook.read("bitbucket-push").header("X-Event-Key", "diagnostics:ping")))
                .isEqualTo(new Verdict.Other(HookSender.BITBUCKET, "diagnostics:ping"));
    }

    @Test
    void bodiesHaveLimits() {
        assertThat(signed("{\"ref\":\"" + "x".repeat(Webhooks.MOST_BYTES) + "\"}"))
                .isEqualTo(refused(Verdict.Why.TOO_LARGE));
        assertThat(signed("{\"ref\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}"))
                .isEqualTo(refused(Verdict.Why.MALFORMED));
        assertThat(signed("[]")).isEqualTo(refused(Verdict.Why.MALFORMED));
        assertThat(signed("{\"ref\":7}")).isEqualTo(refused(Verdict.Why.MALFORMED));
        assertThat(signed("{\"ref\":\"" + "x".repeat(2000) + "\"}")).isEqualTo(refused(Verdict.Why.MALFORMED));
        assertThat(signed("{\"ref\":\"refs/heads/main\",\"after\":\"<script>\"}"))
                .isInstanceOfSatisfying(
                        Verdict.Push.class, push -> assertThat(push.commit()).isEmpty());
    }

    private static Verdict signed(String body) {
        byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        String signature = HexFormat.of().formatHex(Hmac.of(Hmac.bytes(RecordedHook.SECRET), bytes));
        return Webhooks.read(
                RecordedHook.request(body, "X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + signature),
                SECRETS,
                NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "main, refs/heads/main, true",
        "main, refs/heads/main2, false",
        "main, refs/heads/feature/main, false",
        "main, main, true",
        "v1, refs/tags/v1, true",
        "refs/heads/main, refs/heads/main, true",
        "refs/tags/main, refs/heads/main, false",
        "release-*, refs/heads/release-2.1, true",
        "release-*, refs/heads/my-release-2, false",
        "v*.*, refs/tags/v1, false",
        "v*.*, refs/tags/v1.2, true",
        "'', refs/heads/anything, true",
        "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c, refs/heads/main, false"
    })
    void aPushOfAnotherRefConcernsNobody(String followed, String pushed, boolean concerned) {
        Optional<String> ref = Optional.of(followed).filter(text -> !text.isEmpty());
        assertThat(Webhooks.concerns(ref, List.of(pushed))).isEqualTo(concerned);
        assertThat(Webhooks.concerns(ref, List.of("refs/heads/xyz", pushed))).isEqualTo(concerned);
        assertThat(Webhooks.concerns(ref, List.of())).isTrue();
    }

    private static Verdict.Push push(RecordedHook hook) {
        return (Verdict.Push) read(hook);
    }

    @Test
    void aDeliveryCountsOnce() {
        Deliveries deliveries = new Deliveries();
        RecordedHook hook = RecordedHook.read("github-push");
        assertThat(deliveries.isNew("site", push(hook), NOW)).isTrue();
        assertThat(deliveries.isNew("site", push(hook), NOW)).isFalse();
        assertThat(deliveries.isNew("shop", push(hook), NOW))
                .as("another source")
                .isTrue();
        hook.header("X-GitHub-Delivery", "somebody-chose-this");
        assertThat(deliveries.isNew("site", push(hook), NOW))
                .as("the id is not signed")
                .isFalse();
        assertThat(deliveries.isNew("site", push(hook), NOW.plus(Duration.ofHours(23))))
                .isFalse();
        assertThat(deliveries.isNew("site", push(hook), NOW.plus(Duration.ofHours(25))))
                .isTrue();
        RecordedHook gitlab = RecordedHook.read("gitlab-token");
        assertThat(deliveries.isNew("site", push(gitlab), NOW)).isTrue();
        gitlab.header("X-Gitlab-Event-UUID", "13792a34-cac6-4fda-95a8-c58e00a39999");
        assertThat(deliveries.isNew("site", push(gitlab), NOW)).as("to and fro").isTrue();
    }

    @Test
    void theMemoryOfDeliveriesIsBounded() {
        Deliveries deliveries = new Deliveries();
        for (int i = 0; i < 10_001; i++) {
            assertThat(deliveries.isNew("site", numbered(i), NOW)).isTrue();
        }
        assertThat(deliveries.isNew("site", numbered(10_000), NOW)).isFalse();
        assertThat(deliveries.isNew("site", numbered(0), NOW))
                .as("the first one went")
                .isTrue();
    }

    private static Verdict.Push numbered(int number) {
        return new Verdict.Push(HookSender.PLAIN, List.of(), "", "", java.util.Set.of("content " + number));
    }
}
