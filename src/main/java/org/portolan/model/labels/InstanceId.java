package org.portolan.model.labels;

import org.jspecify.annotations.Nullable;

/**
 * The identity of one container of a version. Identity is carried by labels; the name is for people and for the engine's
 * own guard against doubles.
 *
 * @param version the version's number, from 1 in each service
 * @param n which of the version's instances, from 1
 */
public record InstanceId(String deployment, String service, int version, int n) implements Comparable<InstanceId> {
    /** {@code <deployment>-<service>-<version>-<n>}, the container's name. */
    public String name() {
        return deployment + "-" + service + "-" + version + "-" + n;
    }

    @Override
    public int compareTo(InstanceId other) {
        int deployments = deployment.compareTo(other.deployment);
        int services = service.compareTo(other.service);
        int versions = Integer.compare(version, other.version);
        return deployments != 0
                ? deployments
                : services != 0 ? services : versions != 0 ? versions : Integer.compare(n, other.n);
    }

    /** Written out, as {@link #hashCode}: each JVM would make a record's own again (docs/adr/0038). */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InstanceId that
                && n == that.n
                && version == that.version
                && service.equals(that.service)
                && deployment.equals(that.deployment);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * deployment.hashCode() + service.hashCode()) + version) + n;
    }

    @Override
    public String toString() {
        return name();
    }
}
