package org.portolan.query.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.json.StrictJson;
import org.portolan.model.container.Container;
import org.portolan.model.json.ContainerJson;
import org.portolan.model.json.StateJson;
import org.portolan.model.state.DeploymentState;
import org.portolan.query.Inventory;

/** An inventory as JSON, whole: what the command line reads from a controller. */
public final class InventoryJson {
    private InventoryJson() {}

    public static Map<String, Object> tree(Inventory inventory) {
        Map<String, Object> states = new LinkedHashMap<>();
        inventory.states().forEach((name, state) -> states.put(name, StateJson.tree(state)));
        Map<String, Object> instances = new LinkedHashMap<>();
        inventory.instances().forEach((deployment, services) -> {
            Map<String, Object> all = new LinkedHashMap<>();
            services.forEach((service, containers) -> all.put(
                    service, containers.stream().map(ContainerJson::tree).toList()));
            instances.put(deployment, all);
        });
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("states", states);
        tree.put("instances", instances);
        tree.put("older", List.copyOf(inventory.older()));
        tree.put("completed", List.copyOf(inventory.completed()));
        tree.put("damaged", List.copyOf(inventory.damaged()));
        return tree;
    }

    public static Inventory read(StrictJson node) {
        SortedMap<String, DeploymentState> states = new TreeMap<>();
        StrictJson stored = node.at("states");
        for (String name : stored.map().keySet()) {
            states.put(name, StateJson.read(name, stored.at(name)));
        }
        return new Inventory(
                states,
                node.sorted("instances", InventoryJson::services),
                node.textSet("older"),
                node.textSet("completed"),
                node.textSet("damaged"));
    }

    private static SortedMap<String, List<Container>> services(StrictJson deployment) {
        SortedMap<String, List<Container>> services = new TreeMap<>();
        for (String service : deployment.map().keySet()) {
            services.put(service, deployment.list(service, ContainerJson::read));
        }
        return services;
    }
}
