package org.portolan.model.service;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The names of the engine's create request that Portolan merges; the engine reads names whatever their case. */
public final class DockerKeys {
    public static final String ENV = "Env";
    public static final String LABELS = "Labels";
    public static final String HOST_CONFIG = "HostConfig";
    public static final String PORT_BINDINGS = "PortBindings";

    private DockerKeys() {}

    /** Whether the engine takes a name for that one: its JSON reader folds case. */
    public static boolean same(String name, String other) {
        return name.equalsIgnoreCase(other);
    }

    /** The value of a name, in whatever case it is written. */
    public static Optional<Object> find(Map<?, ?> map, String name) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (same(String.valueOf(entry.getKey()), name)) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    /** A copy without what is merged elsewhere, variables and labels, and with secrets in clear, as the engine needs it. */
    static SortedMap<String, Object> rest(Map<?, ?> docker) {
        SortedMap<String, Object> rest = new TreeMap<>();
        docker.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (!same(name, ENV) && !same(name, LABELS)) {
                rest.put(name, clear(value));
            }
        });
        return rest;
    }

    /** A map laid over another: maps are merged by their names in whatever case, anything else is replaced. */
    static SortedMap<String, Object> merged(Map<?, ?> base, Map<?, ?> over) {
        SortedMap<String, Object> all = new TreeMap<>();
        base.forEach((key, value) -> all.put(String.valueOf(key), value));
        over.forEach((key, value) -> {
            String name = all.keySet().stream()
                    .filter(known -> same(known, String.valueOf(key)))
                    .findFirst()
                    .orElse(String.valueOf(key));
            Object below = all.get(name);
            all.put(name, below instanceof Map<?, ?> old && value instanceof Map<?, ?> map ? merged(old, map) : value);
        });
        return all;
    }

    private static Object clear(Object node) {
        if (Definition.isSecret(node)) {
            return Definition.text(node);
        }
        if (node instanceof Map<?, ?> map) {
            SortedMap<String, Object> copy = new TreeMap<>();
            map.forEach((key, value) -> copy.put(String.valueOf(key), clear(Objects.requireNonNull(value))));
            return copy;
        }
        if (node instanceof List<?> list) {
            return list.stream()
                    .map(item -> clear(Objects.requireNonNull(item)))
                    .toList();
        }
        return node;
    }

    /**
     * A definition as Portolan wrote it before it marked secrets under {@code docker}: what hashes of that time stand for.
     */
    static Definition unmarked(Definition definition) {
        Object docker = definition.get("docker");
        return docker == null ? definition : definition.with("docker", clear(docker));
    }
}
