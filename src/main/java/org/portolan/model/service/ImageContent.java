package org.portolan.model.service;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content that an image's reference stood for when a version was made. A registry and an engine name content in the same
 * form, and only a registry's digest can be fetched again: the two are never mixed.
 *
 * @param value {@code sha256:…}
 */
public record ImageContent(String value, Kind kind) {
    private static final String VALUE = "image_id";
    private static final String KIND = "image_kind";

    /** Whose name it is. */
    public enum Kind {
        /** A registry's: it can be fetched as {@code name@sha256:…}. */
        DIGEST,
        /** The engine's own, of an image that was in no registry. */
        ID,
        /** Not recorded: Portolan did not tell them apart up to commit 1ce5309. */
        UNKNOWN
    }

    /** Written out, as {@link #hashCode}: each JVM would make a record's own again (docs/adr/0038). */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageContent that && kind == that.kind && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return 31 * value.hashCode() + kind.hashCode();
    }

    /** What a version's definition recorded. */
    public static Optional<ImageContent> of(Definition definition) {
        Object value = definition.get(VALUE);
        if (value == null) {
            return Optional.empty();
        }
        Object kind = definition.get(KIND);
        return Optional.of(new ImageContent(
                Definition.text(value),
                "digest".equals(kind) ? Kind.DIGEST : "id".equals(kind) ? Kind.ID : Kind.UNKNOWN));
    }

    /** A copy of a definition that records this content. */
    public Definition recordedIn(Definition definition) {
        return definition
                .with(VALUE, value)
                .with(
                        KIND,
                        switch (kind) {
                            case DIGEST -> "digest";
                            case ID -> "id";
                            case UNKNOWN -> null;
                        });
    }

    /** The definition without what tells the names apart, which makes no other version. */
    static Definition withoutKind(Definition definition) {
        return definition.get(KIND) == null ? definition : definition.with(KIND, null);
    }

    /** {@code name@sha256:…}; empty for an engine's own id, which no registry knows. */
    public Optional<String> pinned(String reference) {
        return kind == Kind.ID ? Optional.empty() : Optional.of(repository(reference) + "@" + value);
    }

    /** The reference without tag and digest. */
    public static String repository(String reference) {
        int at = reference.indexOf('@');
        String name = at < 0 ? reference : reference.substring(0, at);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
    }
}
