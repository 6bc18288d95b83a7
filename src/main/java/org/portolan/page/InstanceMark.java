package org.portolan.page;

import org.portolan.query.InstanceStatus;
import org.portolan.query.ServiceSummary;

/**
 * An instance as a small square. Its shape tells its state, the colour only repeats that.
 *
 * @param state the shape's name
 * @param name of the instance
 * @param words its state for people and screen readers
 * @param href its log
 * @param addresses where it is published
 */
public record InstanceMark(String state, String name, String words, String href, String addresses) {

    static InstanceMark of(ServiceSummary service, InstanceStatus instance) {
        boolean completed = service.completed(instance.container());
        String health = instance.health().orElse("");
        return new InstanceMark(
                completed ? "done" : state(instance, health),
                instance.id().name(),
                completed ? "completed" : words(instance, health),
                "/deployments/" + service.deployment() + "/logs/"
                        + instance.id().name(),
                String.join(", ", instance.addresses()));
    }

    /** In place of one that should be there. */
    static InstanceMark missing(String deployment, String service) {
        return new InstanceMark("missing", service, "missing", "/deployments/" + deployment, "");
    }

    private static String state(InstanceStatus instance, String health) {
        return switch (instance.container().state()) {
            case RUNNING ->
                health.startsWith("drain")
                        ? "drain"
                        : health.startsWith("down") ? "down" : health.isEmpty() || health.equals("up") ? "up" : "wait";
            case CREATED, RESTARTING -> "wait";
            case PAUSED -> "paused";
            case EXITED, DEAD, REMOVING -> "down";
        };
    }

    private static String words(InstanceStatus instance, String health) {
        String state = instance.container().state().name().toLowerCase(java.util.Locale.ROOT);
        return health.isEmpty() ? state : state + ", " + health;
    }
}
