package org.portolan.store.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Domain.Certificate;
import org.portolan.model.service.Domain.Route;
import org.portolan.model.service.Domain.Target;
import org.portolan.model.service.Domain.TcpRoute;

/** Domains as JSON, with passwords and keys: what this writes is sealed before it leaves the process. */
final class DomainCodec {
    private DomainCodec() {}

    static byte[] write(List<Domain> domains) {
        List<Object> list = new ArrayList<>();
        for (Domain domain : domains) {
            list.add(tree(domain));
        }
        return StoreJson.write(Map.of("domains", list));
    }

    static List<Domain> read(RedisNode tree) {
        List<Domain> domains = new ArrayList<>();
        for (RedisNode node : tree.list("domains")) {
            domains.add(domain(node));
        }
        return domains;
    }

    private static Map<String, Object> tree(Domain domain) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("host", domain.host());
        tree.put("aliases", domain.aliases());
        List<Object> routes = new ArrayList<>();
        for (Map.Entry<String, Route> entry : domain.routes().entrySet()) {
            List<Object> targets = new ArrayList<>();
            for (Target target : entry.getValue().targets()) {
                targets.add(target(target));
            }
            routes.add(Map.of(
                    "path",
                    entry.getKey(),
                    "targets",
                    targets,
                    "at",
                    StateCodec.position(entry.getValue().at())));
        }
        tree.put("routes", routes);
        domain.tcp().ifPresent(tcp -> tree.put("tcp", Map.of("listen", tcp.listen(), "target", target(tcp.target()))));
        domain.certificate()
                .ifPresent(certificate ->
                        tree.put("certificate", Map.of("chain", certificate.chainPem(), "key", certificate.keyPem())));
        tree.put("redirectHttps", domain.redirectHttps());
        tree.put("maintenance", domain.maintenance());
        tree.put("sticky", domain.sticky());
        if (domain.streamUploads()) {
            tree.put("streamUploads", true);
        }
        tree.put("auth", domain.auth());
        domain.digestRealm().ifPresent(realm -> tree.put("digestRealm", realm));
        tree.put("at", StateCodec.position(domain.at()));
        return tree;
    }

    private static Domain domain(RedisNode node) {
        return new Domain(
                node.text("host"),
                node.texts("aliases"),
                routes(node),
                node.find("tcp").map(tcp -> new TcpRoute(tcp.number("listen"), target(tcp.at("target")))),
                certificate(node),
                node.flag("redirectHttps"),
                node.flag("maintenance"),
                node.flag("sticky"),
                node.find("streamUploads").isPresent(),
                node.sorted("auth", RedisNode::text),
                node.find("digestRealm").map(RedisNode::text),
                StateCodec.position(node.at("at")));
    }

    private static SortedMap<String, Route> routes(RedisNode domain) {
        SortedMap<String, Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        for (RedisNode node : domain.list("routes")) {
            List<Target> targets = new ArrayList<>();
            for (RedisNode target : node.list("targets")) {
                targets.add(target(target));
            }
            routes.put(node.text("path"), new Route(targets, StateCodec.position(node.at("at"))));
        }
        return routes;
    }

    private static Optional<Certificate> certificate(RedisNode domain) {
        return domain.find("certificate").map(node -> new Certificate(node.text("chain"), node.text("key")));
    }

    private static Map<String, Object> target(Target target) {
        return Map.of(
                "deployment",
                target.deployment(),
                "service",
                target.service(),
                "port",
                target.port(),
                "weight",
                target.weight());
    }

    private static Target target(RedisNode node) {
        return new Target(node.text("deployment"), node.text("service"), node.text("port"), node.number("weight"));
    }
}
