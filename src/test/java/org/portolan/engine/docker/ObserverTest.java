package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.Container.State;
import org.portolan.model.container.Container.Verdict;
import org.portolan.model.container.Observation;

class ObserverTest {
    private static DockerJson json(String text) throws IOException {
        return DockerJson.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void reads_the_exit_status_from_the_words_for_people() {
        assertThat(Observer.exitCode("Exited (137) 2 hours ago")).isEqualTo(137);
        assertThat(Observer.exitCode("Exited (0) Less than a second ago")).isZero();
        assertThat(Observer.exitCode("Restarting (3) 5 seconds ago")).isEqualTo(3);
        assertThat(Observer.exitCode("Up 2 minutes (healthy)")).isZero();
        assertThat(Observer.exitCode("Created")).isZero();
        assertThat(Observer.exitCode("")).isZero();
    }

    @Test
    void reads_the_engines_verdict_from_the_words_for_people() {
        assertThat(Observer.verdict("Up 2 minutes (healthy)")).isEqualTo(Verdict.HEALTHY);
        assertThat(Observer.verdict("Up Less than a second (health: starting)")).isEqualTo(Verdict.STARTING);
        assertThat(Observer.verdict("Up 2 minutes (unhealthy)")).isEqualTo(Verdict.UNHEALTHY);
        assertThat(Observer.verdict("Up 2 minutes")).isEqualTo(Verdict.NONE);
        assertThat(Observer.verdict("Exited (0) 3 seconds ago")).isEqualTo(Verdict.NONE);
    }

    @Test
    void tells_ours_from_others_and_names_from_links() throws IOException {
        Observation seen = Observer.observation(json("""
                        [{"Id":"a","Names":["/other/link","/shop-web-1-1"],"ImageID":"sha256:1","State":"restarting",
                          "Status":"Restarting (1) 2 seconds ago","Labels":{"org.portolan.installation":"i"}},
                         {"Id":"b","Names":["/theirs"],"Labels":null,"State":"running","Status":"Up"}]"""), json("""
                        [{"Id":"n","Name":"net","Labels":{"org.portolan.installation":"i"},"IPAM":{"Config":
                          [{"Subnet":"fd00::/64","Gateway":"fd00::1"},{"Subnet":"10.1.2.0/24","Gateway":"10.1.2.1"}]}}]"""), json("null"));
        assertThat(seen.containers()).singleElement().satisfies(container -> {
            assertThat(container.name()).isEqualTo("shop-web-1-1");
            assertThat(container.state()).isEqualTo(State.RESTARTING);
            assertThat(container.exitCode()).isEqualTo(1);
        });
        assertThat(seen.foreignNames()).containsExactly("theirs");
        assertThat(seen.networks().getFirst().gateway()).isEqualTo("10.1.2.1");
        assertThat(seen.volumes()).isEmpty();
    }
}
