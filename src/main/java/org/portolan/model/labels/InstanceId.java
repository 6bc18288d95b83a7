package org.portolan.model.labels;

import java.util.Comparator;

/**
 * The identity of one container of a version. Identity is carried by labels; the name is for people and for the engine's
 * own guard against doubles.
 *
 * @param version the version's number, from 1 in each service
 * @param n which of the version's instances, from 1
 */
public record InstanceId(String deployment, String service, int version, int n) implements Comparable<InstanceId> {
    private static final Comparator<InstanceId> ORDER = Comparator.comparing(InstanceId::deployment)
            .thenComparing(InstanceId::service)
            .thenComparingInt(InstanceId::version)
            .thenComparingInt(InstanceId::n);

    /** {@code <deployment>-<service>-<version>-<n>}, the container's name. */
    public String name() {
        return deployment + "-" + service + "-" + version + "-" + n;
    }

    @Override
    public int compareTo(InstanceId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name();
    }
}
