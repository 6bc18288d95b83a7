package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.List;

/** A service that is being put together. Keys are written in the order of the reference page, whatever the order of puts. */
public final class ServiceDraft {
    private static final List<String> ORDER = List.of(
            "image",
            "pull",
            "entrypoint",
            "cmd",
            "env_files",
            "env",
            "port",
            "ports",
            "wan_map",
            "volumes",
            "files",
            "tmpfs",
            "health",
            "require",
            "scale",
            "restart",
            "completes",
            "rollout",
            "stop",
            "resources");

    private final String name;
    private final Part.Fields keys = new Part.Fields();
    private final List<String> comments = new ArrayList<>();
    private final List<String> closing = new ArrayList<>();

    public ServiceDraft(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public Part.Fields keys() {
        return keys;
    }

    /** A comment above the service. */
    public void comment(String text) {
        comments.add(text);
    }

    /** A comment at its end: a key that a person may want. */
    public void suggest(String text) {
        closing.add(text);
    }

    /** Where the engine's create request gets an option without a key. */
    public Part.Fields hostConfig() {
        return keys.map("docker").map("HostConfig");
    }

    /** Whether another service says the same for a key. */
    public boolean same(String key, ServiceDraft other) {
        Part own = keys.get(key);
        Part theirs = other.keys.get(key);
        if (own == null || theirs == null) {
            return own == null && theirs == null;
        }
        return PartWriter.shown(own).equals(PartWriter.shown(theirs));
    }

    void write(PartWriter out) {
        comments.forEach(text -> out.comment(0, text));
        if (keys.isEmpty()) {
            out.line(name + ":");
            return;
        }
        out.line(name + ":");
        Part.Fields ordered = new Part.Fields();
        for (String key : ORDER) {
            copy(key, ordered);
        }
        keys.entries().keySet().forEach(key -> copy(key, ordered));
        out.fields(1, ordered);
        closing.forEach(text -> out.comment(1, text));
    }

    private void copy(String key, Part.Fields ordered) {
        Part value = keys.get(key);
        if (value != null && ordered.get(key) == null) {
            ordered.put(key, value);
            keys.comments(key).forEach(text -> ordered.comment(key, text));
        }
    }
}
