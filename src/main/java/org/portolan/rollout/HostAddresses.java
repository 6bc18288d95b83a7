package org.portolan.rollout;

import java.util.List;

/**
 * Where a deployment is reached on its host.
 *
 * @param publish the address that instances' ports are published at
 * @param mesh the addresses that services' ports listen on
 * @param meshHost the one of them that containers use
 */
public record HostAddresses(String publish, List<String> mesh, String meshHost) {}
