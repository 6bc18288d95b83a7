package org.portolan.query;

import java.util.List;
import java.util.Optional;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;

/**
 * An instance: its container, where it answers, and what the proxy says of it.
 *
 * @param addresses published addresses, each with the port's name where it has one
 * @param health {@code up}, {@code down (L4CON)}, {@code drain}, {@code not routed}; empty where nothing is routed to it
 */
public record InstanceStatus(InstanceId id, Container container, List<String> addresses, Optional<String> health) {}
