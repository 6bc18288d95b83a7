package org.portolan.model.container;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Platform;

/**
 * An image that is present.
 *
 * @param id the local content id ({@code sha256:…})
 * @param tags the names that it is called by on this engine ({@code name:tag}); none when they were given to another
 * @param digests repository digests ({@code name@sha256:…}); none for an image that was never in a registry
 * @param exposedPorts TCP ports that the image says it listens on
 * @param stopSignal the image's own
 * @param volumes paths that it declares as volumes, sorted
 * @param healthcheck its {@code HEALTHCHECK}; empty when it has none or says {@code NONE}
 * @param platform what it is built for, if it says
 */
public record Image(
        String id,
        List<String> tags,
        List<String> digests,
        List<Integer> exposedPorts,
        Optional<String> stopSignal,
        List<String> volumes,
        Optional<Healthcheck> healthcheck,
        Optional<Platform> platform) {

    /**
     * When the engine runs the image's check, with the engine's defaults filled in.
     *
     * @param retries failures in a row that make a container unhealthy
     * @param startPeriod in which failures do not count
     */
    public record Healthcheck(Duration interval, Duration timeout, int retries, Duration startPeriod) {
        /** What the engine takes where an image says nothing. */
        public static final Healthcheck DEFAULT =
                new Healthcheck(Duration.ofSeconds(30), Duration.ofSeconds(30), 3, Duration.ZERO);
    }

    /** One that does not say what it is built for. */
    public Image(
            String id,
            List<String> tags,
            List<String> digests,
            List<Integer> exposedPorts,
            Optional<String> stopSignal,
            List<String> volumes,
            Optional<Healthcheck> healthcheck) {
        this(id, tags, digests, exposedPorts, stopSignal, volumes, healthcheck, Optional.empty());
    }

    /** One without volumes and without a check. */
    public Image(
            String id,
            List<String> tags,
            List<String> digests,
            List<Integer> exposedPorts,
            Optional<String> stopSignal) {
        this(id, tags, digests, exposedPorts, stopSignal, List.of(), Optional.empty());
    }
}
