package org.portolan.model.routing;

/**
 * An address and port that belong to Portolan itself.
 *
 * @param purpose what listens there
 * @param key the configuration's key that sets it; "" for a port that Portolan chose
 */
public record ProxyListener(String address, int port, String purpose, String key) {}
