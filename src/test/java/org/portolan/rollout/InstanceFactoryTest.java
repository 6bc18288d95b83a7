package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels.Published;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;

class InstanceFactoryTest {
    @Test
    void ofSeveralPortsTheMainOneIsPortAndTheServicesPort() {
        ContainerSpec made = container(
                Map.of("ports", new TreeMap<>(Map.of("zoo", 8000L, "admin", "assign")), ServiceSpec.MAIN_PORT, "zoo"),
                ports("zoo", 20000, 8000, "admin", 20001, 20001));
        assertThat(made.env())
                .containsEntry("PORT", "8000")
                .containsEntry("PORT_ZOO", "8000")
                .containsEntry("PORT_ADMIN", "20001")
                .containsEntry("WEB_PORT", "15001")
                .containsEntry("WEB_PORT_ADMIN", "15000");
    }

    @Test
    void whatAFileSaysWinsOverWhatIsInjectedAndTheServicesOwnOverWhatItInherits() {
        ContainerSpec made = container(
                Map.of(
                        "ports", new TreeMap<>(Map.of("", 8000L)),
                        "inherited_env", new TreeMap<>(Map.of("WEB_URL", "mine", "DEPLOY_ID", "2", "OWN", "3")),
                        "env", new TreeMap<>(Map.of("DEPLOY_ID", "mine", "AT", "{HOST}:{PORT} {\"a\": 1} {NOBODY}"))),
                ports("", 20000, 8000));
        assertThat(made.env())
                .containsEntry("PORT", "8000")
                .containsEntry("WEB_URL", "mine")
                .containsEntry("WEB_HOST", "10.1.0.1")
                .containsEntry("DEPLOY_ID", "mine")
                .containsEntry("OWN", "3")
                .containsEntry("AT", "10.1.0.1:8000 {\"a\": 1} {NOBODY}");
    }

    @Test
    void aRestartPolicyComesAfterTheTrialAndAtOnceOnlyWhereThereIsNone() {
        Map<String, Object> noTime = Map.of("min_healthy", "0s");
        assertThat(restart(Map.of())).isEqualTo("no");
        assertThat(restart(Map.of("health", Map.of("http", "/up")))).isEqualTo("no");
        assertThat(restart(Map.of("health", Map.of("http", "/up"), "rollout", noTime)))
                .isEqualTo("no");
        assertThat(restart(Map.of("rollout", noTime))).isEqualTo("unless-stopped");
        assertThat(restart(Map.of("rollout", noTime, "restart", "on-failure:3")))
                .isEqualTo("on-failure:3");
    }

    @Test
    void whatDockerSaysOfVariablesAndLabelsJoinsWhatIsInjected() {
        ContainerSpec made = container(
                Map.of(
                        "ports", new TreeMap<>(Map.of("", 8000L)),
                        "env", new TreeMap<>(Map.of("A", "env", "B", "env")),
                        "labels", new TreeMap<>(Map.of("team", "shop")),
                        "docker",
                                new TreeMap<>(Map.of(
                                        "ENV",
                                        List.of("A=docker {PORT}", Map.of("secret", "TOKEN=t")),
                                        "labels",
                                        new TreeMap<>(Map.of("own", "x", "org.portolan.installation", "zz"))))),
                ports("", 20000, 8000));
        assertThat(made.env())
                .containsEntry("A", "docker 8000")
                .containsEntry("B", "env")
                .containsEntry("TOKEN", "t")
                .containsEntry("PORT", "8000")
                .containsEntry("DEPLOY_ID", "shop");
        assertThat(made.labels())
                .containsEntry("team", "shop")
                .containsEntry("own", "x")
                .doesNotContainEntry("org.portolan.installation", "zz");
        assertThat(made.spec().options().docker()).isEmpty();
    }

    private static String restart(Map<String, Object> keys) {
        return container(keys, ports()).restart();
    }

    private static ContainerSpec container(Map<String, Object> keys, SortedMap<String, Published> ports) {
        Definition definition = Definition.of(new TreeMap<>(keys));
        ServiceSpec spec = ServiceSpec.from("web", definition);
        ServiceGoal service = new ServiceGoal("web", 1, true, "hash", definition, spec, 1, "localhost");
        SortedMap<String, Integer> mesh = new TreeMap<>(Map.of("web/admin", 15000, "web/zoo", 15001, "web/", 15002));
        DesiredRelease goal = new DesiredRelease("shop", new TreeMap<>(Map.of("web", service)), new TreeSet<>(), mesh);
        HostAddresses addresses = new HostAddresses("10.1.0.1", List.of("10.1.0.1"), "10.1.0.1");
        return new InstanceFactory(goal, Map.of(), "shop", addresses, Map.of(), Optional.empty())
                .container(new InstanceId("shop", "web", 1, 1), ports);
    }

    /** Triples of name, host port and container port. */
    private static SortedMap<String, Published> ports(Object... triples) {
        SortedMap<String, Published> ports = new TreeMap<>();
        for (int i = 0; i < triples.length; i += 3) {
            ports.put((String) triples[i], new Published((int) triples[i + 1], (int) triples[i + 2]));
        }
        return ports;
    }
}
