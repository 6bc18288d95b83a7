package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.controller.Instructing;
import org.portolan.model.event.ControllerEvent.SourceNotified;
import org.portolan.model.event.EventSink;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** {@code notify} and {@code webhook}, and the formats of {@code plan}. */
class HookCommandsTest {
    @TempDir
    Path folder;

    private SimParts parts;

    @BeforeEach
    void sources() throws IOException {
        Files.writeString(folder.resolve("portolan.yaml"), """
                sources:
                  site: {url: /srv/site, ref: main}
                  still: {url: /srv/still}
                  own: {url: /srv/own, ref: main, webhook: {secret: "env:HOOK"}}
                """);
        parts = new SimParts(folder);
    }

    @Test
    void aLeaderIsNotified() {
        try (Lease leader = parts.memory
                .connect("serve")
                .acquire(Store.LEADER, "controller")
                .orElseThrow()) {
            assertThat(leader.held()).isTrue();
            CliRun run = parts.run("notify", "site");
            assertThat(run.err()).isEmpty();
            assertThat(run.status()).isZero();
            assertThat(parts.run("--json", "notify", "site").out()).contains("\"source\":\"site\"");
        }
        assertThat(parts.store.events("", 10)).hasSize(2).allSatisfy(event -> assertThat(event.data())
                .isInstanceOfSatisfying(SourceNotified.class, notified -> {
                    assertThat(notified.source()).isEqualTo("site");
                    assertThat(notified.who()).isNotEmpty();
                }));
    }

    @Test
    void withoutALeaderTheStatusSaysIt() {
        CliRun run = parts.run("notify", "site");
        assertThat(run.status()).isEqualTo(4);
        assertThat(run.err()).contains("no controller leads this installation", "portolan deploy");
        assertThat(parts.store.events("", 10)).isEmpty();
    }

    @Test
    void onlyAControllerThatAnswersCanBeWaitedFor() {
        CliRun run = parts.run("notify", "site", "--wait");
        assertThat(run.status()).isEqualTo(4);
        assertThat(run.err()).contains("no controller answers here", "PORTOLAN_URL");
        assertThat(parts.run("notify", "site", "--timeout", "10m").status()).isEqualTo(2);
        for (String time : List.of("10", "soon", "0s", "25h")) {
            CliRun wrong = parts.run("notify", "site", "--wait", "--timeout", time);
            assertThat(wrong.status()).isEqualTo(2);
            assertThat(wrong.err()).contains("invalid --timeout '" + time + "'");
        }
        assertThat(parts.store.events("", 10)).isEmpty();
    }

    @Test
    void throughAControllerItSaysWhatBecameOfIt() {
        List<String> asked = new ArrayList<>();
        SimParts through = new SimParts(folder) {
            @Override
            public boolean through() {
                return true;
            }

            @Override
            public Instructing instructing(EventSink events) {
                return (Instructing) Proxy.newProxyInstance(
                        Instructing.class.getClassLoader(), new Class<?>[] {Instructing.class}, (it, what, with) -> {
                            asked.add(with[0] + " " + with[1]);
                            return !with[0].equals("quiet");
                        });
            }
        };
        assertThat(through.run("notify", "elsewhere").out()).contains("Notified the controller: source elsewhere");
        assertThat(through.run("notify", "quiet", "--wait").out()).isEqualTo("No changes.\n");
        CliRun run = through.run("notify", "busy", "--wait", "--timeout", "90s");
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(asked).containsExactly("elsewhere Optional.empty", "quiet Optional[PT1H]", "busy Optional[PT1M30S]");
    }

    @Test
    void onlyAFollowedSourceCanBeNotified() {
        CliRun unknown = parts.run("notify", "sit");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("unknown source sit", "site, own");
        assertThat(parts.run("notify", "still").err()).contains("source still is not followed by the controller");
        assertThat(parts.run("webhook", "secret", "../key").status()).isEqualTo(2);
    }

    @Test
    void aWebhooksSecretIsPrinted() {
        String first = parts.run("webhook", "secret", "site").out();
        assertThat(first).matches("[0-9a-f]{64}\n");
        assertThat(parts.run("webhook", "secret", "site").out()).isEqualTo(first);
        assertThat(parts.run("webhook", "secret", "site", "--rotate").out())
                .matches("[0-9a-f]{64}\n")
                .isNotEqualTo(first);
        assertThat(parts.run("--json", "webhook", "secret", "site").out()).contains("\"path\":\"/v1/hooks/site\"");
        CliRun configured = parts.run("webhook", "secret", "own");
        assertThat(configured.status()).isEqualTo(1);
        assertThat(configured.err()).contains("is in the configuration").doesNotContain("HOOK=");
    }

    @Test
    void aPlanHasThreeFormats() {
        CliRun wrong = parts.run("plan", "--format", "html");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("unknown format 'html'", "text, json or markdown");
        CliRun both = parts.run("plan", "--json", "--format", "markdown");
        assertThat(both.status()).isEqualTo(2);
        assertThat(both.out() + both.err()).contains("exclude each other");
        // An error is JSON too.
        assertThat(parts.run("plan", "--format", "json", folder.resolve("gone").toString())
                        .out())
                .startsWith("{\"type\":\"error\"");
    }
}
