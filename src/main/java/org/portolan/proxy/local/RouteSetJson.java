package org.portolan.proxy.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.portolan.model.Position;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.RouteSet.Trial;
import org.portolan.model.service.CheckRequest;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ServiceSpec.Health;

/** A deployment's part as JSON, and back. */
final class RouteSetJson {
    private RouteSetJson() {}

    static ObjectNode write(RouteSet part) {
        ObjectNode node = object();
        node.put("deployment", part.deployment());
        ArrayNode backends = node.putArray("backends");
        part.backends().forEach(backend -> backends.add(backend(backend)));
        ArrayNode domains = node.putArray("domains");
        part.domains().forEach(domain -> domains.add(domain(domain)));
        return node;
    }

    /** @throws IllegalArgumentException when it is not a route set: what it leaves out must never open a domain */
    static RouteSet read(JsonNode node) {
        require(node.path("backends").isArray() && node.path("domains").isArray());
        return new RouteSet(
                text(node, "deployment"),
                list(node.path("backends"), RouteSetJson::backend),
                list(node.path("domains"), RouteSetJson::domain));
    }

    private static ObjectNode backend(Backend backend) {
        ObjectNode node = object();
        node.put("service", backend.service());
        node.put("port", backend.port());
        node.put("http", backend.http());
        node.set("mesh", strings(backend.meshAddresses()));
        node.put("mesh_port", backend.meshPort());
        node.set("bindings", strings(backend.bindings()));
        node.put("sticky", backend.sticky());
        backend.health().ifPresent(health -> node.set("health", health(health)));
        backend.trial()
                .ifPresent(trial ->
                        node.putObject("trial").put("version", trial.version()).set("health", health(trial.health())));
        ArrayNode servers = node.putArray("servers");
        for (Server server : backend.servers()) {
            ObjectNode one = servers.addObject();
            one.put("deployment", server.instance().deployment());
            one.put("service", server.instance().service());
            one.put("version", server.instance().version());
            one.put("n", server.instance().n());
            one.put("address", server.address());
            one.put("port", server.port());
            one.put("state", server.state().name());
            one.put("weight", server.weight());
        }
        return node;
    }

    private static Backend backend(JsonNode node) {
        return new Backend(
                text(node, "service"),
                text(node, "port"),
                node.path("http").asBoolean(),
                list(node.path("mesh"), JsonNode::asText),
                node.path("mesh_port").asInt(),
                list(node.path("bindings"), JsonNode::asText),
                node.path("sticky").asBoolean(),
                optional(node, "health").map(RouteSetJson::health),
                optional(node, "trial")
                        .map(trial -> new Trial(trial.path("version").asInt(), health(trial.path("health")))),
                list(
                        node.path("servers"),
                        one -> new Server(
                                new InstanceId(
                                        text(one, "deployment"),
                                        text(one, "service"),
                                        one.path("version").asInt(),
                                        one.path("n").asInt()),
                                text(one, "address"),
                                one.path("port").asInt(),
                                State.valueOf(text(one, "state")),
                                one.path("weight").asInt())));
    }

    private static ObjectNode health(Health health) {
        ObjectNode node = object();
        node.put("type", health.type().name());
        node.put("path", health.path());
        node.put("host", health.host());
        if (!health.headers().isEmpty()) {
            ObjectNode headers = node.putObject("headers");
            health.headers()
                    .forEach((name, value) ->
                            headers.putObject(name).put("text", value.text()).put("secret", value.secret()));
        }
        node.put("port", health.port());
        node.set("command", strings(health.command()));
        node.put("interval", health.interval().toMillis());
        node.put("timeout", health.timeout().toMillis());
        node.put("healthy", health.healthy());
        node.put("unhealthy", health.unhealthy());
        node.put("start_interval", health.startInterval().toMillis());
        node.put("start_period", health.startPeriod().toMillis());
        node.put("deadline", health.deadline().toMillis());
        return node;
    }

