package org.portolan.model.container;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How a container was made, for making another like it. What its image says itself, and what each instance gets (name,
 * Portolan's labels, its network, the ports that Portolan publishes), is left out.
 *
 * @param imageId the engine's own id of its image
 * @param env variables that the image does not set so
 * @param command empty: the image's
 * @param entrypoint empty: the image's
 * @param restart the restart policy, as {@code Engine.setRestart} takes it
 * @param stopSignal empty: the image's
 * @param stopGrace the time between the signal and the kill; empty: the engine's default
 * @param rest what else it was made with, as a part of the engine's create request
 */
public record ContainerOrigin(
        String imageId,
        SortedMap<String, String> env,
        List<String> command,
        Optional<List<String>> entrypoint,
        List<ContainerSpec.Mount> mounts,
        String restart,
        Optional<String> stopSignal,
        Optional<Duration> stopGrace,
        Map<String, Object> rest) {}
