package org.portolan.model.container;

import java.util.Map;

/**
 * What an engine says of a container, in its own words: the Engine API's {@code ContainerInspect} and {@code ImageInspect} as
 * maps, lists, texts, numbers and booleans. Fields that say nothing (null) are left out, and so is what the engine's own
 * configuration decides for every container (the default log driver, runtime and cgroup namespace).
 *
 * @param container the container
 * @param image the image that it was made of; empty when the engine no longer has it
 */
public record Inspection(Map<String, Object> container, Map<String, Object> image) {}
