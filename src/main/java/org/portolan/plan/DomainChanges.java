package org.portolan.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.service.Domain;
import org.portolan.plan.Action.Kind;

/** Compares the domains that the proxies serve with those that are wanted. Positions and the order do not count. */
final class DomainChanges {
    private DomainChanges() {}

    /**
     * The actions, by host.
     *
     * @param secretsKept whether the secrets are known to be unchanged, in whatever form the proxies hold them
     */
    static List<Action> decide(List<Domain> applied, List<Domain> wanted, boolean secretsKept) {
        SortedMap<String, Domain> before = byHost(applied);
        SortedMap<String, Domain> after = byHost(wanted);
        List<Action> actions = new ArrayList<>();
        after.forEach((host, domain) -> {
            Domain old = before.get(host);
            if (old == null) {
                actions.add(
                        new Action(Kind.ADD_DOMAIN, host, "domain " + host + "  → " + leadsTo(domain), added(domain)));
            } else {
                List<String> reasons = changes(old, domain, secretsKept);
                if (!reasons.isEmpty()) {
                    actions.add(
                            new Action(Kind.CHANGE_DOMAIN, host, "domain " + host + "  → " + leadsTo(domain), reasons));
                }
            }
        });
        before.forEach((host, domain) -> {
            if (!after.containsKey(host)) {
                actions.add(new Action(Kind.REMOVE_DOMAIN, host, "domain " + host, List.of("no longer declared")));
            }
        });
        return actions;
    }

    private static SortedMap<String, Domain> byHost(List<Domain> domains) {
        SortedMap<String, Domain> byHost = new TreeMap<>();
        domains.forEach(domain -> byHost.put(domain.host(), domain));
        return byHost;
    }

    private static String leadsTo(Domain domain) {
        Set<String> targets = new java.util.LinkedHashSet<>();
        domain.routes().values().forEach(route -> targets.add(targets(route)));
        domain.tcp().ifPresent(tcp -> targets.add(tcp(tcp)));
        return targets.isEmpty() ? "nothing" : String.join("; ", targets);
    }

    private static List<String> added(Domain domain) {
        List<String> reasons = new ArrayList<>();
        reasons.add("declared at " + domain.at());
        if (!domain.aliases().isEmpty()) {
            reasons.add("aliases: " + String.join(", ", domain.aliases()));
        }
        domain.routes().forEach((path, route) -> {
            if (!path.equals("/")) {
                reasons.add(path + " → " + targets(route));
            }
        });
        return reasons;
    }

    private static List<String> changes(Domain old, Domain now, boolean secretsKept) {
        List<String> reasons = new ArrayList<>();
        Set<String> paths = new java.util.TreeSet<>(old.routes().keySet());
        paths.addAll(now.routes().keySet());
        for (String path : paths) {
            compare(
                    reasons,
                    path,
                    shown(old.routes().get(path)),
                    shown(now.routes().get(path)));
        }
        compare(
                reasons,
                "tcp",
                old.tcp().map(DomainChanges::tcp).orElse(""),
                now.tcp().map(DomainChanges::tcp).orElse(""));
        compareNames(reasons, "alias", old.aliases(), now.aliases());
        compare(reasons, "redirect_https", word(old.redirectHttps()), word(now.redirectHttps()));
        compare(reasons, "maintenance", word(old.maintenance()), word(now.maintenance()));
        compare(reasons, "sticky", word(old.sticky()), word(now.sticky()));
        compare(reasons, "uploads", uploads(old), uploads(now));
        compare(reasons, "access_log", logged(old), logged(now));
        boolean guarded = !old.auth().isEmpty() && !now.auth().isEmpty();
        if (guarded) {
            compare(reasons, "auth_mode", mode(old), mode(now));
        }
        if (old.digestRealm().isPresent() && now.digestRealm().isPresent()) {
            compare(
                    reasons,
                    "auth_realm",
                    old.digestRealm().get(),
                    now.digestRealm().get());
        }
        compareNames(reasons, "auth user", old.auth().keySet(), now.auth().keySet());
        if (old.certificate().isPresent() != now.certificate().isPresent()) {
            reasons.add(now.certificate().isPresent() ? "certificate added" : "certificate removed");
        } else if (!secretsKept && !old.certificate().equals(now.certificate())) {
            reasons.add("certificate changed");
        }
        // What is kept of a password depends on mode and realm.
        boolean alike = old.digestRealm().equals(now.digestRealm());
        for (Map.Entry<String, String> user : now.auth().entrySet()) {
            String password = old.auth().get(user.getKey());
            if (alike && !secretsKept && password != null && !password.equals(user.getValue())) {
                reasons.add("password of " + user.getKey() + " changed");
            }
        }
        return reasons;
    }

    private static void compare(List<String> reasons, String what, String from, String to) {
        if (from.equals(to)) {
            return;
        }
        reasons.add(
                from.isEmpty()
                        ? what + " added: " + to
                        : to.isEmpty() ? what + " removed (was " + from + ")" : what + ": " + from + " → " + to);
    }

    private static void compareNames(
            List<String> reasons, String what, Iterable<String> before, Iterable<String> after) {
        Set<String> old = new HashSet<>();
        before.forEach(old::add);
        for (String name : after) {
            if (!old.remove(name)) {
                reasons.add(what + " " + name + " added");
            }
        }
        old.stream().sorted().forEach(name -> reasons.add(what + " " + name + " removed"));
    }

    private static String shown(Domain.@org.jspecify.annotations.Nullable Route route) {
        return Optional.ofNullable(route).map(DomainChanges::targets).orElse("");
    }

    private static String targets(Domain.Route route) {
        StringBuilder text = new StringBuilder();
        for (Domain.Target target : route.targets()) {
            text.append(text.isEmpty() ? "" : ", ").append(target);
            if (route.targets().size() > 1 || target.weight() != 100) {
                text.append(" (weight ").append(target.weight()).append(')');
            }
        }
        return text.toString();
    }

    private static String tcp(Domain.TcpRoute tcp) {
        return "port " + tcp.listen() + " to " + tcp.target();
    }

    private static String mode(Domain domain) {
        return domain.digestRealm().isPresent() ? "digest" : "basic";
    }

    private static String uploads(Domain domain) {
        return domain.streamUploads() ? "stream" : "buffer";
    }

    private static String logged(Domain domain) {
        return domain.accessLog() == Domain.AccessLog.QUERY
                ? "with query strings"
                : word(domain.accessLog().on());
    }

    private static String word(boolean flag) {
        return flag ? "true" : "false";
    }
}
