package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.NOW;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.Deadlines;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** When a release that makes no progress ends. */
class ProgressDeadlineTest {
    private static final SortedMap<String, String> WAITS = new TreeMap<>(Map.of("web", "web-2-1 is not healthy yet"));

    private static DesiredRelease goal(ServiceSpec spec) {
        ServiceGoal service = new ServiceGoal("web", 2, true, "hash", Definition.of(Map.of()), spec, 1, "localhost");
        return new DesiredRelease("shop", new TreeMap<>(Map.of("web", service)), new TreeSet<>(), new TreeMap<>());
    }

    private static Optional<ProgressDeadline.Missed> after(
            ServiceSpec spec, SortedMap<String, String> waits, long seconds) {
        return ProgressDeadline.missed(goal(spec), waits, NOW, NOW.plusSeconds(seconds));
    }

    @Test
    void aServiceThatWaitsHasItsOwnDeadline() {
        ServiceSpec spec = Views.spec("rolling", "deadline", "90s");

        assertThat(after(spec, WAITS, 90)).isEmpty();
        assertThat(after(spec, WAITS, 91))
                .contains(new ProgressDeadline.Missed(
                        "web", "no progress within rollout.deadline: web-2-1 is not healthy yet"));
        assertThat(after(spec, new TreeMap<>(), 91)).as("it does not wait").isEmpty();
    }

    @Test
    void everyReleaseEndsOnceItTookLongerThanAnyOfItsWaits() {
        ServiceSpec spec = Views.spec("rolling");
        long longest = Deadlines.progress(goal(spec)).toSeconds();

        assertThat(after(spec, WAITS, longest)).isEmpty();
        assertThat(after(spec, WAITS, longest + 1).orElseThrow().cause()).endsWith(": web-2-1 is not healthy yet");
        assertThat(after(spec, new TreeMap<>(), longest + 1).orElseThrow().cause())
                .endsWith(": the service has not reached its target, and nothing is left to do");
    }
}
