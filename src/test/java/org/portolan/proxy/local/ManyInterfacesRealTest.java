package org.portolan.proxy.local;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.process.Commands;

/** A machine with as many interfaces as some hundred deployments make: a network and a pair for each instance. */
@Tag("real")
class ManyInterfacesRealTest {
    private static final int PAIRS = 200;

    @BeforeEach
    void addInterfaces() {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < PAIRS; i++) {
            script.append("link add many")
                    .append(i)
                    .append(" up type veth peer name peer")
                    .append(i)
                    .append('\n');
            script.append("link set peer").append(i).append(" up\n");
        }
        batch(script);
    }

    @AfterEach
    void removeInterfaces() {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < PAIRS; i++) {
            script.append("link del many").append(i).append('\n');
        }
        batch(script);
    }

    private static void batch(StringBuilder script) {
        Commands.Result result =
                Commands.run(List.of("sh", "-c", "echo '" + script + "' | ip -batch -"), Duration.ofSeconds(60));
        assertTrue(result.succeeded(), result.output());
    }

    /** Each of them was looked up among all of them: 400 took 400 times as long as one, and a change lists them several times. */
    @Test
    void listsTheirAddressesInAMoment() {
        Set<String> seen = Set.of();
        List<Long> took = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long before = System.nanoTime();
            seen = ProxyLayout.addresses();
            took.add((System.nanoTime() - before) / 1_000_000);
        }
        assertTrue(seen.stream().filter(address -> address.startsWith("fe80:")).count() >= PAIRS, seen.toString());
        assertTrue(seen.contains("127.0.0.1") && seen.stream().noneMatch(address -> address.contains("%")));
        long best = took.stream().mapToLong(Long::longValue).min().orElseThrow();
        assertTrue(best < 150, "milliseconds: " + took);
    }
}
