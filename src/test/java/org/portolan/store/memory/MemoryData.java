package org.portolan.store.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.AccessEvent;
import org.portolan.model.event.Event;
import org.portolan.model.service.Definition;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.service.Version;
import org.portolan.model.state.AskedChange;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.store.Commit;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.StoreException;

/** What a {@link MemoryStore} holds apart from locks. Guarded by it. */
final class MemoryData {
    private final NavigableMap<String, DeploymentState> states = new TreeMap<>();
    private final Map<String, Map<VersionId, Definition>> definitions = new HashMap<>();
    private final Map<String, NavigableMap<String, List<GeneratedValue>>> generated = new HashMap<>();
    private final Map<String, NavigableMap<Integer, Release>> releases = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Consumer<Event>> followers = new CopyOnWriteArrayList<>();
    private long lastEvent;
    private int commits;

    /** Of deployments and of releases, what another key encrypted. */
    private final Set<String> sealed = new HashSet<>();

    private final Set<String> damaged = new TreeSet<>();
    private final Map<String, Standing> standings = new TreeMap<>();
    private final Map<String, Grant> grants = new TreeMap<>();
    private final Map<String, String> positions = new TreeMap<>();
    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, AskedChange> asked = new TreeMap<>();
    private Optional<Instant> askedSince = Optional.empty();

    MemoryData copy() {
        MemoryData copy = new MemoryData();
        copy.restore(this);
        return copy;
    }

    void restore(MemoryData backup) {
        clear();
        states.putAll(backup.states);
        backup.definitions.forEach((name, kept) -> definitions.put(name, new HashMap<>(kept)));
        backup.generated.forEach((name, kept) -> generated.put(name, new TreeMap<>(kept)));
        backup.releases.forEach((name, kept) -> releases.put(name, new TreeMap<>(kept)));
        events.addAll(backup.events);
        lastEvent = backup.lastEvent;
        sealed.addAll(backup.sealed);
        damaged.addAll(backup.damaged);
        standings.putAll(backup.standings);
        grants.putAll(backup.grants);
        positions.putAll(backup.positions);
        instructions.addAll(backup.instructions);
        asked.putAll(backup.asked);
        askedSince = backup.askedSince;
    }

    /** What was encrypted so far cannot be read any more. */
    void loseKey() {
        definitions.clear();
        generated.values().forEach(values -> values.replaceAll((name, lost) -> List.of()));
        releases.forEach((name, kept) -> kept.keySet().forEach(number -> sealed.add(name + " " + number)));
    }

    void damage(String name) {
        states.remove(name);
        damaged.add(name);
    }

    Set<String> damaged() {
        return new TreeSet<>(damaged);
    }

    void clear() {
        states.clear();
        definitions.clear();
        generated.clear();
        releases.clear();
        events.clear();
        sealed.clear();
        damaged.clear();
        standings.clear();
        grants.clear();
        instructions.clear();
        asked.clear();
        askedSince = Optional.empty();
        positions.clear();
    }

    Map<String, String> positions() {
        return positions;
    }

    List<Standing> standings() {
        return List.copyOf(standings.values());
    }

    List<Grant> grants() {
        return List.copyOf(grants.values());
    }

    List<Event> auditBefore(String beforeId, int limit) {
        List<Event> all = eventsBefore(beforeId, Integer.MAX_VALUE).stream()
                .filter(event -> event.data() instanceof AccessEvent)
                .toList();
        return all.subList(Math.max(0, all.size() - limit), all.size());
    }

    List<Instruction> instructions() {
        return List.copyOf(instructions);
    }

    Commit.Asked asked() {
        return new Commit.Asked(List.copyOf(asked.values()), List.of(), askedSince);
    }

    private void requireRevisions(Commit commit) {
        for (AskedChange now : commit.asked().now()) {
            AskedChange known = asked.get(now.key());
            if (known != null && known.revision() != now.revision() - 1) {
                throw new StoreException(
                        Kind.FENCED, "another controller carries out what was asked for", Optional.empty());
            }
        }
    }

    private static String key(Standing standing) {
        return standing.subject() + " " + standing.name();
    }

    int commits() {
        return commits;
    }

    Map<String, DeploymentState> states() {
        return new TreeMap<>(states);
    }

    Optional<Definition> definition(String deployment, VersionId version) {
        return Optional.ofNullable(
                definitions.getOrDefault(deployment, Map.of()).get(version));
    }

    Map<String, List<GeneratedValue>> generated(String deployment) {
        return new TreeMap<>(generated.getOrDefault(deployment, new TreeMap<>()));
    }

