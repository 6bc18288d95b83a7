package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.plan.json.PlanJson;
import org.portolan.query.ControllerStatus;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.Inventory;
import org.portolan.query.ServiceSummary;
import org.portolan.query.StatusQuery;
import org.portolan.query.json.StatusJson;

/** How everything is now. */
final class StateRoutes {
    private static final String DEPLOYMENT = "/v1/deployments/{deployment}";

    private StateRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.seen(
                        "/v1/deployments",
                        Route.READ,
                        "List the deployments.",
                        ApiForms.listed("deployments", ApiForms.SUMMARY),
                        StateRoutes::deployments),
                Route.get(
                        DEPLOYMENT,
                        Route.READ,
                        "Show a deployment: last release, services, instances, jobs, domains.",
                        ApiForms.DEPLOYMENT,
                        StateRoutes::whole),
                Route.get(
                        DEPLOYMENT + "/services",
                        Route.READ,
                        "List the services of a deployment.",
                        ApiForms.listed("services", ApiForms.SERVICE),
                        (api, request) -> Reply.list(
                                "services",
                                status(api, request).services().stream()
                                        .map(StatusJson::service)
                                        .toList())),
                Route.get(
                        DEPLOYMENT + "/instances",
                        Route.READ,
                        "List the instances of a deployment.",
                        ApiForms.listed("instances", ApiForms.INSTANCE),
                        StateRoutes::instances),
                Route.get(
                        DEPLOYMENT + "/plan",
                        Route.READ,
                        "Show drift: what runs otherwise than deployed, and what repairs it.",
                        ApiForms.PLAN,
                        StateRoutes::plan),
                Route.seen(
                        "/v1/domains",
                        Route.READ,
                        "List the domains.",
                        ApiForms.listed("domains", ApiForms.DOMAIN),
                        StateRoutes::domains),
                Route.seen(
                        "/v1/sources",
                        Route.READ,
                        "List the sources that are followed, and how they stand.",
                        ApiForms.listed("sources", ApiForms.SOURCE),
                        StateRoutes::sources));
    }

    private static Reply deployments(Viewer viewer, ApiRequest request) {
        Inventory inventory = viewer.inventory();
        ControllerStatus standings = viewer.standings();
        List<Map<String, Object>> all = new ArrayList<>();
        for (String name : inventory.deployments(Optional.empty())) {
            all.add(summary(standings, inventory, name));
        }
        return Reply.list("deployments", all);
    }

    private static Map<String, Object> summary(ControllerStatus standings, Inventory inventory, String name) {
        Optional<DeploymentState> state = Optional.ofNullable(inventory.states().get(name));
        List<ServiceSummary> services = inventory.view(name);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("owner", state.map(DeploymentState::owner));
        fields.put("last_release", state.map(DeploymentState::lastRelease).filter(number -> number != 0));
        fields.put("services", services.stream().map(ServiceSummary::name).toList());
        fields.put(
                "running", services.stream().mapToLong(ServiceSummary::running).sum());
        fields.put(
                "wanted",
                services.stream()
                        .filter(service -> !service.stopped())
                        .flatMap(service -> service.placed().stream())
                        .mapToLong(Release.Placed::scale)
                        .sum());
        fields.put("conditions", inventory.conditions(name));
        fields.put("standing", standings.deployment(name).map(StatusJson::standing));
        return fields;
    }

    private static DeploymentStatus status(Api api, ApiRequest request) {
        Inventory inventory = api.inventory(request.caller());
        String name = inventory.deployments(Optional.of(request.deployment())).getFirst();
        return new StatusQuery(api.viewed(), inventory, warning -> {}, request.caller()::sees).of(name);
    }

    static Reply whole(Api api, ApiRequest request) {
        DeploymentStatus status = status(api, request);
        Map<String, Object> fields = StatusJson.whole(status);
        fields.put(
                "standing",
                api.standings(request.caller()).deployment(status.name()).map(StatusJson::standing));
        return Reply.thing(fields);
    }

    private static Reply instances(Api api, ApiRequest request) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (DeploymentStatus.Service service : status(api, request).services()) {
            service.instances().forEach(instance -> all.add(StatusJson.instance(service.service(), instance)));
        }
        return Reply.list("instances", all);
    }

    private static Reply plan(Api api, ApiRequest request) {
        Mandate mandate = Mandate.of(new Caller.Person(request.caller().name()));
        return Reply.thing(PlanJson.tree(new Operations(api.installation())
                .drift(request.deployment(), mandate)
                .seenBy(request.caller()::sees)));
    }

    private static Reply domains(Viewer viewer, ApiRequest request) {
        List<Map<String, Object>> all = new ArrayList<>();
        viewer.deployments().forEach((name, state) -> {
            for (DeploymentState.Claim claim : state.claims()) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("deployment", name);
                fields.put("host", claim.host());
                fields.put("path", claim.path());
                all.add(fields);
            }
        });
        return Reply.list("domains", all);
    }

    /** Sources are of all deployments: a caller who is limited to some sees none. */
    private static Reply sources(Viewer viewer, ApiRequest request) {
        return Reply.list(
                "sources",
                viewer.standings().sources().stream().map(StatusJson::source).toList());
    }
}
