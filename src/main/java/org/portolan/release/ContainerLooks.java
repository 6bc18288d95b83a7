package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.engine.Engine;
import org.portolan.model.container.Container;

/**
 * What a run sees of the engine's containers: all of them first, and at least twice a second; in between those of the services that it
 * has in hand, since the engine takes longer to list a hundred containers than for most of the steps. Used by the loop's thread only.
 */
final class ContainerLooks {
    /** For how long what is not in hand is taken for what it was. */
    private static final Duration WHOLE = Duration.ofMillis(500);

    /** After that time all are asked for while the loop has nothing to do but to wait for a step: then nothing waits for the answer. */
    private static final Duration EARLY = Duration.ofMillis(250);

    /** With more than that all are asked for: a longer request line than 8 KB is refused by some proxies on the way to an engine. */
    private static final int MOST = 100;

    private final Engine engine;
    private final Instances instances;
    private final JobRunner jobs;
    private final InstantSource clock;
    /** When all were asked for last; empty: they have to be now. */
    private Optional<Instant> whole = Optional.empty();
    /** Used once. */
    private Optional<FirstLook> first;
    /** How many steps had ended before the last look. */
    private int ended;

    /** @param first what the first look shows; empty: it asks */
    ContainerLooks(Engine engine, Instances instances, JobRunner jobs, InstantSource clock, Optional<FirstLook> first) {
        this.engine = engine;
        this.instances = instances;
        this.jobs = jobs;
        this.clock = clock;
        this.first = first;
    }

    /** Asks the engine, and tells what it shows. */
    void look() {
        Duration most = instances.ended() == ended && !instances.underWay().isEmpty() ? EARLY : WHOLE;
        ended = instances.ended();
        Instant now = clock.instant();
        Optional<Set<String>> ids = instances
                .inHand()
                .filter(asked -> asked.size() <= MOST && !jobs.any())
                .filter(asked -> whole.filter(at -> now.isBefore(at.plus(most))).isPresent());
        if (ids.isPresent()) {
            Set<String> asked = ids.get();
            instances.observe(asked, asked.isEmpty() ? List.of() : engine.containers(asked), clock.instant());
            return;
        }
        whole = Optional.empty();
        Optional<FirstLook> asked = first;
        first = Optional.empty();
        Collection<Container> seen =
                asked.isPresent() ? asked.get().containers().get() : engine.containers();
        whole = asked.map(FirstLook::asked).or(() -> Optional.of(now));
        Instant at = asked.map(FirstLook::asked).orElseGet(clock::instant);
        instances.observe(seen, at);
        jobs.observe(seen, at);
    }

    /**
     * Whether all are to be asked for while a step is waited for. The sooner the better: at the end of the step the answer would be
     * waited for.
     */
    boolean early(Instant now) {
        return whole.filter(at -> !now.isBefore(at.plus(EARLY))).isPresent()
                && !instances.underWay().isEmpty();
    }

    /** Has the next look be at all. */
    void forget() {
        whole = Optional.empty();
    }
}
