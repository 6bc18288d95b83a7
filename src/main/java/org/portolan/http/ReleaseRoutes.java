package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.query.EventHub;
import org.portolan.query.ReleaseHistory;
import org.portolan.query.ReleaseSummary;
import org.portolan.query.json.JsonFields;
import org.portolan.query.json.StatusJson;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.Store;

/** What was deployed. */
final class ReleaseRoutes {
    private static final String RELEASES = "/v1/deployments/{deployment}/releases";

    /** More are never kept. */
    private static final int ALL = 1_000;

    private static final int SHOWN = 20;
    private static final int MOST = 100;

    private ReleaseRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.get(
                                RELEASES,
                                Route.READ,
                                "List the kept releases of a deployment, newest first.",
                                ApiForms.listed("releases", ApiForms.RELEASE),
                                ReleaseRoutes::releases)
                        .query("limit", "How many; default: 20.", ApiSchema.between(1, MOST))
                        .query("before", "Only releases with a smaller number.", ApiSchema.WHOLE),
                Route.get(
                        RELEASES + "/{number}",
                        Route.READ,
                        "Show a release with its events.",
                        ApiForms.RELEASE_WITH_EVENTS,
                        ReleaseRoutes::release),
                Route.get(
                        "/v1/deployments/{deployment}/versions",
                        Route.READ,
                        "List the versions of services in the kept releases.",
                        ApiForms.listed("versions", ApiForms.VERSION),
                        ReleaseRoutes::versions));
    }

    private static ReleaseHistory history(Api api, ApiRequest request, String deployment) {
        ReleaseHistory history = ReleaseHistory.of(api.viewed(), request.caller()::sees)
                .orElseThrow(() -> ApiCaller.noDeployment(deployment));
        history.deployments(Optional.of(deployment));
        return history;
    }

    private static Reply releases(Api api, ApiRequest request) {
        String deployment = request.deployment();
        int limit = request.number("limit", SHOWN, 1, MOST);
        int before = request.number("before", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        List<ReleaseSummary> found = history(api, request, deployment).releases(deployment, ALL).stream()
                .filter(summary -> summary.release().number() < before)
                .toList();
        List<ReleaseSummary> page = found.subList(0, Math.min(limit, found.size()));
        if (found.size() == page.size()) {
            return Reply.list("releases", page.stream().map(StatusJson::release).toList());
        }
        String next = request.path() + "?limit=" + limit + "&before="
                + page.getLast().release().number();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("releases", page.stream().map(StatusJson::release).toList());
        fields.put("next", next);
        return Reply.thing(fields).with("Link", "<" + next + ">; rel=\"next\"");
    }

    private static Reply release(Api api, ApiRequest request) {
        String deployment = request.deployment();
        ReleaseSummary found = history(api, request, deployment).release(deployment, number(request));
        Map<String, Object> fields = StatusJson.release(found);
        EventHub.Some last = EventHub.lastOf(found.release().events());
        fields.put("events", last.events().stream().map(JsonFields::event).toList());
        if (last.cut()) {
            fields.put("cut", true);
        }
        return Reply.thing(fields);
    }

    /** The release that the path names. */
    static int number(ApiRequest request) {
        try {
            return Integer.parseInt(request.name("number"));
        } catch (NumberFormatException notANumber) {
            throw new Failure(
                    Kind.NOT_FOUND, request.deployment() + " has no release '" + request.name("number") + "'");
        }
    }

    private static Reply versions(Api api, ApiRequest request) {
        String deployment = request.deployment();
        Store store = api.controller().installation().store();
        TreeMap<String, TreeMap<Integer, TreeSet<Integer>>> found = new TreeMap<>();
        history(api, request, deployment).releases(deployment, ALL).forEach(summary -> {
            Release release = summary.release();
            release.services().forEach((service, placed) -> found.computeIfAbsent(service, name -> new TreeMap<>())
                    .computeIfAbsent(placed.version(), version -> new TreeSet<>())
                    .add(release.number()));
        });
        Map<VersionId, TreeSet<Integer>> releases = new LinkedHashMap<>();
        found.forEach((service, versions) ->
                versions.forEach((version, numbers) -> releases.put(new VersionId(service, version), numbers)));
        Optional<DeploymentState> state = store.deployment(deployment);
        var definitions = store.definitions(deployment, releases.keySet());
        List<Map<String, Object>> all = new ArrayList<>();
        releases.forEach((id, numbers) -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("service", id.service());
            fields.put("version", id.number());
            fields.put(
                    "current",
                    state.map(known -> known.services().get(id.service()))
                            .filter(placed -> placed.version() == id.number())
                            .isPresent());
            fields.put("releases", List.copyOf(numbers));
            fields.put("image", Optional.ofNullable(definitions.get(id)).map(definition -> ServiceSpec.from(
                            id.service(), definition)
                    .image()));
            all.add(fields);
        });
        return Reply.list("versions", all);
    }
}
