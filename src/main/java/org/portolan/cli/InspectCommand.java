package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.container.Container;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.store.Store;

/** Shows everything that is known of a deployment, a service or an instance, as JSON, secrets masked. */
final class InspectCommand extends CliCommand {
    private final Syntax.Text name =
            syntax().parameter("NAME", false, "A service or an instance; the deployment unless given.");

    InspectCommand() {
        super("inspect", "Show everything known of a deployment, a service or an instance as JSON; secrets masked.");
    }

    @Override
    int run(Context context) {
        Inventory inventory = Inventory.take(context);
        String word = name.or("");
        Optional<String> asked = context.options()
                .deployment()
                .or(() -> word.isEmpty() ? Optional.empty() : inventory.deploymentOf(word));
        String deployment = inventory.deployment(context, asked);
        Map<String, Object> fields;
        String type;
        if (word.isEmpty()) {
            type = "deployment";
            fields = deployment(inventory, deployment);
        } else if (inventory.services(deployment).containsKey(word)) {
            type = "service";
            fields = service(context, inventory, deployment, word);
        } else {
            type = "instance";
            fields = instance(context, inventory.containers(deployment, word).get(0));
        }
        context.console().text(JsonLines.pretty(fields));
        context.console().record(type, fields);
        return ExitStatus.DONE.code();
    }

    private static Map<String, Object> deployment(Inventory inventory, String name) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        DeploymentState state = inventory.states().get(name);
        if (state != null) {
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
        }
        fields.put("services", inventory.services(name).keySet());
        return fields;
    }

    private static Map<String, Object> service(
            Context context, Inventory inventory, String deployment, String service) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", deployment);
        fields.put("name", service);
        DeploymentState state = inventory.states().get(deployment);
        Release.Placed placed = state == null ? null : state.services().get(service);
        Optional<Store> store = context.parts().storeIfAny();
        if (placed != null && store.isPresent()) {
            fields.put("version", placed.version());
            fields.put("scale", placed.scale());
            store.get()
                    .definition(deployment, service, placed.version())
                    .map(placed::routed)
                    .ifPresent(definition ->
                            fields.put("definition", definition.masked().keys()));
        }
        List<String> instances = inventory.services(deployment).getOrDefault(service, List.of()).stream()
                .map(Container::name)
                .toList();
        fields.put("instances", instances);
        return fields;
    }

    private static Map<String, Object> instance(Context context, Container seen) {
        Container container = context.parts().engine().inspect(seen.id()).orElse(seen);
        Map<String, Object> fields = new LinkedHashMap<>();
        container.instance().ifPresent(id -> fields.putAll(ListCommand.instance(container, id)));
        fields.put("exit_code", container.exitCode());
        fields.put("started", container.startedAt());
        fields.put("restarts", container.restarts());
        fields.put("out_of_memory", container.oomKilled());
        fields.put("image", container.imageId());
        fields.put("labels", container.labels());
        return fields;
    }
}
