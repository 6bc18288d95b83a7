package org.portolan.model.service;

/**
 * Who owns a deployment: where its desired state comes from. Equal ids are the same source.
 *
 * @param location a repository's address in normal form, the real path of a file outside Git, or {@code hand}
 * @param path the Servicefile's path in the repository; "" outside Git
 */
public record SourceId(String location, String path) {
    /** The owner of services set with {@code set-service}. */
    public static final SourceId HAND = new SourceId("hand", "");

    @Override
    public String toString() {
        return path.isEmpty() ? location : location + ":" + path;
    }
}
