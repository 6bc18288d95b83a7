package org.portolan.model.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.portolan.model.event.Event;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;

/**
 * One deployment at one moment: the unit of history and of rollback.
 *
 * @param number from 1 in each deployment
 * @param who the person or hook that asked, {@code user@host}
 * @param services every service's version and scale
 * @param domains the domains whose routes lead to this deployment, as they stood
 * @param ended when the outcome was known
 * @param cause why it failed, or what kind of release it is ({@code rollback to 3}); "" otherwise
 * @param events what happened, oldest first; only of a release that was asked for by its number
 */
public record Release(
        String deployment,
        int number,
        Origin origin,
        String who,
        Instant started,
        Optional<Instant> ended,
        Outcome outcome,
        String cause,
        SortedMap<String, Placed> services,
        List<Domain> domains,
        List<Event> events) {

    /** How a release ended. */
    public enum Outcome {
        RUNNING,
        DONE,
        FAILED,
        /** A newer one took its place before it began. */
        SUPERSEDED
    }

    /**
     * A service in a release.
     *
     * @param wanMap the addresses of the outside that carried its ports, which are no part of the version; empty in what
     *     Portolan wrote up to commit 1ce5309, where the version's definition says them
     * @param maxConnections of an instance's port, which the version does not say either; 0: any number
     * @param files what the content of the files that instances reload is known by, which the version does not tell either;
     *     empty: there are none, or it is not known
     */
    public record Placed(
            int version,
            int scale,
            Optional<SortedMap<String, String>> wanMap,
            int maxConnections,
            Optional<String> files) {
        public Placed(int version, int scale) {
            this(version, scale, Optional.empty());
        }

        /** One without a limit of connections and without files that instances reload. */
        public Placed(int version, int scale, Optional<SortedMap<String, String>> wanMap) {
            this(version, scale, wanMap, 0, Optional.empty());
        }

        /** The same with another version, and the files that it began with. */
        public Placed of(int other) {
            return new Placed(other, scale, wanMap, maxConnections, Optional.empty());
        }

        /** The version's kept definition with the routing of this release. */
        public Definition routed(Definition kept) {
            return wanMap.map(known -> kept.with(Definition.WAN_MAP, known.isEmpty() ? null : known)
                            .with(Definition.MAX_CONNECTIONS, maxConnections == 0 ? null : (Object) maxConnections))
                    .orElse(kept);
        }

        /** Whether both say the same, as far as both say something. */
        public boolean same(Placed other) {
            boolean routed = wanMap.isEmpty()
                    || other.wanMap.isEmpty()
                    || (wanMap.equals(other.wanMap) && maxConnections == other.maxConnections);
            boolean loaded = files.isEmpty() || other.files.isEmpty() || files.equals(other.files);
            return version == other.version && scale == other.scale && routed && loaded;
        }
    }

    /** Whether two releases' services say the same. */
    public static boolean same(Map<String, Placed> services, Map<String, Placed> others) {
        return services.keySet().equals(others.keySet())
                && services.entrySet().stream()
                        .allMatch(entry -> entry.getValue().same(Objects.requireNonNull(others.get(entry.getKey()))));
    }

    public Release ended(Instant at, Outcome how, String why) {
        return new Release(
                deployment, number, origin, who, started, Optional.of(at), how, why, services, domains, events);
    }

    /** The same with those of the events that are its own. */
    public Release withEventsOf(List<Event> all) {
        List<Event> own =
                all.stream().filter(event -> event.release() == number).toList();
        return new Release(deployment, number, origin, who, started, ended, outcome, cause, services, domains, own);
    }
}
