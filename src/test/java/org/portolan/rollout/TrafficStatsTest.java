package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Status;

/** What the proxy counted is judged from where a run, or a step of it, began. */
class TrafficStatsTest {
    private static final InstanceId OLD = new InstanceId("shop", "web", 1, 1);
    private static final InstanceId NEW = new InstanceId("shop", "web", 2, 1);

    private final TrafficStats measures = new TrafficStats();
    private final Map<InstanceId, List<ServerView>> shown = new TreeMap<>();

    private TrafficStatsTest shows(InstanceId instance, long responses, long errors, long millis) {
        shown.put(
                instance,
                List.of(new ServerView(
                        "http",
                        Status.UP,
                        100,
                        0,
                        responses,
                        errors,
                        Duration.ofMillis(millis),
                        ServerView.Check.PASSED)));
        return this;
    }

    private void look() {
        measures.observe(shown);
    }

    private TrafficStats.Sum version(int number) {
        return measures.of("web", version -> version == number);
    }

    @Test
    void whatAServerAnsweredBeforeTheRunDoesNotCount() {
        shows(OLD, 10_000, 5_000, 3).look();
        shows(OLD, 10_100, 5_001, 3).look();

        assertThat(version(1)).isEqualTo(new TrafficStats.Sum(100, 1, 3));
        assertThat(version(1).errorShare()).isEqualTo(1.0);
    }

    @Test
    void aServerThatCameDuringTheRunCountsFromItsFirstAnswer() {
        shows(OLD, 10_000, 0, 3).look();
        shows(NEW, 40, 20, 8).look();
        shows(NEW, 60, 30, 9).look();

        assertThat(version(2)).isEqualTo(new TrafficStats.Sum(60, 30, 9));
    }

    @Test
    void countersThatFallAtAReloadTakeNothingBackAndCountNothingTwice() {
        shows(OLD, 1_000, 100, 3).look();
        shows(OLD, 1_200, 110, 3).look();
        shows(OLD, 150, 5, 3).look();
        shows(OLD, 250, 5, 3).look();

        assertThat(version(1)).isEqualTo(new TrafficStats.Sum(300, 10, 3));
    }

    @Test
    void aServerThatIsGoneCountsOn() {
        shows(OLD, 0, 0, 3).look();
        shows(OLD, 50, 10, 3).look();
        shown.clear();
        look();

        assertThat(version(1).responses()).isEqualTo(50);
    }

    @Test
    void aServiceThatIsBegunAnewForgetsItsOwnAnswersOnly() {
        InstanceId other = new InstanceId("shop", "api", 2, 1);
        look();
        shows(NEW, 100, 50, 3).shows(other, 10, 1, 3).look();
        measures.restart("web");
        shows(NEW, 130, 51, 4).look();

        assertThat(version(2)).isEqualTo(new TrafficStats.Sum(30, 1, 4));
        assertThat(measures.of("api", version -> true)).isEqualTo(new TrafficStats.Sum(10, 1, 3));
    }

    @Test
    void latencyIsWeightedByAnswers() {
        InstanceId second = new InstanceId("shop", "web", 2, 2);
        look();
        shows(NEW, 90, 0, 10).shows(second, 10, 0, 110).look();

        assertThat(version(2).latency()).isEqualTo(20.0);
        assertThat(version(3)).isEqualTo(new TrafficStats.Sum(0, 0, 0));
    }
}
