package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.json.StrictJson;
import org.portolan.model.service.Definition;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.StoreException;

/** Reads kept versions' definitions, which are encrypted: one, or as many as are wanted in one round trip. */
final class StoredDefinitions {
    /** A kibibyte or two each. */
    private static final int MOST_OPENED = 2000;

    private final ConnectionPool links;
    private final Keys keys;
    private final Encryptor seal;
    private final Consumer<StoreException> unreadable;

    /** What was opened, by its place: that a JVM has just begun makes it slow, and most of it never changes. */
    private final Map<String, Opened> opened = new ConcurrentHashMap<>();

    /** A sealed entry, and what it says. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    private record Opened(byte[] value, Definition definition) {}

    /** @param unreadable told of what cannot be read; throws where that is the store's fault, not the entry's */
    StoredDefinitions(ConnectionPool links, Keys keys, Encryptor seal, Consumer<StoreException> unreadable) {
        this.links = links;
        this.keys = keys;
        this.seal = seal;
        this.unreadable = unreadable;
    }

    Optional<Definition> one(String deployment, VersionId version) {
        return Optional.ofNullable(some(deployment, List.of(version)).get(version));
    }

    Map<VersionId, Definition> some(String deployment, Collection<VersionId> versions) {
        return ofAll(Map.of(deployment, versions)).getOrDefault(deployment, Map.of());
    }

    /** Those of several deployments; each has an entry, which is empty when nothing of it can be read. */
    Map<String, Map<VersionId, Definition>> ofAll(Map<String, ? extends Collection<VersionId>> wanted) {
        Map<String, List<VersionId>> asked = new TreeMap<>();
        wanted.forEach((deployment, versions) -> {
            if (!versions.isEmpty()) {
                asked.put(deployment, List.copyOf(versions));
            }
        });
        Map<String, Map<VersionId, Definition>> found = new HashMap<>();
        if (asked.isEmpty()) {
            return found;
        }
        List<byte[]> arguments = new ArrayList<>(List.of(bytes(Scripts.FIELDS), bytes(String.valueOf(asked.size()))));
        asked.keySet().forEach(deployment -> arguments.add(bytes(keys.definitions(deployment))));
        for (List<VersionId> versions : asked.values()) {
            arguments.add(bytes(String.valueOf(versions.size())));
            versions.forEach(version -> arguments.add(bytes(field(version))));
        }
        Object reply = links.call(Command.EVAL, arguments.toArray(new byte[0][]));
        List<?> values = reply instanceof List<?> list ? list : List.of();
        int at = 0;
        Encryptor opening = seal.together();
        for (Map.Entry<String, List<VersionId>> entry : asked.entrySet()) {
            found.put(entry.getKey(), read(opening, entry.getKey(), entry.getValue(), values.get(at++)));
        }
        return found;
    }

    private Map<VersionId, Definition> read(
            Encryptor opening, String deployment, List<VersionId> versions, @Nullable Object reply) {
        Map<VersionId, Definition> found = new HashMap<>();
        if (!(reply instanceof List<?> values)) {
            unreadable.accept(StoreJson.damaged(keys.definitions(deployment), RedisLink.text(reply), Optional.empty()));
            return found;
        }
        for (int i = 0; i < versions.size(); i++) {
            VersionId version = versions.get(i);
            if (values.get(i) instanceof byte[] value) {
                open(opening, keys.definitions(deployment) + " " + field(version), value)
                        .ifPresent(definition -> found.put(version, definition));
            }
        }
        return found;
    }

    private Optional<Definition> open(Encryptor opening, String place, byte[] value) {
        if (opened.size() >= MOST_OPENED) {
            opened.clear();
        }
        try {
            Opened found = opened.compute(place, (same, before) -> {
                boolean known = before != null && Arrays.equals(before.value(), value);
                return known
                        ? before
                        : new Opened(
                                value,
                                StoreJson.read(place, opening.open(place, value), tree -> definition(place, tree)));
            });
            return Optional.of(found.definition());
        } catch (StoreException problem) {
            unreadable.accept(problem);
            return Optional.empty();
        }
    }

    private static String field(VersionId version) {
        return Keys.versionField(version.service(), version.number(), version.files());
    }

    private static Definition definition(String place, StrictJson tree) {
        try {
            return Definition.of(noNulls(tree.map()));
        } catch (IllegalArgumentException | NullPointerException notDefinition) {
            throw StoreJson.damaged(place, "it is not a definition", Optional.of(notDefinition));
        }
    }

    @SuppressWarnings("NullAway") // a null in it is found by Definition itself
    private static Map<String, Object> noNulls(Map<String, @Nullable Object> map) {
        return new TreeMap<>(map);
    }
}
