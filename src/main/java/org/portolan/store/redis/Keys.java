package org.portolan.store.redis;

/**
 * The names of the store's keys; the layout is in the package's description. A deployment's name is the last part of its
 * keys, so no name can reach another's.
 */
record Keys(String prefix) {
    /** A key by its name below the prefix. */
    String of(String name) {
        return prefix + ":" + name;
    }

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

    /** Tokens and keys that are accepted, by name. */
    String grants() {
        return prefix + ":grants";
    }

    /** The events of access, which all others cannot push out. */
    String audit() {
        return prefix + ":audit";
    }

    /** How sources and deployments stand with the controller. */
    String standings() {
        return prefix + ":standings";
    }

    /** How far readers of the events came, by reader. */
    String positions() {
        return prefix + ":positions";
    }

    /** A standing's field in {@link #standings}. */
    static String standingField(String subject, String name) {
        return subject + "/" + name;
    }

    /** What people decided about sources and deployments. */
    String instructions() {
        return prefix + ":instructions";
    }

    /** What was asked for with idempotency keys, by a digest of the key. */
    String asked() {
        return prefix + ":asked";
    }

    String definitions(String deployment) {
        return prefix + ":definitions:" + deployment;
    }

    /** Generated values of all deployments, so that those of removed ones are found too. */
    String generated() {
        return prefix + ":generated";
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

    /** A generated value's field in {@link #generated}; neither part can hold a slash. */
    static String valueField(String deployment, String name) {
        return deployment + "/" + name;
    }

    /** A version's field in {@link #definitions}, with the content of files that are reloaded: "" for its first. */
    static String versionField(String service, int version, String files) {
        return service + "/" + version + (files.isEmpty() ? "" : "/" + files);
    }
}
