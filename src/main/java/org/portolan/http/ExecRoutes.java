package org.portolan.http;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.portolan.model.container.Container;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.operate.AttachedCommands;
import org.portolan.operate.Caller;
import org.portolan.operate.LocalAttachedCommands;
import org.portolan.process.DeathWatch;
import org.portolan.process.ProcessIdentity;
import org.portolan.query.Inventory;

/** Commands in containers, with the client's streams. */
final class ExecRoutes {
    private static final String DEPLOYMENT = "/v1/deployments/{deployment}";
    private static final String END = "org.portolan.app.RunEnd";
    private static final int LONGEST_WORD = 100;

    private ExecRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.socket(
                        DEPLOYMENT + "/instances/{instance}/exec",
                        Route.DEPLOY,
                        "Run a command in an instance, or in a service's first running one.",
                        ExecRoutes::exec),
                Route.socket(
                        DEPLOYMENT + "/services/{service}/run",
                        Route.DEPLOY,
                        "Run a command in a new container of a service's version, removed afterwards.",
                        ExecRoutes::run));
    }

    private static Reply exec(Api api, ApiRequest request) {
        String deployment = request.deployment();
        Inventory inventory = api.inventory(request.caller());
        inventory.deployments(Optional.of(deployment));
        Container container = inventory.running(deployment, request.name("instance"));
        return new Reply.Upgraded((command, streams) -> {
            record(api, request, deployment, "exec in " + container.name(), command);
            return commands(api, request).exec(container, command, streams);
        });
    }

    private static Reply run(Api api, ApiRequest request) {
        String deployment = request.deployment();
        String service = request.name("service");
        api.inventory(request.caller()).deployments(Optional.of(deployment));
        return new Reply.Upgraded((command, streams) -> {
            record(api, request, deployment, "run of " + service, command);
            return commands(api, request).run(deployment, service, command, streams);
        });
    }

    /** Its program only: arguments may hold secrets. */
    private static void record(Api api, ApiRequest request, String deployment, String what, List<String> command) {
        String program = command.getFirst();
        String named = program.length() > LONGEST_WORD ? program.substring(0, LONGEST_WORD) + "…" : program;
        api.controller()
                .record(
                        deployment,
                        new ChangeRequested(
                                what + ": " + named,
                                request.caller().name(),
                                request.caller().from()));
    }

    private static AttachedCommands commands(Api api, ApiRequest request) {
        String self = ProcessIdentity.self().text();
        return LocalAttachedCommands.of(
                api.installation(),
                new LocalAttachedCommands.Runner(
                        new Caller.Person(request.caller().name()),
                        self,
                        HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()),
                        ProcessIdentity::isDead,
                        container -> DeathWatch.start(END, container, self),
                        run -> {}));
    }
}
