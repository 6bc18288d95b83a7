package org.portolan.query;

import java.util.Optional;
import org.portolan.model.event.Event;
import org.portolan.model.event.InstanceEvent.StepBegins;

/**
 * Which events somebody wants to see: decided before the last ones are counted, so that as many come as were asked for.
 *
 * @param deployment empty: of all
 * @param steps whether also that a step begins, which is for whoever takes a broken-off release over; people get what came of it
 * @param audit whether of the audit log, else of what happened to deployments
 */
public record EventFilter(Optional<String> deployment, boolean steps, boolean audit) {
    public boolean wants(Event event) {
        return (steps || !(event.data() instanceof StepBegins))
                && deployment.filter(name -> !name.equals(event.deployment())).isEmpty();
    }
}
