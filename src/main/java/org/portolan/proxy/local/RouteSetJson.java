package org.portolan.proxy.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.json.DomainJson;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.RouteSet.Trial;
import org.portolan.model.service.CheckRequest;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ServiceSpec.Health;

/** A deployment's routes as JSON, and back. What is missing is an error: it must never open a domain. */
final class RouteSetJson {
    private RouteSetJson() {}

    static Map<String, Object> tree(RouteSet routes) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("deployment", routes.deployment());
        tree.put("backends", routes.backends().stream().map(RouteSetJson::tree).toList());
        tree.put(
                "domains",
                routes.domains().stream().map(DomainJson::treeForEarlierToo).toList());
        return tree;
    }

    /** @throws IllegalArgumentException when it is not a route set */
    static RouteSet read(StrictJson node) {
        return new RouteSet(
                node.text("deployment"),
                node.list("backends", RouteSetJson::backend),
                node.list("domains", DomainJson::read));
    }

    private static Map<String, Object> tree(Backend backend) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("service", backend.service());
        tree.put("port", backend.port());
        tree.put("http", backend.http());
        tree.put("mesh", backend.meshAddresses());
        tree.put("mesh_port", backend.meshPort());
        tree.put("bindings", backend.bindings());
        tree.put("sticky", backend.sticky());
        backend.health().ifPresent(health -> tree.put("health", tree(health)));
        backend.trial().ifPresent(trial -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("version", trial.version());
            one.put("health", tree(trial.health()));
            tree.put("trial", one);
        });
        if (!backend.checked()) {
            tree.put("checked", false);
        }
        if (backend.maxConnections() > 0) {
            tree.put("max_connections", backend.maxConnections());
        }
        List<Object> servers = new ArrayList<>();
        for (Server server : backend.servers()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("deployment", server.instance().deployment());
            one.put("service", server.instance().service());
            one.put("version", server.instance().version());
            one.put("n", server.instance().n());
            one.put("address", server.address());
            one.put("port", server.port());
            one.put("state", server.state().name());
            one.put("weight", server.weight());
            servers.add(one);
        }
        tree.put("servers", servers);
        return tree;
    }

    private static Backend backend(StrictJson node) {
        return new Backend(
                node.text("service"),
                node.text("port"),
                node.flag("http"),
                node.texts("mesh"),
                node.number("mesh_port"),
                node.texts("bindings"),
                node.flag("sticky"),
                node.find("health").map(RouteSetJson::health),
                node.find("trial").map(trial -> new Trial(trial.number("version"), health(trial.at("health")))),
                // Both are named only where a backend is not as it was always.
                node.find("checked").isEmpty(),
                node.find("max_connections").map(StrictJson::number).orElse(0),
                node.list("servers", RouteSetJson::server));
    }

    private static Server server(StrictJson node) {
        return new Server(
                new InstanceId(node.text("deployment"), node.text("service"), node.number("version"), node.number("n")),
                node.text("address"),
                node.number("port"),
                node.at("state").constant(State.values()),
                node.number("weight"));
    }

    private static Map<String, Object> tree(Health health) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("type", health.type().name());
        tree.put("path", health.path());
        tree.put("host", health.host());
        if (!health.headers().isEmpty()) {
            Map<String, Object> headers = new LinkedHashMap<>();
            health.headers().forEach((name, value) -> {
                Map<String, Object> header = new LinkedHashMap<>();
                header.put("text", value.text());
                header.put("secret", value.secret());
                headers.put(name, header);
            });
            tree.put("headers", headers);
        }
        tree.put("port", health.port());
        tree.put("command", health.command());
        tree.put("interval", health.interval().toMillis());
        tree.put("timeout", health.timeout().toMillis());
        tree.put("healthy", health.healthy());
        tree.put("unhealthy", health.unhealthy());
        tree.put("start_interval", health.startInterval().toMillis());
        tree.put("start_period", health.startPeriod().toMillis());
        tree.put("deadline", health.deadline().toMillis());
        return tree;
    }

    private static Health health(StrictJson node) {
        return new Health(
                node.at("type").constant(Health.Type.values()),
                node.text("path"),
                // Parts that name none were written when every check asked for this one.
                node.find("host").map(StrictJson::text).orElse(CheckRequest.LOCALHOST),
                node.sortedOrEmpty("headers", header -> new EnvValue(header.text("text"), header.flag("secret"))),
                node.text("port"),
                node.texts("command"),
                millis(node, "interval"),
                millis(node, "timeout"),
                node.number("healthy"),
                node.number("unhealthy"),
                millis(node, "start_interval"),
                millis(node, "start_period"),
                millis(node, "deadline"));
    }

    private static Duration millis(StrictJson node, String name) {
        return Duration.ofMillis(node.at(name).whole());
    }
}
