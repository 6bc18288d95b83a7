package org.portolan.query;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.container.Container;
import org.portolan.model.state.Release;

/**
 * A service of a deployment, of the store or of labels, with what runs of it.
 *
 * @param placed what the last release placed; empty when only labels know of it
 * @param stopped whether it was stopped by hand
 * @param held why it is not started: {@code requires postgres, which is not there}
 * @param ended ids of containers that ended as their services shall
 */
public record ServiceSummary(
        String deployment,
        String name,
        Optional<Release.Placed> placed,
        boolean stopped,
        Optional<String> held,
        List<Container> containers,
        Set<String> ended) {

    /** Why a service has no instance. */
    public enum Absence {
        STOPPED,
        HELD,
        SCALED_TO_0,
        MISSING
    }

    /** Why nothing is there of what was placed; empty when something is, or nothing was placed. */
    public Optional<Absence> absence() {
        if (!containers.isEmpty() || placed.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                stopped
                        ? Absence.STOPPED
                        : held.isPresent()
                                ? Absence.HELD
                                : placed.get().scale() == 0 ? Absence.SCALED_TO_0 : Absence.MISSING);
    }

    /** Whether an instance ended by itself as it shall. */
    public boolean completed(Container container) {
        return ended.contains(container.id());
    }

    /** How many instances ended by themselves as they shall. */
    public long completed() {
        return containers.stream().filter(this::completed).count();
    }

    public long running() {
        return containers.stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .count();
    }
}
