package org.portolan.plan;

import java.util.SortedMap;
import java.util.SortedSet;
import org.portolan.model.Definition;
import org.portolan.model.ServiceSpec;

/**
 * What a release is to reach, with every version decided.
 *
 * @param services by name
 * @param removed services that leave
 */
public record Goal(String deployment, SortedMap<String, ServiceGoal> services, SortedSet<String> removed) {

    /**
     * One service to reach.
     *
     * @param version the version's number
     * @param fresh whether the version is made by this release
     * @param hash of {@code definition}
     * @param scale how many instances run; 0 for one that a person stopped
     */
    public record ServiceGoal(
            String name, int version, boolean fresh, String hash, Definition definition, ServiceSpec spec, int scale) {}
}
