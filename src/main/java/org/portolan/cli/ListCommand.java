package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ExitStatus;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;

/** Shows every deployment, its services and their instances. */
final class ListCommand extends CliCommand {
    private final Syntax.Text name = syntax().parameter("DEPLOYMENT", false, "The only one to show; -D says it too.");

    ListCommand() {
        super("list", "Show deployments, their services and instances.");
    }

    @Override
    int run(Context context) {
        Inventory inventory = Inventory.take(context);
        Console console = context.console();
        List<String> deployments = inventory.shown(context, name);
        for (String deployment : deployments) {
            console.line(deployment);
            List<String> conditions = inventory.conditions(deployment);
            conditions.forEach(condition -> console.line("    " + condition));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", deployment);
            if (!conditions.isEmpty()) {
                fields.put("conditions", conditions);
            }
            console.record("deployment", fields);
            DeploymentState state = inventory.states().get(deployment);
            SortedMap<String, List<Container>> services = inventory.services(deployment);
            services.forEach((service, containers) -> show(console, deployment, state, service, containers));
            if (services.isEmpty()) {
                console.line("    no services");
            }
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
