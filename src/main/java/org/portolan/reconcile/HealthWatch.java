package org.portolan.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.model.state.Standing.Replaced;
import org.portolan.model.state.Standing.Unhealthy;

/**
 * Which instances run and are unhealthy, since when, and what was tried. One at a time is replaced, and only so often: what makes
 * each new one unhealthy too lies elsewhere. Not for several threads at once.
 */
public final class HealthWatch {
    /** A service whose instances were healthy for so long has its attempts again. */
    private static final Duration CALM = Duration.ofMinutes(10);

    private final HealthPolicy policy;
    /** What another leader saw counts for so long: each looks every minute, and the next one leads within seconds. */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    /** That one still is unhealthy is noted so often, as each note is written down. */
    private static final Duration NOTED = Duration.ofSeconds(30);

    /** By deployment, since when its unhealthy containers are so. */
    private final Map<String, Map<String, Ill>> since = new HashMap<>();

    private final Map<Group, Tried> tried = new HashMap<>();

    public HealthWatch(HealthPolicy policy) {
        this.policy = policy;
    }

    /** An instance that is unhealthy. */
    public record Sick(String container, String name, String service, int version) {}

    /** What shares its attempts. */
    private record Group(String deployment, String service, int version) {}

    private record Tried(int count, Instant last) {}

    private record Ill(Instant since, Instant seen) {
        Ill at(Instant now) {
            return Duration.between(seen, now).compareTo(NOTED) < 0 ? this : new Ill(since, now);
        }

        Ill notAfter(Instant now) {
            return new Ill(since.isAfter(now) ? now : since, seen.isAfter(now) ? now : seen);
        }
    }

    /**
     * What follows from a look.
     *
     * @param replace the one whose place another shall take now
     * @param next when to look again; empty: when something happens
     * @param words of those that are unhealthy for long; "" for none
     */
    public record Finding(Optional<Sick> replace, Optional<Instant> next, String words) {}

    /** Takes over which instances of a deployment are unhealthy now. */
    public Finding look(String deployment, Collection<Sick> sick, Instant now) {
        Map<String, Ill> known = since.getOrDefault(deployment, Map.of());
        Map<String, Ill> still = new TreeMap<>();
        sick.forEach(one -> still.put(
                one.container(),
                known.getOrDefault(one.container(), new Ill(now, now)).at(now)));
        if (still.isEmpty()) {
            since.remove(deployment);
        } else {
            since.put(deployment, still);
        }
        forgetAttempts(deployment, sick, now);
        List<Sick> longest = sick.stream()
                .sorted(Comparator.comparing((Sick one) -> start(still, one)).thenComparing(Sick::name))
                .toList();
        Optional<Sick> replace = Optional.empty();
        Optional<Instant> next = Optional.empty();
        StringBuilder words = new StringBuilder();
        for (Sick one : longest) {
            int count = tried.getOrDefault(group(deployment, one), new Tried(0, now))
                    .count();
            // Once all was tried, one that is unhealthy for a moment is so as those before it were.
            boolean spent = count > 0 && count >= policy.attempts();
            Instant due = start(still, one).plus(policy.after());
            if (due.isAfter(now) && !spent) {
                next = next.isPresent() ? next : Optional.of(due);
                continue;
            }
            if (count < policy.attempts()) {
                replace = replace.isPresent() ? replace : Optional.of(one);
            }
            words.append(words.isEmpty() ? "" : "; ")
                    .append(one.name())
                    .append(" runs and is unhealthy")
                    .append(count == 0 ? "" : ", as others of its version that were replaced: " + count);
        }
        return new Finding(replace, next, words.toString());
    }

    private static Instant start(Map<String, Ill> still, Sick one) {
        Ill ill = still.get(one.container());
        return ill == null ? Instant.MAX : ill.since();
    }

    private static Group group(String deployment, Sick one) {
        return new Group(deployment, one.service(), one.version());
    }

    private void forgetAttempts(String deployment, Collection<Sick> sick, Instant now) {
        Set<Group> ill = new HashSet<>();
        sick.forEach(one -> ill.add(group(deployment, one)));
        tried.entrySet()
                .removeIf(entry -> entry.getKey().deployment().equals(deployment)
                        && !ill.contains(entry.getKey())
                        && !now.isBefore(
                                entry.getValue().last().plus(policy.after()).plus(CALM)));
    }

    /** The clock was set back to this time: nothing was so since a later one. */
    public void clockSetBack(Instant now) {
        since.values().forEach(known -> known.replaceAll((container, then) -> then.notAfter(now)));
        tried.replaceAll((group, known) -> known.last().isAfter(now) ? new Tried(known.count(), now) : known);
    }

    /** What was tried of a deployment, for whoever watches next. */
    public List<Replaced> replaced(String deployment) {
        return tried.entrySet().stream()
                .filter(entry -> entry.getKey().deployment().equals(deployment))
                .map(entry -> new Replaced(
                        entry.getKey().service(),
                        entry.getKey().version(),
                        entry.getValue().count(),
                        entry.getValue().last()))
                .sorted(Comparator.comparing(Replaced::service).thenComparingInt(Replaced::version))
                .toList();
    }

    /** Which are unhealthy since when, for whoever watches next. */
    public List<Unhealthy> unhealthy(String deployment) {
        return since.getOrDefault(deployment, Map.of()).entrySet().stream()
                .map(entry -> new Unhealthy(
                        entry.getKey(),
                        entry.getValue().since(),
                        entry.getValue().seen()))
                .toList();
    }

    /**
     * Takes over what another one tried and saw. What it saw long ago, or will have seen by a clock that is ahead, counts for nothing: one
     * that recovered meanwhile, or was unhealthy for a moment, is not replaced.
     */
    public void resume(String deployment, List<Replaced> known, List<Unhealthy> seen, Instant now) {
        Map<String, Ill> ill = new TreeMap<>();
        seen.stream()
                .filter(one -> !one.seen().isAfter(now)
                        && !one.since().isAfter(one.seen())
                        && Duration.between(one.seen(), now).compareTo(REMEMBERED) <= 0)
                .forEach(one -> ill.put(one.container(), new Ill(one.since(), one.seen())));
        if (!ill.isEmpty()) {
            since.put(deployment, ill);
        }
        known.forEach(one ->
                tried.put(new Group(deployment, one.service(), one.version()), new Tried(one.count(), one.last())));
    }

    /** One is being replaced. */
    public void replacing(String deployment, Sick one, Instant now) {
        tried.merge(group(deployment, one), new Tried(1, now), (before, first) -> new Tried(before.count() + 1, now));
    }
}
