package org.portolan.query.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.json.StrictJson;
import org.portolan.model.container.Container;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Standing;
import org.portolan.query.ControllerStatus;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.InstanceStatus;
import org.portolan.query.Inventory;
import org.portolan.query.ServiceSummary;
import org.portolan.query.StatusQuery;
import org.portolan.query.StatusReport;

/** How deployments are as JSON, whole: what the command line reads from a controller. */
public final class StatusReportJson {
    private StatusReportJson() {}

    public static Map<String, Object> tree(StatusReport report) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("inventory", InventoryJson.tree(report.inventory()));
        tree.put(
                "deployments",
                report.deployments().stream().map(StatusReportJson::deployment).toList());
        tree.put("controller", ControllerStatusJson.tree(report.controller()));
        return tree;
    }

    private static Map<String, Object> deployment(DeploymentStatus status) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", status.name());
        status.last().ifPresent(last -> tree.put("last", ReleaseSummaryJson.tree(last)));
        tree.put("conditions", status.conditions());
        Map<String, Object> services = new LinkedHashMap<>();
        for (DeploymentStatus.Service service : status.services()) {
            Map<String, Object> one = new LinkedHashMap<>();
            service.image().ifPresent(image -> one.put("image", image));
            Map<String, Object> instances = new LinkedHashMap<>();
            service.instances()
                    .forEach(instance -> instances.put(instance.container().id(), instance(instance)));
            one.put("instances", instances);
            services.put(service.service().name(), one);
        }
        tree.put("services", services);
        tree.put("logged", List.copyOf(status.logged()));
        return tree;
    }

    private static Map<String, Object> instance(InstanceStatus instance) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("addresses", instance.addresses());
        instance.health().ifPresent(health -> tree.put("health", health));
        return tree;
    }

    public static StatusReport read(StrictJson node) {
        Inventory inventory = InventoryJson.read(node.at("inventory"));
        ControllerStatus controller = ControllerStatusJson.read(node.at("controller"));
        return new StatusReport(
                inventory, node.list("deployments", each -> deployment(inventory, controller, each)), controller);
    }

    private static DeploymentStatus deployment(Inventory inventory, ControllerStatus controller, StrictJson node) {
        String name = node.text("name");
        Optional<DeploymentState> state = Optional.ofNullable(inventory.states().get(name));
        StrictJson services = node.at("services");
        return new DeploymentStatus(
                name,
                state,
                node.find("last").map(ReleaseSummaryJson::read),
                node.texts("conditions"),
                controller.deployment(name),
                controller.instructions(Standing.Subject.DEPLOYMENT, name),
                inventory.view(name).stream()
                        .map(service -> service(service, state, services.at(service.name())))
                        .toList(),
                // A controller of before there were access logs names none.
                node.find("logged").isPresent() ? node.textSet("logged") : Set.of());
    }

    private static DeploymentStatus.Service service(
            ServiceSummary service, Optional<DeploymentState> state, StrictJson node) {
        StrictJson instances = node.at("instances");
        return new DeploymentStatus.Service(
                service,
                node.find("image").map(StrictJson::text),
                state.map(known -> StatusQuery.meshPorts(known, service.name())).orElse(new TreeMap<>()),
                service.containers().stream()
                        .flatMap(container -> instance(container, instances.find(container.id())).stream())
                        .toList());
    }

    private static Optional<InstanceStatus> instance(Container container, Optional<StrictJson> node) {
        return container
                .instance()
                .map(id -> new InstanceStatus(
                        id,
                        container,
                        node.map(told -> told.texts("addresses")).orElse(List.of()),
                        node.flatMap(told -> told.find("health")).map(StrictJson::text)));
    }
}
