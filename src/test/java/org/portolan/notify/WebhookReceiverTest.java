package org.portolan.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.Configurations;
import org.portolan.config.SourceSettings;
import org.portolan.controller.ControllerHandle;
import org.portolan.model.Failure;
import org.portolan.process.Home;
import org.portolan.reconcile.Cause;
import org.portolan.release.Installation;
import org.portolan.sim.SimSite;
import org.portolan.webhook.RecordedHook;

class WebhookReceiverTest {
    @TempDir
    Path folder;

    private final SimSite site = new SimSite(1);
    private final List<String> marks = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>(Map.of("HOOK", RecordedHook.SECRET));
    private WebhookSecrets secrets = new WebhookSecrets(Home.of(Map.of()), Map.of());
    private List<SourceSettings> sources = List.of();
    private WebhookReceiver receiver = new WebhookReceiver(() -> sources, secrets);

    private final Installation installation = site.process().installation;
    /** What a delivery asks of the controller, and nothing else. */
    private final ControllerHandle controller = (ControllerHandle) Proxy.newProxyInstance(
            ControllerHandle.class.getClassLoader(),
            new Class<?>[] {ControllerHandle.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "installation" -> installation;
                case "mark" -> {
                    Cause cause = (Cause) arguments[1];
                    marks.add(arguments[0] + " " + cause + (cause.urgent() ? " urgent" : ""));
                    yield null;
                }
                default -> throw new UnsupportedOperationException(method.getName());
            });

    @BeforeEach
    void configuration() throws Exception {
        Files.writeString(folder.resolve("portolan.yaml"), """
                sources:
                  site: {url: /srv/site, ref: main, webhook: {secret: "env:HOOK"}}
                  mine: {url: /srv/mine, ref: main}
                  still: {url: /srv/still, webhook: {secret: "env:HOOK"}}
                """);
        sources = Configurations.read(Map.of(), folder).sources();
        Home home = Home.of(Map.of("PORTOLAN_HOME", folder.toString()));
        secrets = new WebhookSecrets(home, environment);
        receiver = new WebhookReceiver(() -> sources, secrets);
    }

    private int receive(String source, RecordedHook hook) {
        return receiver.receive(source, hook.request(), controller).status();
    }

    private static RecordedHook github() {
        return RecordedHook.read("github-push");
    }

    @Test
    void aPushHasItsSourceLookedAtOnce() {
        assertThat(receive("site", github())).isEqualTo(202);
        assertThat(marks).containsExactly("source site webhook: github urgent");
        assertThat(receive("site", github())).isEqualTo(409);
        assertThat(receive("site", github().header("X-GitHub-Delivery", "other")))
                .isEqualTo(409);
        assertThat(marks).hasSize(1);
    }

    @Test
    void whatIsOfNoConcernDoesNothing() {
        assertThat(receive("site", RecordedHook.read("github-ping"))).isEqualTo(204);
        assertThat(receive("site", RecordedHook.read("gitea-push")))
                .as("of another branch")
                .isEqualTo(204);
        assertThat(marks).isEmpty();
    }

    @Test
    void whoProvesNothingLearnsNothing() {
        assertThat(receive("nowhere", github())).isEqualTo(401);
        assertThat(receive("mine", github())).as("it has no secret").isEqualTo(401);
        assertThat(receive("still", github())).as("it is not followed").isEqualTo(401);
        assertThat(receive("../site", github())).isEqualTo(401);
        environment.put("HOOK", "another");
        String wrong = receiver.receive("site", github().request(), controller).text();
        assertThat(receiver.receive("nowhere", github().request(), controller).text())
                .isEqualTo(wrong);
        environment.remove("HOOK");
        assertThat(receive("site", github())).isEqualTo(401);
        assertThat(marks).isEmpty();
    }

    @Test
    void refusalsAreSaidButNotAsOftenAsTheyCome() {
        environment.put("HOOK", "another");
        for (int i = 0; i < 100; i++) {
            receive("site", github());
            receive("nowhere" + i, github());
        }
        assertThat(site.reports).hasSize(1);
        site.clock.advance(Duration.ofMinutes(6));
        receive("site", github());
        assertThat(site.reports).hasSize(2);
        assertThat(site.reports.getFirst().message())
                .isEqualTo("webhook of source site refused: the signature does not fit the secret");
    }

    @Test
    void aGeneratedSecretIsKeptAndCanBeReplaced() throws Exception {
        SourceSettings mine = sources.get(1);
        String first = secrets.secret(mine, false);
        assertThat(first).hasSize(64);
        assertThat(secrets.secret(mine, false)).isEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("webhooks/mine"))))
                .isEqualTo("rw-------");
        String second = secrets.secret(mine, true);
        assertThat(secrets.of(mine)).containsExactly(second, first);
        String third = secrets.secret(mine, true);
        assertThat(secrets.of(mine)).containsExactly(third, second);
        assertThatThrownBy(() -> secrets.secret(sources.getFirst(), true))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("is in the configuration");
    }
}
