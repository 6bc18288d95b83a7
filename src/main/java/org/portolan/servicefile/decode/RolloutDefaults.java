package org.portolan.servicefile.decode;

import java.util.Map;
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
        // "rolling" stays: said, it holds where the image turns out to have a volume too. It makes no other version.
        if ("recreate".equals(rollout.get("strategy"))
                && ServiceSpec.from(service, definition).exclusive()) {
            rollout.remove("strategy");
        }
        String minHealthy = definition.get("health") instanceof Map ? "2s" : "1s";
        if (minHealthy.equals(String.valueOf(rollout.get("min_healthy")))) {
            rollout.remove("min_healthy");
        }
        return definition.with("rollout", rollout.isEmpty() ? null : rollout);
    }
}
