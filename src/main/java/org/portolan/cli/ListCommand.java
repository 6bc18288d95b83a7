package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Container;
import org.portolan.model.ExitStatus;
import org.portolan.model.InstanceId;
import org.portolan.model.Release;
import org.portolan.store.DeploymentState;

/** Shows every deployment, its services and their instances. */
final class ListCommand extends CliCommand {
    ListCommand() {
        super("list", "Show deployments, their services and instances.");
    }

    @Override
    int run(Context context) {
        Inventory inventory = Inventory.take(context);
        Console console = context.console();
        for (String name : inventory.deployments(context.options().deployment())) {
            console.line(name);
            console.record("deployment", Map.of("name", name));
            DeploymentState state = inventory.states().get(name);
            inventory.services(name).forEach((service, containers) -> show(console, name, state, service, containers));
        }
        return ExitStatus.DONE.code();
    }

    private static void show(
            Console console,
            String deployment,
            @Nullable DeploymentState state,
            String service,
            List<Container> containers) {
        console.line("    " + service);
        Release.Placed placed = state == null ? null : state.services().get(service);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", deployment);
        fields.put("name", service);
        if (placed != null) {
            fields.put("version", placed.version());
            fields.put("scale", placed.scale());
        }
        fields.put("stopped", state != null && state.stopped().contains(service));
        console.record("service", fields);
        if (containers.isEmpty() && placed != null && state != null) {
            String word =
                    state.stopped().contains(service) ? "stopped" : placed.scale() == 0 ? "scaled to 0" : "missing";
            console.line("        " + word + "  version " + placed.version());
        }
        for (Container container : containers) {
            InstanceId id = container.instance().orElseThrow();
            console.line("        " + Show.state(container) + "  instance " + id + "  version " + id.version());
            console.record("instance", instance(container, id));
        }
    }

    static Map<String, Object> instance(Container container, InstanceId id) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", id.name());
        fields.put("deployment", id.deployment());
        fields.put("service", id.service());
        fields.put("version", id.version());
        fields.put("state", container.state().name().toLowerCase(java.util.Locale.ROOT));
        fields.put("container", container.id());
        return fields;
    }
}
