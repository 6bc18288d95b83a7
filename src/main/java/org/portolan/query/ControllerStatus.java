package org.portolan.query;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.model.LocalTimes;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.store.Store;
import org.portolan.store.StoreException;

/**
 * What the controller last observed; also of one that no longer runs.
 *
 * @param leader who leads now, for people; empty: no controller runs
 */
public record ControllerStatus(Optional<String> leader, List<Standing> standings) {

    /** Asks the store; nothing is known where it does not answer. */
    public static ControllerStatus of(Viewed viewed, Consumer<String> warnings) {
        try {
            Optional<Store> store = viewed.storeIfAny();
            return new ControllerStatus(
                    store.flatMap(known -> known.holder(Store.LEADER)),
                    store.map(Store::standings).orElse(List.of()));
        } catch (StoreException unreachable) {
            warnings.accept(unreachable.what());
            return new ControllerStatus(Optional.empty(), List.of());
        }
    }

    /** The sources that it follows, by name. */
    public List<Standing> sources() {
        return standings.stream()
                .filter(standing -> standing.subject() == Subject.SOURCE)
                .sorted(Comparator.comparing(Standing::name))
                .toList();
    }

    /** How a deployment stands; empty when no controller has looked at it. */
    public Optional<Standing> deployment(String name) {
        return standings.stream()
                .filter(standing -> standing.subject() == Subject.DEPLOYMENT
                        && standing.name().equals(name))
                .findFirst();
    }

    /** A standing in words; empty when all is well. */
    public static Optional<String> words(Standing standing) {
        if (standing.condition() == Condition.OK) {
            return Optional.empty();
        }
        return Optional.of(standing.condition().word() + " since " + time(standing.since())
                + (standing.what().isEmpty() ? "" : ": " + standing.what())
                + standing.next().map(next -> "; next attempt " + time(next)).orElse(""));
    }

    private static String time(Instant at) {
        return LocalTimes.toTheSecond(at.atZone(ZoneId.systemDefault()));
    }
}
