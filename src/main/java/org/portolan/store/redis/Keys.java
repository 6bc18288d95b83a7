package org.portolan.store.redis;

/**
 * The names of the store's keys; the layout is in the package's description. A deployment's name is the last part of its
 * keys, so no name can reach another's.
 */
record Keys(String prefix) {
    String installation() {
        return prefix + ":installation";
    }

    String deployments() {
        return prefix + ":deployments";
    }

    /** What was found damaged and overwritten, by deployment's name and time. */
    String damaged() {
        return prefix + ":damaged";
    }

    /** Written and removed at once by a check. */
    String probe() {
        return prefix + ":probe";
    }

    String definitions(String deployment) {
        return prefix + ":definitions:" + deployment;
    }

    String releases(String deployment) {
        return prefix + ":releases:" + deployment;
    }

    String domains(String deployment) {
        return prefix + ":domains:" + deployment;
    }

    String log(String deployment) {
        return prefix + ":log:" + deployment;
    }

    String events() {
        return prefix + ":events";
    }

    String lock(String name) {
        return prefix + ":lock:" + name;
    }

    String fence(String name) {
        return prefix + ":fence:" + name;
    }

    String queue(String name) {
        return prefix + ":queue:" + name;
    }

    String token() {
        return prefix + ":token";
    }

    String done(String change) {
        return prefix + ":done:" + change;
    }

    /** A version's field in {@link #definitions}. */
    static String versionField(String service, int version) {
        return service + "/" + version;
    }
}
