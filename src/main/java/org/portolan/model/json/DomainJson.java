package org.portolan.model.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.json.StrictJson;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Domain.AccessLog;
import org.portolan.model.service.Domain.Certificate;
import org.portolan.model.service.Domain.Route;
import org.portolan.model.service.Domain.Target;
import org.portolan.model.service.Domain.TcpRoute;

/**
 * A domain as JSON, with passwords and the certificate's key: whoever keeps it encrypts it, or lets its owner alone read it.
 * The store and the proxies' files hold the same form. Nothing but what is optional may be missing: a domain whose users
 * or redirection got lost would be an open one.
 */
public final class DomainJson {
    /**
     * Fields that the proxies' files spelled another way up to commit 8e717d8, with that spelling. They are written
     * there beside the others while such a version may read the file: it takes what it does not find for "no".
     */
    private static final SortedMap<String, String> EARLIER = new TreeMap<>(Map.of(
            "redirectHttps", "redirect_https",
            "streamUploads", "stream_uploads",
            "digestRealm", "digest_realm"));

    private DomainJson() {}

    public static Map<String, Object> tree(Domain domain) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("host", domain.host());
        tree.put("aliases", domain.aliases());
        List<Object> routes = new ArrayList<>();
        domain.routes().forEach((path, route) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("path", path);
            one.put("at", PositionJson.tree(route.at()));
            one.put("targets", route.targets().stream().map(DomainJson::tree).toList());
            routes.add(one);
        });
        tree.put("routes", routes);
        domain.tcp().ifPresent(tcp -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("listen", tcp.listen());
            one.put("target", tree(tcp.target()));
            tree.put("tcp", one);
        });
        domain.certificate().ifPresent(certificate -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("chain", certificate.chainPem());
            one.put("key", certificate.keyPem());
            tree.put("certificate", one);
        });
        tree.put("redirectHttps", domain.redirectHttps());
        tree.put("maintenance", domain.maintenance());
        tree.put("sticky", domain.sticky());
        if (domain.streamUploads()) {
            tree.put("streamUploads", true);
        }
        tree.put("auth", domain.auth());
        domain.digestRealm().ifPresent(realm -> tree.put("digestRealm", realm));
        if (domain.accessLog().on()) {
            tree.put("accessLog", domain.accessLog().name());
        }
        tree.put("at", PositionJson.tree(domain.at()));
        return tree;
    }

    /** As {@link #tree}, with what versions up to 8e717d8 look for in the proxies' files. */
    public static Map<String, Object> treeForEarlierToo(Domain domain) {
        Map<String, Object> tree = tree(domain);
        EARLIER.forEach((name, earlier) -> {
            Object value = tree.get(name);
            if (value != null) {
                tree.put(earlier, value);
            }
        });
        return tree;
    }

    /** Reads either spelling; throws {@link org.portolan.json.JsonMismatch} where something is missing or wrong. */
    public static Domain read(StrictJson node) {
        return new Domain(
                node.text("host"),
                node.texts("aliases"),
                routes(node),
                node.find("tcp").map(tcp -> new TcpRoute(tcp.number("listen"), target(tcp.at("target")))),
                node.find("certificate").map(pem -> new Certificate(pem.text("chain"), pem.text("key"))),
                find(node, "redirectHttps")
                        .orElseGet(() -> node.at("redirectHttps"))
                        .flag(),
                node.flag("maintenance"),
                node.flag("sticky"),
                find(node, "streamUploads").map(StrictJson::flag).orElse(false),
                node.sorted("auth", StrictJson::text),
                find(node, "digestRealm").map(StrictJson::text),
                // Named only where there is one.
                node.find("accessLog")
                        .map(word -> word.constant(AccessLog.values()))
                        .orElse(AccessLog.OFF),
                PositionJson.read(node.at("at")));
    }

    private static Optional<StrictJson> find(StrictJson node, String name) {
        Optional<StrictJson> found = node.find(name);
        return found.isPresent() ? found : node.find(EARLIER.getOrDefault(name, name));
    }

    private static SortedMap<String, Route> routes(StrictJson domain) {
        SortedMap<String, Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        for (StrictJson node : domain.at("routes").list()) {
            routes.put(
                    node.text("path"),
                    new Route(node.list("targets", DomainJson::target), PositionJson.read(node.at("at"))));
        }
        return routes;
    }

    private static Map<String, Object> tree(Target target) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("deployment", target.deployment());
        tree.put("service", target.service());
        tree.put("port", target.port());
        tree.put("weight", target.weight());
        return tree;
    }

    private static Target target(StrictJson node) {
        return new Target(node.text("deployment"), node.text("service"), node.text("port"), node.number("weight"));
    }
}
