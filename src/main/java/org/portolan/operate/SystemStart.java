package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.event.EventSink;

/** Starts the store, the instances that stopped with the engine, and the proxies, as they were; what runs is left alone. */
public final class SystemStart {
    private final SystemParts parts;
    private final EventSink events;

    /**
     * Starts nothing yet.
     *
     * @param events gets what happens to instances
     */
    public SystemStart(SystemParts parts, EventSink events) {
        this.parts = parts;
        this.events = events;
    }

    /** Gets what was started, while the rest still starts. */
    public interface Watcher {
        void storeUp(String where);

        /**
         * Another store is configured, and the private one still holds something.
         *
         * @param ended whether the store that is not used any more ran, and was ended
         */
        void storeLeft(String holds, boolean ended);

        /** The engine does not answer: instances cannot be started now. */
        void instancesNotStarted(Failure why);

        /** How the proxies' programs were renewed. */
        void proxiesRenewed(String how);

        void proxiesUp(List<String> repaired, List<String> proxies);
    }

    /**
     * What there is now.
     *
     * @param started instances
     * @param failed instances that could not be started: the proxies serve the rest
     */
    public record Started(
            String store,
            List<String> started,
            List<String> proxies,
            List<String> repaired,
            Optional<Failure> failed) {}

    /**
     * Starts what does not run.
     *
     * @param engine whether the engine is there; without it store and proxies start alone
     */
    public Started start(boolean engine, Watcher watcher) {
        String store = parts.store().describe();
        watcher.storeUp(store);
        parts.leftStore().ifPresent(left -> watcher.storeLeft(left, parts.stopStore()));
        List<String> started = new ArrayList<>();
        Optional<Failure> failed = engine ? startInstances(started, watcher) : Optional.empty();
        parts.proxy().renewal().ifPresent(watcher::proxiesRenewed);
        List<String> repaired = parts.proxy().ensureRunning();
        List<String> proxies = parts.proxy().describe();
        watcher.proxiesUp(repaired, proxies);
        return new Started(store, started, proxies, repaired, failed);
    }

    private Optional<Failure> startInstances(List<String> started, Watcher watcher) {
        try {
            started.addAll(new StoppedInstances(parts.installation(events)).start());
            return Optional.empty();
        } catch (Failure failure) {
            if (failure.kind().passes()) {
                watcher.instancesNotStarted(failure);
                return Optional.empty();
            }
            return Optional.of(failure);
        }
    }
}
