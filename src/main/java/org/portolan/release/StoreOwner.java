package org.portolan.release;

import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.Labels;
import org.portolan.store.Store;
import org.portolan.store.StoreException;

/**
 * Whose a store is. A server may be shared by many machines, so the installation that a store remembers is not by itself the
 * one that asks: two machines that took each other for one would write over each other's history.
 */
public final class StoreOwner {
    private static final String HINT = "use a separate store or key prefix (redis_prefix) for each installation;"
            + " to use the same installation on this machine, restore the files `installation` and `key` of its state"
            + " directory";

    private StoreOwner() {}

    /**
     * Refuses a store that remembers another installation.
     *
     * @param own this installation's id
     * @throws StoreException of kind {@code CONFLICT}
     */
    public static void check(Store store, String own) {
        Optional<String> known = store.installation();
        if (known.isPresent() && !known.get().equals(own)) {
            throw new StoreException(
                            Kind.CONFLICT,
                            "the store belongs to installation " + known.get() + ", but this is installation " + own,
                            Optional.empty())
                    .withHint(HINT);
        }
    }

    /**
     * The id that a state directory without one restores from the store: only if the engine carries containers, networks or
     * volumes of that installation and its key opens what the store holds.
     *
     * @return empty when the store remembers no installation
     * @throws StoreException of kind {@code CONFLICT} when the store is another's
     */
    public static Optional<String> recover(Store store, Engine engine) {
        Optional<String> known = store.installation();
        if (known.isEmpty()) {
            return known;
        }
        String why = !carries(engine.observe(), known.get())
                ? "nothing on this engine belongs to it"
                : !store.readable() ? "this state directory does not have its key" : "";
        if (!why.isEmpty()) {
            throw new StoreException(
                            Kind.CONFLICT,
                            "the store belongs to another installation, " + known.get() + ": " + why,
                            Optional.empty())
                    .withHint(HINT);
        }
        return known;
    }

    private static boolean carries(Observation observation, String installation) {
        return observation.containers().stream().anyMatch(one -> one.isOf(installation))
                || observation.networks().stream().anyMatch(one -> Labels.areOf(one.labels(), installation))
                || observation.volumes().stream().anyMatch(one -> Labels.areOf(one.labels(), installation));
    }
}
