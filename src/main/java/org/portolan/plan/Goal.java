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
 * @param meshPorts {@code service/port} to the port on the mesh: every port that was ever given in this deployment, and
 *     those that {@code services} need
 */
public record Goal(
        String deployment,
        SortedMap<String, ServiceGoal> services,
        SortedSet<String> removed,
        SortedMap<String, Integer> meshPorts) {

    /**
     * One service to reach.
     *
     * @param version the version's number
     * @param fresh whether the version is made by this release
     * @param hash of {@code definition}
     * @param definition image content included, where it is known
     * @param spec of {@code definition}, with the port that the image exposes when the file names none
     * @param scale how many instances run; 0 for one that a person stopped
     */
    public record ServiceGoal(
            String name, int version, boolean fresh, String hash, Definition definition, ServiceSpec spec, int scale) {}
}
