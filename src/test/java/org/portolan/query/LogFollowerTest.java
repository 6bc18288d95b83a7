package org.portolan.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.model.labels.Labels;

/** Whose output is followed. */
class LogFollowerTest {
    private final List<Consumer<Engine.EngineEvent>> listeners = new ArrayList<>();
    private final List<String> followed = new ArrayList<>();

    @SuppressWarnings("unchecked")
    private Engine engine() {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "events" -> listeners.add((Consumer<Engine.EngineEvent>) arguments[0]);
                        case "logs" -> followed.add((String) arguments[0]);
                        default -> throw new AssertionError(method);
                    }
                    return (AutoCloseable) () -> {};
                });
    }

    private void started(String id, String installation, String deployment) {
        Map<String, String> attributes =
                Map.of("name", id, Labels.INSTALLATION, installation, Labels.DEPLOYMENT, deployment);
        listeners.getFirst().accept(new Engine.EngineEvent(Instant.EPOCH, "start", id, attributes));
    }

    @Test
    void whatStartsInAnotherInstallationOfTheEngineIsNotShown() {
        try (LogFollower follower = new LogFollower(
                engine(), Optional.of("cafe0001"), "shop", List.of(), (instance, at, error, text) -> {})) {
            follower.run(List.of(), 10, () -> {
                started("theirs", "beef0002", "shop");
                started("other", "cafe0001", "blog");
                started("ours", "cafe0001", "shop");
                return true;
            });
        }
        assertThat(followed).containsExactly("ours");
    }
}
