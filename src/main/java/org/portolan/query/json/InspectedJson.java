package org.portolan.query.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.json.StrictJson;
import org.portolan.model.json.ContainerJson;
import org.portolan.model.json.StateJson;
import org.portolan.model.service.Definition;
import org.portolan.query.Inspected;
import org.portolan.query.Inventory;
import org.portolan.query.ServiceSummary;

/** What is known of a deployment, a service or an instance as JSON, whole: what the command line reads from a controller. */
public final class InspectedJson {
    private InspectedJson() {}

    public static Map<String, Object> tree(Inspected inspected) {
        Map<String, Object> tree = new LinkedHashMap<>();
        switch (inspected) {
            case Inspected.OfDeployment whole -> {
                tree.put("deployment", whole.name());
                whole.state().ifPresent(state -> tree.put("state", StateJson.tree(state)));
                tree.put("services", List.copyOf(whole.services()));
                tree.put("joinedBy", whole.joinedBy());
                tree.put("accessLogs", whole.accessLogs());
            }
            case Inspected.OfService one -> {
                tree.put("service", one.service().name());
                one.definition().ifPresent(definition -> tree.put("definition", definition.keys()));
            }
            case Inspected.OfInstance one -> tree.put("instance", ContainerJson.tree(one.container()));
        }
        return tree;
    }

    /**
     * Reads it.
     *
     * @param inventory what there is, where a service's summary is
     */
    public static Inspected read(Inventory inventory, String deployment, StrictJson node) {
        if (node.find("instance").isPresent()) {
            return new Inspected.OfInstance(ContainerJson.read(node.at("instance")));
        }
        if (node.find("service").isPresent()) {
            String name = node.text("service");
            ServiceSummary service = inventory.view(deployment).stream()
                    .filter(known -> known.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> node.at("service").wrong("a service that there is"));
            return new Inspected.OfService(service, node.find("definition").map(InspectedJson::definition));
        }
        return new Inspected.OfDeployment(
                deployment,
                node.find("state").map(state -> StateJson.read(deployment, state)),
                node.textSet("services"),
                node.texts("joinedBy"),
                node.sortedOrEmpty("accessLogs", StrictJson::text));
    }

    private static Definition definition(StrictJson node) {
        SortedMap<String, Object> keys = new TreeMap<>();
        for (Map.Entry<String, @Nullable Object> key : node.map().entrySet()) {
            Optional.ofNullable(key.getValue()).ifPresent(value -> keys.put(key.getKey(), value));
        }
        return Definition.of(keys);
    }
}
