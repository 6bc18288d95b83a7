package org.portolan.model.service;

import org.jspecify.annotations.Nullable;

/**
 * Who owns a deployment: where its desired state comes from. Equal ids are the same source.
 *
 * @param location a repository's address in normal form, the real path of a file outside Git, or {@code hand}
 * @param path the Servicefile's path in the repository; "" outside Git
 */
public record SourceId(String location, String path) {
    /** The owner of services set with {@code set-service}. */
    public static final SourceId HAND = new SourceId("hand", "");

    /** Written out, as {@link #hashCode}: each JVM would make a record's own again (docs/adr/0038). */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SourceId that && location.equals(that.location) && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return 31 * location.hashCode() + path.hashCode();
    }

    @Override
    public String toString() {
        return path.isEmpty() ? location : location + ":" + path;
    }
}
