package org.portolan.probe.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Health;

class InstanceProberTest {
    private static Health exec(Map<String, Object> more) {
        Map<String, Object> health = new java.util.TreeMap<>(Map.of("exec", List.of("pg_isready")));
        health.putAll(more);
        return ServiceSpec.from("db", Definition.of(Map.of("health", health)))
                .health()
                .orElseThrow();
    }

    /** An engine whose commands all take this long. */
    private static Engine slow(Duration takes) {
        return (Engine) Proxy.newProxyInstance(
                InstanceProberTest.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, words) -> {
                    Duration deadline = (Duration) words[2];
                    boolean late = takes.compareTo(deadline) > 0;
                    return new Engine.ExecResult(late ? 124 : 0, late ? "accepting" : "", late);
                });
    }

    @Test
    void aCommandHasFiveSecondsUnlessTheFileSaysOtherwise() {
        InstanceProber prober = new InstanceProber(slow(Duration.ofSeconds(3)));
        assertThat(prober.ask("db", "", 0, exec(Map.of())).passed()).isTrue();
        assertThat(prober.ask("db", "", 0, exec(Map.of("timeout", "1s"))).text())
                .isEqualTo("its check took longer than the timeout of 1s: accepting");
    }
}
