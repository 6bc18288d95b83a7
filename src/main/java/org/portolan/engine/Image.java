package org.portolan.engine;

import java.util.List;
import java.util.Optional;

/**
 * An image that is present.
 *
 * @param id the local content id ({@code sha256:…})
 * @param tags the names that it is called by on this engine ({@code name:tag}); none when they were given to another
 * @param digests repository digests ({@code name@sha256:…}); none for an image that was never in a registry
 * @param exposedPorts TCP ports that the image says it listens on
 * @param stopSignal the image's own
 * @param volumes paths that it declares as volumes, sorted
 */
public record Image(
        String id,
        List<String> tags,
        List<String> digests,
        List<Integer> exposedPorts,
        Optional<String> stopSignal,
        List<String> volumes) {

    /** One without volumes. */
    public Image(
            String id,
            List<String> tags,
            List<String> digests,
            List<Integer> exposedPorts,
            Optional<String> stopSignal) {
        this(id, tags, digests, exposedPorts, stopSignal, List.of());
    }
}
