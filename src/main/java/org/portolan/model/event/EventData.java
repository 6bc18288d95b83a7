package org.portolan.model.event;

import java.util.Map;

/**
 * What happened. Each kind says its words as a function of itself; none holds text that others would have to parse. Free
 * text in it (a cause, a proxy's complaint) may name a secret until {@link Event#masked}.
 */
public sealed interface EventData
        permits ReleaseEvent,
                InstanceEvent,
                JobEvent,
                DatabaseEvent,
                DeploymentEvent,
                ControllerEvent,
                AccessEvent,
                ResourceEvent,
                AdoptionEvent,
                Notice,
                UnknownEvent {

    EventKind kind();

    /**
     * The line for people, without {@code "---> "}.
     *
     * @param deployment, release what the event is of
     */
    String message(String deployment, int release);

    /** The fields that programs read and from which {@link EventReader} makes the same data: texts, numbers, booleans. */
    Map<String, Object> fields();

    /** The service that it is about; "" when it is not about one. */
    default String service() {
        return "";
    }

    /** The instance's name; "" when it is not about one. */
    default String instance() {
        return "";
    }

    /** The person or hook that asked for it; "" when nobody did, or it is the release's. */
    default String who() {
        return "";
    }

    default EventLevel level() {
        return kind().level();
    }
}
