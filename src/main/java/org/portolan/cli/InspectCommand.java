package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.container.Container;
import org.portolan.model.state.DeploymentState;
import org.portolan.query.Inspected;
import org.portolan.query.Inventory;
import org.portolan.query.ServiceSummary;
import org.portolan.query.json.StatusJson;

/** Shows everything that is known of a deployment, a service or an instance, as JSON, secrets masked. */
final class InspectCommand extends CliCommand {
    private final Syntax.Text name =
            syntax().parameter("NAME", false, "A service or an instance; default: the deployment.");

    InspectCommand() {
        super("inspect", "Show a deployment, a service or an instance as JSON, with secrets masked.");
    }

    @Override
    int run(Context context) {
        Inventory inventory = DeploymentChoice.inventory(context);
        String word = name.or("");
        Optional<String> asked = context.options()
                .deployment()
                .or(() -> word.isEmpty() ? Optional.empty() : inventory.deploymentOf(word));
        String deployment = DeploymentChoice.one(context, inventory, asked);
        Inspected inspected = context.queries().inspect(inventory, deployment, word);
        Map<String, Object> fields =
                switch (inspected) {
                    case Inspected.OfDeployment whole -> deployment(whole);
                    case Inspected.OfService one -> service(one);
                    case Inspected.OfInstance one -> instance(one.container());
                };
        context.console().text(JsonLines.pretty(fields));
        context.console().record(type(inspected), fields);
        return ExitStatus.DONE.code();
    }

    private static String type(Inspected inspected) {
        return switch (inspected) {
            case Inspected.OfDeployment whole -> "deployment";
            case Inspected.OfService one -> "service";
            case Inspected.OfInstance one -> "instance";
        };
    }

    private static Map<String, Object> deployment(Inspected.OfDeployment inspected) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", inspected.name());
        inspected.state().ifPresent(state -> {
            fields.put("owner", state.owner());
            fields.put("created", state.created());
            fields.put("last_release", state.lastRelease());
            fields.put("good_release", state.goodRelease());
            fields.put("pinned", state.pinned());
            fields.put("by_hand", state.byHand());
            fields.put("stopped", state.stopped());
            fields.put("mesh_ports", state.meshPorts());
            Map<String, Object> versions = new LinkedHashMap<>();
            state.versions()
                    .forEach((service, kept) -> versions.put(
                            service,
                            kept.stream()
                                    .map(DeploymentState.VersionRef::number)
                                    .toList()));
            fields.put("kept_versions", versions);
            fields.put("network_allows", state.allows());
        });
        fields.put("network_joined_by", inspected.joinedBy());
        fields.put("services", inspected.services());
        if (!inspected.accessLogs().isEmpty()) {
            fields.put("access_logs", inspected.accessLogs());
        }
        return fields;
    }

    private static Map<String, Object> service(Inspected.OfService inspected) {
        Map<String, Object> fields = new LinkedHashMap<>();
        ServiceSummary service = inspected.service();
        fields.put("deployment", service.deployment());
        fields.put("name", service.name());
        service.placed().ifPresent(placed -> {
            fields.put("version", placed.version());
            fields.put("scale", placed.scale());
        });
        inspected.definition().ifPresent(definition -> fields.put("definition", definition.keys()));
        fields.put(
                "instances", service.containers().stream().map(Container::name).toList());
        return fields;
    }

    private static Map<String, Object> instance(Container container) {
        Map<String, Object> fields = new LinkedHashMap<>();
        container.instance().ifPresent(id -> fields.putAll(StatusJson.instance(container, id)));
        fields.put("exit_code", container.exitCode());
        fields.put("started", container.startedAt());
        fields.put("restarts", container.restarts());
        fields.put("out_of_memory", container.oomKilled());
        fields.put("image", container.imageId());
        container.networks().ifPresent(networks -> fields.put("networks", new TreeSet<>(networks)));
        fields.put("labels", new TreeMap<>(container.labels()));
        return fields;
    }
}
