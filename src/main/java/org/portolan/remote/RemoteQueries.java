package org.portolan.remote;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.portolan.json.JsonMismatch;
import org.portolan.json.JsonTree;
import org.portolan.json.StrictJson;
import org.portolan.model.container.Container;
import org.portolan.model.container.StoredVolume;
import org.portolan.model.json.MomentJson;
import org.portolan.model.json.StoredVolumeJson;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.query.ControllerStatus;
import org.portolan.query.EventFilter;
import org.portolan.query.Happenings;
import org.portolan.query.Inspected;
import org.portolan.query.InstanceLogs;
import org.portolan.query.Inventory;
import org.portolan.query.Outputs;
import org.portolan.query.Queries;
import org.portolan.query.ReleaseSummary;
import org.portolan.query.Releases;
import org.portolan.query.SecretSummary;
import org.portolan.query.SecretValue;
import org.portolan.query.StatusReport;
import org.portolan.query.json.ControllerStatusJson;
import org.portolan.query.json.InspectedJson;
import org.portolan.query.json.InventoryJson;
import org.portolan.query.json.ReleaseSummaryJson;
import org.portolan.query.json.SecretSummaryJson;
import org.portolan.query.json.StatusReportJson;

/** Asks a controller for what looking commands show. */
final class RemoteQueries implements Queries {
    private static final String QUERIES = "/v1/queries/";
    private static final String DEPLOYMENT = "deployment";

    /** More are never kept. */
    private static final int KEPT = 1_000;

    private static final int MOST_LINES = 10_000;

    private final ApiClient client;

    RemoteQueries(ApiClient client) {
        this.client = client;
    }

    private <T> T view(
            String name, Map<String, String> parameters, Consumer<String> warnings, Function<StrictJson, T> reading) {
        StrictJson answer = client.get(QUERIES + name + ApiClient.query(parameters));
        return understood(() -> {
            answer.texts("warnings").forEach(warnings);
            return reading.apply(answer.at("view"));
        });
    }

    private static String of(String deployment) {
        return "deployments/" + ApiClient.segment(deployment);
    }

    /** Reads something. */
    @FunctionalInterface
    interface Understanding<T> {
        T read();
    }

    private <T> T understood(Understanding<T> reading) {
        try {
            return reading.read();
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    @Override
    public Inventory inventory(Consumer<String> warnings) {
        return view("inventory", Map.of(), warnings, InventoryJson::read);
    }

    @Override
    public StatusReport status(Optional<String> deployment, Consumer<String> warnings) {
        return view("status", Map.of(DEPLOYMENT, deployment.orElse("")), warnings, StatusReportJson::read);
    }

    @Override
    public ControllerStatus controller(Consumer<String> warnings) {
        return view("controller", Map.of(), warnings, ControllerStatusJson::read);
    }

    @Override
    public Optional<Releases> releases() {
        return Optional.of(new Releases() {
            @Override
            public List<String> deployments(Optional<String> asked) {
                return view(
                        "deployments",
                        Map.of(DEPLOYMENT, asked.orElse("")),
                        warning -> {},
                        names -> names.list().stream().map(StrictJson::text).toList());
            }

            @Override
            public List<ReleaseSummary> releases(String deployment, int most) {
                return view(
                        of(deployment) + "/releases",
                        Map.of("limit", String.valueOf(Math.clamp(most, 0, KEPT))),
                        warning -> {},
                        all -> all.list().stream().map(ReleaseSummaryJson::read).toList());
            }

            @Override
            public ReleaseSummary release(String deployment, int number) {
                return view(of(deployment) + "/releases/" + number, Map.of(), warning -> {}, ReleaseSummaryJson::read);
            }
        });
    }

    @Override
    public Inspected inspect(Inventory inventory, String deployment, String word) {
        return view(
                of(deployment),
                Map.of("name", word),
                warning -> {},
                node -> InspectedJson.read(inventory, deployment, node));
    }

    @Override
    public Optional<Happenings> events(boolean follow, EventFilter wanted) {
        return Optional.of(new RemoteEvents(client, follow, wanted));
    }

    @Override
    public AccessLogPage accessLog(String domain, Optional<Instant> since, int tail, Optional<String> after) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("tail", String.valueOf(Math.max(tail, 0)));
        parameters.put("since", since.map(Instant::toString).orElse(""));
        parameters.put("after", after.orElse(""));
        StrictJson answer =
                client.get("/v1/domains/" + ApiClient.segment(domain) + "/access-log" + ApiClient.query(parameters));
        return understood(() -> new AccessLogPage(
                answer.list("lines", line -> JsonTree.text(line.value(), false)),
                answer.text("next"),
                answer.find("cut").map(StrictJson::flag).orElse(false)));
    }

    @Override
    public Outputs logs(InstanceLogs.Sink sink) {
        return new Outputs() {
            @Override
            public void past(List<Container> containers, int tail) {
                for (Container container : containers) {
                    container
                            .instance()
                            .ifPresent(
                                    id -> lines(id.deployment(), List.of(container.name()), tail, false, () -> false));
                }
            }

            @Override
            public void follow(
                    String deployment,
                    List<String> names,
                    List<Container> containers,
                    int tail,
                    BooleanSupplier ended) {
                if (lines(deployment, names, tail, true, ended)) {
                    throw client.gone();
                }
            }

            private boolean lines(
                    String deployment, List<String> names, int tail, boolean follow, BooleanSupplier ended) {
                Map<String, String> parameters = new LinkedHashMap<>();
                parameters.put("names", String.join(",", names));
                parameters.put("tail", String.valueOf(Math.clamp(tail, 0, MOST_LINES)));
                parameters.put("follow", String.valueOf(follow));
                return client.lines(
                        QUERIES + of(deployment) + "/logs" + ApiClient.query(parameters),
                        line -> line(line, sink),
                        ended);
            }
        };
    }

    private void line(StrictJson line, InstanceLogs.Sink sink) {
        understood(() -> {
            sink.line(
                    line.text("instance"),
                    MomentJson.parse(line.at("at")),
                    line.text("stream").equals("stderr"),
                    line.text("text"));
            return "";
        });
    }

    @Override
    public List<SecretSummary> secrets(String deployment) {
        return view(of(deployment) + "/secrets", Map.of(), warning -> {}, all -> all.list().stream()
                .map(SecretSummaryJson::read)
                .toList());
    }

    @Override
    public SecretValue secret(String deployment, String name) {
        StrictJson answer = client.get("/v1/" + of(deployment) + "/secrets/" + ApiClient.segment(name));
        return understood(() -> new SecretValue(answer.number("version"), answer.text("value")));
    }

    /** The installation's volumes. */
    List<StoredVolume> volumes() {
        return view("volumes", Map.of(), warning -> {}, all -> all.list().stream()
                .map(StoredVolumeJson::read)
                .toList());
    }
}
