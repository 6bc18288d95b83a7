package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ProxyText;
import org.portolan.model.service.ServiceSpec;
import org.portolan.servicefile.yaml.YamlNode;

/** How a service shows that it works: a path, or a map with one of http, tcp and exec. */
public record HealthShape() implements Shape {
    private static final String ASK_TIMEOUT = "1s";
    /** Those of them that HAProxy's file takes as well. */
    public static final List<Key> KEYS = List.of(
            Key.of(
                    "http",
                    new Shapes.Text("a path"),
                    "",
                    "The path of an HTTP GET; 2xx and 3xx are healthy.",
                    "http: /up"),
            Key.of(
                    "tcp",
                    new Shapes.Text("true or a port's name"),
                    "",
                    "`true`, or a port's name. Healthy if the port accepts connections.",
                    "tcp: true"),
            Key.of(
                    "exec",
                    new CommandShape(true, false),
                    "",
                    "A command to run in the container. Healthy if it exits with 0.",
                    "exec: pg_isready"),
            Key.of(
                    "port",
                    new Shapes.Text("a port's name"),
                    "the main port",
                    "The name of the port to check.",
                    "port: http"),
            Key.of(
                    "host",
                    new CheckHost(),
                    "the service's first domain",
                    "The `Host` header of an HTTP check. Default: the service's first domain without `*` when the version is"
                            + " created, else `localhost`. It does not change for a version.",
                    "host: example.org"),
            Key.of(
                    "headers",
                    new CheckHeaders(),
                    "",
                    "More headers of an HTTP check. Portolan and HAProxy send the same request.",
                    "headers: {X-Forwarded-Proto: https}"),
            Key.withDefault("interval", Shapes.POSITIVE_DURATION, "2s", "The time between checks.", "interval: 5s"),
            Key.withDefault(
                    "timeout",
                    Shapes.POSITIVE_DURATION,
                    ASK_TIMEOUT,
                    "The longest time to wait for an answer. The default for `exec` is 5s.",
                    "timeout: 3s"),
            Key.withDefault(
                    "healthy",
                    new Shapes.Whole("a number of checks", 1, 100),
                    2L,
                    "Successful checks in a row until an instance is healthy.",
                    "healthy: 3"),
            Key.withDefault(
                    "unhealthy",
                    new Shapes.Whole("a number of checks", 1, 100),
                    3L,
                    "Failed checks in a row until it is unhealthy.",
                    "unhealthy: 5"),
            Key.withDefault(
                    "start_interval",
                    Shapes.POSITIVE_DURATION,
                    "250ms",
                    "The time between checks until the first success.",
                    "start_interval: 1s"),
            Key.withDefault(
                    "start_period",
                    Shapes.DURATION,
                    "5s",
                    "The time after the start in which failures do not count.",
                    "start_period: 30s"),
            Key.withDefault(
                    "deadline",
                    Shapes.POSITIVE_DURATION,
                    "1m",
                    "The time in which a new instance must become healthy; otherwise the release fails.",
                    "deadline: 5m"));

    private static final Fields FIELDS = new Fields("health", KEYS, false);

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        if (node instanceof YamlNode.Scalar scalar && !scalar.unresolved()) {
            if (scalar.text().equals(ServiceSpec.NO_HEALTH)) {
                return ServiceSpec.NO_HEALTH;
            }
            if (!scalar.text().startsWith("/")) {
                in.fault(
                        node,
                        "expected a path or a map for health, found " + in.found(node),
                        "for example: {http: /up}, {tcp: true} or {exec: ./check}; none asks nothing");
                return null;
            }
            SortedMap<String, Object> health = new TreeMap<>(Map.of("http", scalar.text()));
            return pathHolds(scalar, in) ? health : null;
        }
        SortedMap<String, Object> health = FIELDS.read(node, in);
        if (health == null || !(node instanceof YamlNode.Mapping mapping)) {
            return null;
        }
        int kinds = 0;
        for (String kind : List.of("http", "tcp", "exec")) {
            kinds += YamlNode.isNull(mapping.get(kind)) ? 0 : 1;
        }
        if (kinds == 0 && FIELDS.hasUnknown(mapping)) {
            return null;
        }
        if (kinds != 1) {
            in.fault(
                    node,
                    kinds == 0 ? "health has no check" : "health has more than one check",
                    "write one of http: /path, tcp: true or exec: COMMAND");
            return null;
        }
        if (mapping.get("http") instanceof YamlNode.Scalar path && !path.unresolved() && !pathHolds(path, in)) {
            return null;
        }
        for (String key : List.of("host", "headers")) {
            if (health.containsKey(key) && YamlNode.isNull(mapping.get("http"))) {
                YamlNode.Entry entry = mapping.entry(key);
                in.fault(
                        entry == null ? node : entry.key(),
                        "only an HTTP check can have " + key,
                        "add http: /path, or remove " + key);
                return null;
            }
        }
        if (health.containsKey("exec") && !YamlNode.isNull(mapping.get("timeout")) && !health.containsKey("timeout")) {
            // What is the default for others is not left out here, where the default is longer.
            health.put("timeout", ASK_TIMEOUT);
        }
        if (health.get("tcp") instanceof String port) {
            if (!port.equals("true")) {
                health.put("port", port);
            }
            health.put("tcp", true);
        }
        return health.containsKey("http") || health.containsKey("tcp") || health.containsKey("exec") ? health : null;
    }

    private static boolean pathHolds(YamlNode.Scalar path, Reading in) {
        String fault = ProxyText.TARGET.fault(path.text());
        if (fault != null) {
            in.fault(
                    path,
                    "invalid path " + in.found(path) + ": " + fault,
                    path.text().startsWith("/")
                            ? "escape other characters as % and two hexadecimal digits"
                            : "for example: /up");
        }
        return fault == null;
    }

    @Override
    public String words() {
        return "map, a path for `{http: path}`, or `none`";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.either(List.of(Schemas.pattern("^(/|none$)"), FIELDS.schema()));
    }
}
