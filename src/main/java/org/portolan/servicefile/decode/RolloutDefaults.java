package org.portolan.servicefile.decode;

import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/** Takes out of a rollout what holds anyway: its defaults depend on the service's health and volumes. */
public final class RolloutDefaults {
    private RolloutDefaults() {}

    public static Definition without(String service, Definition definition) {
        SortedMap<String, Object> rollout = new TreeMap<>(ServiceDecoder.tree(definition.get("rollout")));
        if (rollout.isEmpty()) {
            return definition;
        }
        ServiceSpec spec = ServiceSpec.from(service, definition);
        // "rolling" stays: said, it holds where the image turns out to have a volume too. It makes no other version.
        if (spec.exclusive() && "recreate".equals(rollout.get("strategy"))) {
            rollout.remove("strategy");
        }
        if (String.valueOf(rollout.get("min_healthy")).equals(spec.health().isPresent() ? "2s" : "1s")) {
            rollout.remove("min_healthy");
        }
        return definition.with("rollout", rollout.isEmpty() ? null : rollout);
    }
}
