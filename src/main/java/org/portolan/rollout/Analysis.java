package org.portolan.rollout;

import java.util.Optional;
import java.util.Set;

/**
 * What is known of a service's gates (ServiceSpec.Gate).
 *
 * @param passed the steps whose gates have all passed
 * @param failure the first gate that failed, and why; it ends the rollout
 */
public record Analysis(Set<Integer> passed, Optional<String> failure) {
    public static final Analysis NONE = new Analysis(Set.of(), Optional.empty());
}
