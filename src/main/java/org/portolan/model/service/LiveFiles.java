package org.portolan.model.service;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a service that its running instances reload: their content is not in the version. */
public final class LiveFiles {
    /** A file's key for what makes instances reload it. */
    static final String RELOAD = "reload";

    private static final String FILES = "files";

    private LiveFiles() {}

    /** A copy without the content of the files that are reloaded, and without what reloads them. */
    static Definition withoutContent(Definition definition) {
        if (live(definition).isEmpty()) {
            return definition;
        }
        SortedMap<String, Object> files = forms(definition);
        files.replaceAll((path, form) -> {
            if (!(form instanceof Map<?, ?> keys) || !keys.containsKey(RELOAD)) {
                return form;
            }
            SortedMap<String, Object> rest = copy(keys);
            rest.remove("content");
            rest.remove("base64");
            rest.put(RELOAD, true);
            return rest;
        });
        return definition.with(FILES, files);
    }

    /** What the content of all of them, with what reloads them, is known by; empty: there are none. */
    public static Optional<String> hash(Definition definition) {
        SortedMap<String, Object> live = live(definition);
        return live.isEmpty() ? Optional.empty() : Optional.of(Definition.digest(Definition.of(Map.of(FILES, live))));
    }

    /** The same version's definition with the content that another one has. */
    public static Definition from(Definition same, Definition other) {
        return live(same).isEmpty() ? same : same.with(FILES, other.get(FILES));
    }

    /** A definition with the content that a container showed of the files that are reloaded, values of the instance and all. */
    public static Definition shown(Definition definition, Definition container) {
        SortedMap<String, Object> files = forms(definition);
        SortedMap<String, Object> there = forms(container);
        live(definition).forEach((path, form) -> {
            if (form instanceof Map<?, ?> keys && there.get(path) instanceof Map<?, ?> found) {
                SortedMap<String, Object> changed = copy(keys);
                changed.remove("template");
                changed.remove("base64");
                copy(found).forEach((key, value) -> {
                    if (key.equals("content") || key.equals("base64")) {
                        changed.put(key, value);
                    }
                });
                files.put(path, changed);
            }
        });
        return definition.with(FILES, files);
    }

    /** What the content of each is known by, by path. */
    public static SortedMap<String, String> hashes(ServiceSpec spec) {
        SortedMap<String, String> hashes = new TreeMap<>();
        spec.files().forEach((path, file) -> {
            if (file.reload().isPresent()) {
                hashes.put(path, file.hash());
            }
        });
        return hashes;
    }

    private static SortedMap<String, Object> live(Definition definition) {
        SortedMap<String, Object> live = forms(definition);
        live.values().removeIf(form -> !(form instanceof Map<?, ?> keys && keys.containsKey(RELOAD)));
        return live;
    }

    private static SortedMap<String, Object> forms(Definition definition) {
        return definition.get(FILES) instanceof Map<?, ?> files ? copy(files) : new TreeMap<>();
    }

    private static SortedMap<String, Object> copy(Map<?, ?> map) {
        SortedMap<String, Object> copy = new TreeMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), Objects.requireNonNull(value)));
        return copy;
    }

    /** SHA-256 in hex. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
        }
    }
}
