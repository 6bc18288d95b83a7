package org.portolan.http;

import java.util.List;
import java.util.Optional;
import org.portolan.model.container.Container;
import org.portolan.query.InstanceLogs;
import org.portolan.query.Inventory;

/** The output of instances. */
final class LogRoutes {
    private static final int SHOWN = 100;
    private static final int MOST = 10_000;

    private LogRoutes() {}

    static List<Route> all() {
        return List.of(Route.get(
                        "/v1/deployments/{deployment}/instances/{instance}/logs",
                        Route.READ,
                        "Show the output of an instance, or of all of a service's, a line each.",
                        ApiForms.LOG_LINE,
                        LogRoutes::logs)
                .as(Reply.NDJSON)
                .query("tail", "How many past lines of each instance; default: 100.", ApiSchema.between(0, MOST))
                .query("follow", "Whether what comes is sent, too.", ApiSchema.FLAG));
    }

    private static Reply logs(Api api, ApiRequest request) {
        String deployment = request.deployment();
        String name = request.name("instance");
        int tail = request.number("tail", SHOWN, 0, MOST);
        boolean follow = request.flag("follow");
        Inventory inventory = api.inventory(request.caller());
        inventory.deployments(Optional.of(deployment));
        List<Container> containers = inventory.containers(deployment, name);
        return stream(api, tail, follow, deployment, List.of(name), containers);
    }

    /**
     * The output of containers.
     *
     * @param names what else is followed when it comes; empty: all of the deployment
     */
    static Reply stream(
            Api api, int tail, boolean follow, String deployment, List<String> names, List<Container> containers) {
        return new Reply.Streamed(Reply.NDJSON, out -> {
            try (LogLines lines = new LogLines(out)) {
                InstanceLogs logs = new InstanceLogs(api.viewed(), lines::put);
                lines.write(() -> {
                    if (follow) {
                        logs.follow(deployment, names, containers, tail, lines::ended);
                    } else {
                        logs.past(containers, tail);
                    }
                });
            }
        });
    }
}
