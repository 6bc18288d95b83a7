package org.portolan.controller;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.portolan.model.service.Desired;
import org.portolan.reconcile.WorkKey;

/** What the sources were last read to say. May be used from many threads. */
final class SourceMemory {
    private final SortedMap<String, Followed> followed = new TreeMap<>();
    private final Map<String, Declared> declared = new HashMap<>();
    /** In which commit each part was found last, whether it could be read or not. */
    private final Map<String, String> found = new HashMap<>();

    private final Map<WorkKey, String> failed = new HashMap<>();
    private final Consumer<Followed> applied;

    /**
     * Knows nothing yet.
     *
     * @param applied gets the source of a deployment that was just brought to what it says
     */
    SourceMemory(List<Followed> sources, Consumer<Followed> applied) {
        sources.forEach(source -> followed.put(source.name(), source));
        this.applied = applied;
    }

    /** A deployment as a source declares it. */
    record Claim(Followed followed, Declared declared, Desired desired) {}

    /** Follows one more; false when one of that name is followed already. */
    synchronized boolean follow(Followed source) {
        return followed.putIfAbsent(source.name(), source) == null;
    }

    /**
     * Follows what the patterns of a source stand for now, and nothing else of it.
     *
     * @param source as it was followed when they were looked for
     * @return those that were not followed before, or were found in another commit; empty: the source is no longer followed like that, and nothing was done
     */
    synchronized Optional<Set<String>> parts(Followed source, SourceParts parts) {
        List<Followed> now = parts.all();
        String whole = source.name();
        if (!source.equals(followed.get(whole))) {
            return Optional.empty();
        }
        Set<String> fresh = new HashSet<>();
        Set<String> names = new HashSet<>();
        now.forEach(part -> {
            names.add(part.name());
            String commit = parts.commits().getOrDefault(part.name(), "");
            boolean known = followed.put(part.name(), part) != null;
            if (!commit.equals(found.put(part.name(), commit)) || !known) {
                fresh.add(part.name());
            }
        });
        List<String> gone = followed.values().stream()
                .filter(part -> part.partOf().filter(whole::equals).isPresent() && !names.contains(part.name()))
                .map(Followed::name)
                .toList();
        gone.forEach(this::forget);
        return Optional.of(fresh);
    }

    /**
     * Follows these from now on; what their patterns stand for is found again.
     *
     * @return those that are followed until they are forgotten
     */
    synchronized List<String> replace(List<Followed> now) {
        Set<String> names = new HashSet<>();
        now.forEach(source -> {
            names.add(source.name());
            followed.put(source.name(), source);
        });
        return followed.keySet().stream().filter(name -> !names.contains(name)).toList();
    }

    /** Follows it no longer, and forgets what it said, which is returned. */
    synchronized Optional<Declared> forget(String source) {
        followed.remove(source);
        found.remove(source);
        return Optional.ofNullable(declared.remove(source));
    }

    /** Forgets what the parts of a source said, so that all of it is news. */
    synchronized void unread(String whole) {
        followed.values().forEach(part -> {
            if (part.partOf().filter(whole::equals).isPresent()) {
                declared.remove(part.name());
            }
        });
    }

    /** Whether a source is followed, or may be one of the parts that a source has which was not read yet. */
    synchronized boolean mayFollow(String name) {
        if (followed.containsKey(name)) {
            return true;
        }
        return followed.values().stream()
                .anyMatch(whole -> whole.partOf().isEmpty()
                        && !declared.containsKey(whole.name())
                        && (name.startsWith(whole.name() + "@") || name.startsWith(whole.name() + ":"))
                        && followed.values().stream().noneMatch(part -> part.partOf()
                                .filter(whole.name()::equals)
                                .isPresent()));
    }

    synchronized List<Followed> all() {
        return List.copyOf(followed.values());
    }

    synchronized Optional<Followed> source(String name) {
        return Optional.ofNullable(followed.get(name));
    }

    synchronized Optional<Declared> declared(String source) {
        return Optional.ofNullable(declared.get(source));
    }

    /**
     * Notes what a source said.
     *
     * @param source as it was followed when it was read
     * @return false when it is no longer followed like that, and nothing was noted
     */
    synchronized boolean read(Followed source, Declared now) {
        boolean same = isFollowed(source);
        if (same) {
            declared.put(source.name(), now);
        }
        return same;
    }

    /** Whether a source is still followed as it was; a part is found again with each look, and is the same one. */
    synchronized boolean isFollowed(Followed source) {
        Followed known = followed.get(source.name());
        return source.equals(known)
                || (known != null
                        && source.partOf().isPresent()
                        && known.partOf().equals(source.partOf()));
    }

    /** What a source said last: every deployment that it declares; none once it is no longer followed. */
    synchronized List<Desired> latest(String source) {
        Declared known = followed.containsKey(source) ? declared.get(source) : null;
        return known == null ? List.of() : known.deployments();
    }

    /** The sources that declare a deployment, in the order of their names: more than one is refused. */
    synchronized List<Claim> claims(String deployment) {
        List<Claim> claims = new ArrayList<>();
        followed.forEach((name, source) -> {
            Declared known = declared.get(name);
            if (known != null) {
                known.deployment(deployment).ifPresent(desired -> claims.add(new Claim(source, known, desired)));
            }
        });
        return claims;
    }

    /** The source that a deployment comes from; empty where none declares it, or several do. */
    Optional<Claim> claim(String deployment) {
        List<Claim> claims = claims(deployment);
        return claims.size() == 1 ? Optional.of(claims.getFirst()) : Optional.empty();
    }

    synchronized SortedSet<String> deployments() {
        SortedSet<String> names = new TreeSet<>();
        declared.values().forEach(known -> known.deployments().forEach(desired -> names.add(desired.name())));
        return names;
    }

    /** Whether this failed before and is not tried again by itself. */
    synchronized boolean failed(WorkKey key, String digest) {
        return digest.equals(failed.get(key));
    }

    synchronized void fail(WorkKey key, String digest) {
        failed.put(key, digest);
    }

    void applied(WorkKey key) {
        synchronized (this) {
            failed.remove(key);
        }
        claim(key.name()).map(Claim::followed).ifPresent(applied);
    }
}