    List<Release> releases(String deployment, int limit) {
        return releases.getOrDefault(deployment, new TreeMap<>()).values().stream()
                .sorted(Comparator.comparingInt(Release::number).reversed())
                .limit(limit)
                .toList();
    }

    Optional<Release> release(String deployment, int number) {
        if (sealed.contains(deployment + " " + number)) {
            throw new StoreException(
                    Kind.CORRUPT, "release " + number + " of " + deployment + " cannot be decrypted", Optional.empty());
        }
        Release release = releases.getOrDefault(deployment, new TreeMap<>()).get(number);
        return Optional.ofNullable(release).map(this::withEvents);
    }

    List<Event> events(String afterId, int limit) {
        long after = afterId.isEmpty() ? 0 : Long.parseLong(afterId);
        return events.stream()
                .filter(event -> Long.parseLong(event.id()) > after)
                .limit(limit)
                .toList();
    }

    List<Event> eventsBefore(String beforeId, int limit) {
        long before = beforeId.isEmpty() ? Long.MAX_VALUE : Long.parseLong(beforeId);
        List<Event> all = events.stream()
                .filter(event -> Long.parseLong(event.id()) < before)
                .toList();
        return all.subList(Math.max(0, all.size() - limit), all.size());
    }

    List<Event> log(String deployment, String afterId) {
        return events(afterId, Integer.MAX_VALUE).stream()
                .filter(event -> event.deployment().equals(deployment) && event.release() != 0)
                .toList();
    }

    AutoCloseable follow(Consumer<Event> listener) {
        followers.add(listener);
        return () -> followers.remove(listener);
    }

    private Release withEvents(Release release) {
        List<Event> own = new ArrayList<>();
        for (Event event : events) {
            if (event.deployment().equals(release.deployment()) && event.release() == release.number()) {
                own.add(event);
            }
        }
        return copy(release, own);
    }

    private static Release copy(Release release, List<Event> events) {
        return new Release(
                release.deployment(),
                release.number(),
                release.origin(),
                release.who(),
                release.started(),
                release.ended(),
                release.outcome(),
                release.cause(),
                release.services(),
                release.domains(),
                events);
    }

    void apply(Commit commit) {
        requireRevisions(commit);
        commit.asked().now().forEach(now -> asked.put(now.key(), now));
        commit.asked().gone().forEach(asked::remove);
        askedSince = commit.asked().since().or(() -> askedSince);
        commit.standings().now().forEach(now -> standings.put(key(now), now));
        commit.standings().gone().forEach(gone -> standings.remove(key(gone)));
        commit.grants().now().forEach(now -> grants.put(now.name(), now));
        commit.grants().gone().forEach(grants::remove);
        commit.instructions().gone().forEach(gone -> instructions.removeIf(gone::sameAs));
        commit.instructions().now().forEach(now -> {
            instructions.removeIf(now::sameAs);
            instructions.add(now);
        });
        commits++;
        String name = commit.deployment();
        if (commit.remove()) {
            states.remove(name);
            definitions.remove(name);
            releases.remove(name);
        }
        if (commit.remove() || commit.state().isPresent()) {
            damaged.remove(name);
        }
        commit.state().ifPresent(state -> states.put(name, state));
        for (Version version : commit.versions()) {
            definitions
                    .computeIfAbsent(name, key -> new HashMap<>())
                    .put(new VersionId(version.service(), version.number(), version.files()), version.definition());
        }
        commit.generated().forEach((value, versions) -> {
            NavigableMap<String, List<GeneratedValue>> own = generated.computeIfAbsent(name, key -> new TreeMap<>());
            if (versions.isEmpty()) {
                own.remove(value);
            } else {
                own.put(value, versions);
            }
        });
        commit.releases().forEach(release -> sealed.remove(name + " " + release.number()));
        commit.releases().forEach(release -> releases.computeIfAbsent(name, key -> new TreeMap<>())
                .put(release.number(), copy(release, List.of())));
        @Nullable Map<VersionId, Definition> kept = definitions.get(name);
        if (kept != null) {
            commit.forget().versions().forEach(kept::remove);
        }
        @Nullable NavigableMap<Integer, Release> history = releases.get(name);
        if (history != null) {
            commit.forget().releases().forEach(history::remove);
        }
        for (Event event : commit.events()) {
            Event stored = event.withId(Long.toString(++lastEvent));
            events.add(stored);
            followers.forEach(follower -> follower.accept(stored));
        }
    }
}
