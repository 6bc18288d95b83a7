package org.portolan.model.container;

import java.util.Map;

/**
 * A network to make: a separate bridge for a deployment.
 *
 * @param pool the pool that the engine's adapter takes a free subnet from, CIDR ({@code 10.201.0.0/16})
 * @param prefix the size of the subnet ({@code 24})
 */
public record NetworkSpec(String name, Map<String, String> labels, String pool, int prefix) {}
