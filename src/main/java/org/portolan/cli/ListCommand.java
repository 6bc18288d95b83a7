package org.portolan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.state.Standing.Subject;
import org.portolan.query.ControllerStatus;
import org.portolan.query.Inventory;
import org.portolan.query.ServiceSummary;
import org.portolan.query.json.StatusJson;

/** Shows every deployment, its services and their instances. */
final class ListCommand extends CliCommand {
    /** The state of an instance that ended by itself as it shall. */
    static final String COMPLETED = "completed";

    private final Syntax.Text name =
            syntax().parameter("DEPLOYMENT", false, "The deployment to show, like -D; default: all.");

    ListCommand() {
        super("list", "Show deployments, their services and instances.");
    }

    @Override
    int run(Context context) {
        Inventory inventory = DeploymentChoice.inventory(context);
        Console console = context.console();
        ControllerStatus controller = context.queries().controller(console::warning);
        for (String deployment : DeploymentChoice.listed(context, inventory, name)) {
            console.line(deployment);
            List<String> conditions = new ArrayList<>(inventory.conditions(deployment));
            conditions.addAll(controller.words(Subject.DEPLOYMENT, deployment));
            conditions.forEach(condition -> console.line("    " + condition));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", deployment);
            if (!conditions.isEmpty()) {
                fields.put("conditions", conditions);
            }
            console.record("deployment", fields);
            List<ServiceSummary> services = inventory.view(deployment);
            services.forEach(service -> show(console, service));
            if (services.isEmpty()) {
                console.line("    no services");
            }
        }
        return ExitStatus.DONE.code();
    }

    private static void show(Console console, ServiceSummary service) {
        console.line("    " + service.name());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", service.deployment());
        fields.put("name", service.name());
        service.placed().ifPresent(placed -> {
            fields.put("version", placed.version());
            fields.put("scale", placed.scale());
        });
        fields.put("stopped", service.stopped());
        service.held().ifPresent(why -> fields.put("held", why));
        console.record("service", fields);
        service.absence().ifPresent(absence -> {
            String word =
                    switch (absence) {
                        case STOPPED -> "stopped";
                        case HELD -> "held";
                        case SCALED_TO_0 -> "scaled to 0";
                        case MISSING -> "missing";
                    };
            console.line("        " + word
                    + service.placed()
                            .map(placed -> "  version " + placed.version())
                            .orElse("")
                    + service.held().map(why -> "  " + why).orElse(""));
        });
        for (Container container : service.containers()) {
            InstanceId id = container.instance().orElseThrow();
            boolean completed = service.completed(container);
            console.line("        " + (completed ? COMPLETED : Show.state(container)) + "  instance " + id
                    + "  version " + id.version());
            console.record("instance", StatusJson.instance(container, id, completed));
        }
    }
}
