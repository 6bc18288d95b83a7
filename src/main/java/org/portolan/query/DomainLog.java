package org.portolan.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;
import org.portolan.proxy.Proxy;

/** The access log of one domain. */
final class DomainLog {
    private final Proxy proxy;
    private final Predicate<String> shown;

    /** @param shown which deployments exist for whoever asks */
    DomainLog(Proxy proxy, Predicate<String> shown) {
        this.proxy = proxy;
        this.shown = shown;
    }

    /** Those that a limited caller may be told to have served a domain: whose it is now, and where it leads; empty: all. */
    private Set<String> served(String wanted) {
        Set<String> served = new TreeSet<>();
        if (!shown.test("")) {
            proxy.applied().forEach((deployment, part) -> part.domains().stream()
                    .filter(domain ->
                            domain.host().equals(wanted) || domain.aliases().contains(wanted))
                    .forEach(domain -> {
                        served.add(deployment);
                        domain.routes().values().forEach(route -> route.targets()
                                .forEach(target -> served.add(target.deployment())));
                    }));
        }
        return served;
    }

    /** The hosts of a deployment that have an access log. */
    static Set<String> logged(Proxy proxy, String deployment) {
        Set<String> logged = new TreeSet<>();
        proxy.applied(deployment).map(RouteSet::domains).orElse(List.of()).stream()
                .filter(domain -> domain.accessLog().on())
                .forEach(domain -> logged.add(domain.host()));
        return logged;
    }

    /** The same with the file of each. */
    static SortedMap<String, String> files(Proxy proxy, String deployment) {
        SortedMap<String, String> files = new TreeMap<>();
        Set<String> logged = logged(proxy, deployment);
        if (!logged.isEmpty()) {
            proxy.accessLog().ifPresent(file -> logged.forEach(host -> files.put(host, file.toString())));
        }
        return files;
    }

    /**
     * Lines of it.
     *
     * @param name a domain, with its aliases, or one alias
     * @throws Failure when there is none of that name, or it has no access log
     */
    AccessLogPage read(String name, Optional<Instant> since, int tail, Optional<String> after) {
        String wanted = name.toLowerCase(Locale.ROOT);
        List<Domain> named = new ArrayList<>();
        List<Domain> called = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        boolean hidden = false;
        for (RouteSet part : proxy.applied().values()) {
            for (Domain domain : part.domains()) {
                boolean host = domain.host().equals(wanted);
                boolean alias = domain.aliases().contains(wanted);
                // A domain of several deployments has the requests of all of them in its log.
                hidden |= (host || alias) && !shown.test(part.deployment());
                if (shown.test(part.deployment())) {
                    known.add(domain.host());
                    known.addAll(domain.aliases());
                }
                (host ? named : alias ? called : new ArrayList<Domain>()).add(domain);
            }
        }
        List<Domain> found = named.isEmpty() ? called : named;
        if (found.isEmpty() || hidden) {
            Failure unknown = new Failure(Kind.NOT_FOUND, "unknown domain '" + name + "'");
            throw Nearest.of(wanted, known)
                    .map(near -> unknown.withHint("did you mean " + near + "?"))
                    .orElse(unknown);
        }
        if (found.stream().noneMatch(domain -> domain.accessLog().on())) {
            throw new Failure(Kind.CONFLICT, found.getFirst().host() + " has no access log")
                    .withHint("write `access_log: true` to it under Domains: in its Servicefile, and deploy that");
        }
        Set<String> names = new TreeSet<>(Set.of(wanted));
        named.forEach(domain -> names.addAll(domain.aliases()));
        return proxy.accessLog(new AccessLogQuery(names, since, tail, after, served(wanted)));
    }
}
