package org.portolan.servicefile;

import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Definition;
import org.portolan.model.ServiceSpec;

/** Takes out of a rollout what holds anyway: its defaults depend on the service's health and volumes. */
final class RolloutDefaults {
    private RolloutDefaults() {}

    static Definition without(String service, Definition definition) {
        SortedMap<String, Object> rollout = new TreeMap<>(ServiceDecoder.tree(definition.get("rollout")));
        if (rollout.isEmpty()) {
            return definition;
        }
        ServiceSpec spec = ServiceSpec.from(service, definition);
        if (String.valueOf(rollout.get("strategy")).equals(spec.exclusive() ? "recreate" : "rolling")) {
            rollout.remove("strategy");
        }
        if (String.valueOf(rollout.get("min_healthy")).equals(spec.health().isPresent() ? "2s" : "1s")) {
            rollout.remove("min_healthy");
        }
        return definition.with("rollout", rollout.isEmpty() ? null : rollout);
    }
}
