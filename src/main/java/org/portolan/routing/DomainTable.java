package org.portolan.routing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;

/** The domains of all parts as one: routes are united; of what a domain itself says, the newest part's word holds. */
final class DomainTable {
    private final SortedMap<String, Domain> newest = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, Domain.Route>> routes = new TreeMap<>();
    private final SortedMap<String, String> names = new TreeMap<>();
    private final SortedMap<String, Site> sites = new TreeMap<>();
    private final SortedMap<Integer, Domain.Target> tcp = new TreeMap<>();

    private DomainTable() {}

    static DomainTable merge(List<RouteSet> parts) {
        DomainTable domains = new DomainTable();
        Map<String, SortedMap<String, Domain.Route>> united = new TreeMap<>();
        for (RouteSet part : parts) {
            for (Domain domain : part.domains()) {
                domains.add(domain, united);
            }
        }
        domains.newest.forEach((host, domain) -> domains.named(host, host, domain, united));
        domains.newest.forEach((host, domain) -> domain.aliases().forEach(alias -> {
            // A host that is declared itself is not another's alias.
            if (!domains.names.containsKey(Sanitizer.host(alias))) {
                domains.named(alias, host, domain, united);
            }
        }));
        return domains;
    }

    private void add(Domain domain, Map<String, SortedMap<String, Domain.Route>> united) {
        domain.tcp().ifPresent(route -> {
            Domain.Target before = tcp.put(route.listen(), route.target());
            if (before != null && !before.equals(route.target())) {
                throw new Failure(
                                Kind.INVALID,
                                "TCP port " + route.listen() + " is claimed for " + before + " and for "
                                        + route.target())
                        .withHint("use another port for one of the TCP domains");
            }
        });
        if (domain.routes().isEmpty()) {
            return;
        }
        String host = Sanitizer.host(domain.host());
        if (domain.digestRealm().isEmpty()) {
            domain.auth().keySet().forEach(Sanitizer::user);
        }
        Domain before = newest.get(host);
        newest.put(host, before == null ? domain : united(before, domain));
        SortedMap<String, Domain.Route> own = united.computeIfAbsent(host, key -> new TreeMap<>());
        domain.routes().forEach((path, route) -> own.put(Sanitizer.path(path), route));
    }

    /**
     * The newer word, except that it neither opens a protected domain nor takes a certificate away, and that requests are
     * written down while any deployment asks for it.
     */
    private static Domain united(Domain older, Domain newer) {
        return new Domain(
                newer.host(),
                newer.aliases(),
                newer.routes(),
                newer.tcp(),
                newer.certificate().isPresent() ? newer.certificate() : older.certificate(),
                newer.redirectHttps(),
                newer.maintenance(),
                newer.sticky(),
                newer.streamUploads(),
                newer.auth().isEmpty() ? older.auth() : newer.auth(),
                newer.auth().isEmpty() ? older.digestRealm() : newer.digestRealm(),
                newer.accessLog().or(older.accessLog()),
                newer.at());
    }

    private void named(String name, String host, Domain domain, Map<String, SortedMap<String, Domain.Route>> united) {
        names.put(name, host);
        routes.put(name, united.getOrDefault(host, new TreeMap<>()));
        sites.put(
                name,
                new Site(
                        name,
                        domain.auth(),
                        domain.digestRealm(),
                        domain.redirectHttps(),
                        domain.maintenance(),
                        domain.streamUploads(),
                        domain.certificate(),
                        domain.accessLog()));
    }

    SortedMap<Integer, Domain.Target> tcp() {
        return tcp;
    }

    /** Name (aliases included) to path (without the last slash) to route. */
    SortedMap<String, SortedMap<String, Domain.Route>> routes() {
        return routes;
    }

    SortedMap<String, Site> sites() {
        return sites;
    }

    /** The declared host that a name belongs to. */
    String nameOf(String name) {
        return names.getOrDefault(name, name);
    }

    boolean sticky(String name) {
        Domain domain = newest.get(nameOf(name));
        return domain != null && domain.sticky();
    }

    /**
     * What a host takes over from {@code *.parent} and {@code *} where it has no route itself: new key to existing key. A
     * wildcard that is protected or closed gives nothing away, since the host's own (open) site would be asked for it.
     */
    Map<String, String> inherited() {
        Map<String, String> taken = new LinkedHashMap<>();
        routes.forEach((host, own) -> {
            if (host.startsWith("*") || own.containsKey("")) {
                return;
            }
            int dot = host.indexOf('.');
            inherit(taken, host, own, dot < 0 ? "" : "*" + host.substring(dot));
            inherit(taken, host, own, "*");
        });
        return taken;
    }

    private void inherit(Map<String, String> taken, String host, SortedMap<String, Domain.Route> own, String wildcard) {
        SortedMap<String, Domain.Route> given = routes.get(wildcard);
        Site site = sites.get(wildcard);
        if (given == null || site == null || !site.open() || site.maintenance()) {
            return;
        }
        for (String path : given.keySet()) {
            String key = TableBuilder.key(host, path);
            if (!covered(own, path) && !taken.containsKey(key)) {
                taken.put(key, TableBuilder.key(wildcard, path));
            }
        }
    }

    private static boolean covered(SortedMap<String, Domain.Route> own, String path) {
        for (String prefix : own.keySet()) {
            if ((path + "/").startsWith(prefix + "/")) {
                return true;
            }
        }
        return false;
    }
}
