package org.portolan.model.container;

import java.util.Map;

/**
 * A network.
 *
 * @param subnet in CIDR form, or ""
 * @param gateway the address that containers know as their gateway, or ""
 */
public record Network(String id, String name, Map<String, String> labels, String subnet, String gateway) {}