    private static Health health(JsonNode node) {
        SortedMap<String, EnvValue> headers = new TreeMap<>();
        for (Map.Entry<String, JsonNode> header : node.path("headers").properties()) {
            headers.put(
                    header.getKey(),
                    new EnvValue(
                            text(header.getValue(), "text"),
                            header.getValue().path("secret").asBoolean()));
        }
        return new Health(
                Health.Type.valueOf(text(node, "type")),
                text(node, "path"),
                // Parts that name none were written when every check asked for this one.
                node.path("host").asText(CheckRequest.LOCALHOST),
                headers,
                text(node, "port"),
                list(node.path("command"), JsonNode::asText),
                millis(node, "interval"),
                millis(node, "timeout"),
                node.path("healthy").asInt(),
                node.path("unhealthy").asInt(),
                millis(node, "start_interval"),
                millis(node, "start_period"),
                millis(node, "deadline"));
    }

    private static ObjectNode domain(Domain domain) {
        ObjectNode node = object();
        node.put("host", domain.host());
        node.set("aliases", strings(domain.aliases()));
        ArrayNode routes = node.putArray("routes");
        domain.routes().forEach((path, route) -> {
            ObjectNode one = routes.addObject();
            one.put("path", path);
            one.set("at", position(route.at()));
            ArrayNode targets = one.putArray("targets");
            route.targets().forEach(target -> targets.add(target(target)));
        });
        domain.tcp()
                .ifPresent(route ->
                        node.putObject("tcp").put("listen", route.listen()).set("target", target(route.target())));
        domain.certificate().ifPresent(certificate -> node.putObject("certificate")
                .put("chain", certificate.chainPem())
                .put("key", certificate.keyPem()));
        node.put("redirect_https", domain.redirectHttps());
        node.put("maintenance", domain.maintenance());
        node.put("sticky", domain.sticky());
        if (domain.streamUploads()) {
            node.put("stream_uploads", true);
        }
        ObjectNode users = node.putObject("auth");
        domain.auth().forEach(users::put);
        domain.digestRealm().ifPresent(realm -> node.put("digest_realm", realm));
        node.set("at", position(domain.at()));
        return node;
    }

    private static void require(boolean form) {
        if (!form) {
            throw new IllegalArgumentException("not a part of the routing");
        }
    }

    private static Domain domain(JsonNode node) {
        SortedMap<String, Domain.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        for (JsonNode one : node.path("routes")) {
            routes.put(
                    text(one, "path"),
                    new Domain.Route(list(one.path("targets"), RouteSetJson::target), position(one.path("at"))));
        }
        require(node.path("auth").isObject());
        SortedMap<String, String> users = new TreeMap<>();
        for (Map.Entry<String, JsonNode> user : node.path("auth").properties()) {
            users.put(user.getKey(), user.getValue().asText());
        }
        return new Domain(
                text(node, "host"),
                list(node.path("aliases"), JsonNode::asText),
                routes,
                optional(node, "tcp")
                        .map(tcp -> new Domain.TcpRoute(tcp.path("listen").asInt(), target(tcp.path("target")))),
                optional(node, "certificate").map(pem -> new Domain.Certificate(text(pem, "chain"), text(pem, "key"))),
                node.path("redirect_https").asBoolean(),
                node.path("maintenance").asBoolean(),
                node.path("sticky").asBoolean(),
                node.path("stream_uploads").asBoolean(),
                users,
                optional(node, "digest_realm").map(JsonNode::asText),
                position(node.path("at")));
    }

    private static ObjectNode target(Domain.Target target) {
        return object().put("deployment", target.deployment())
                .put("service", target.service())
                .put("port", target.port())
                .put("weight", target.weight());
    }

    private static Domain.Target target(JsonNode node) {
        return new Domain.Target(
                text(node, "deployment"),
                text(node, "service"),
                text(node, "port"),
                node.path("weight").asInt());
    }

    private static ObjectNode position(Position at) {
        return object().put("file", at.file()).put("line", at.line()).put("column", at.column());
    }

    private static Position position(JsonNode node) {
        return new Position(
                text(node, "file"),
                node.path("line").asInt(),
                node.path("column").asInt());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static ArrayNode strings(List<String> texts) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
        List<T> values = new ArrayList<>();
        for (JsonNode one : array) {
            values.add(reader.apply(one));
        }
        return values;
    }

    private static Optional<JsonNode> optional(JsonNode node, String name) {
        return node.hasNonNull(name) ? Optional.of(node.get(name)) : Optional.empty();
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText("");
    }

    private static Duration millis(JsonNode node, String name) {
        return Duration.ofMillis(node.path(name).asLong());
    }
}
