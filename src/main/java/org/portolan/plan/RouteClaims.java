package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.model.Position;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.state.DeploymentState.Claim;

/**
 * What a deployment takes for itself alone: a path of a host (aliases too), or a port of this machine. A port is a claim
 * with the host "" and the address as path: {@code :2222} for every address, {@code 127.0.0.1:80} for one.
 */
final class RouteClaims {
    private RouteClaims() {}

    /** Everything that a deployment of the file would claim. */
    static List<Claim> of(Desired desired) {
        Set<Claim> claims = of(desired.domains());
        desired.services().values().forEach(service -> addBindings(service.definition(), service.at(), claims));
        return List.copyOf(claims);
    }

    /** The domains' claims, in their order. */
    static Set<Claim> of(Collection<Domain> domains) {
        Set<Claim> claims = new LinkedHashSet<>();
        for (Domain domain : domains) {
            List<String> hosts = new ArrayList<>(domain.aliases());
            hosts.addFirst(domain.host());
            domain.routes().forEach((path, route) -> {
                for (String host : hosts) {
                    claims.add(new Claim(host, path, route.at()));
                }
            });
            domain.tcp().ifPresent(tcp -> claims.add(new Claim("", ":" + tcp.listen(), domain.at())));
        }
        return claims;
    }

    static void addBindings(Definition definition, Position at, Set<Claim> claims) {
        if (definition.get("wan_map") instanceof Map<?, ?> bindings) {
            bindings.keySet().forEach(address -> claims.add(new Claim("", binding(String.valueOf(address)), at)));
        }
    }

    /** {@code :port} for every address, else {@code address:port}. */
    private static String binding(String written) {
        int colon = written.lastIndexOf(':');
        String address = colon < 0 ? "" : written.substring(0, colon);
        String port = written.substring(colon + 1);
        return everywhere(address) ? ":" + port : address + ":" + port;
    }

    private static boolean everywhere(String address) {
        return switch (address) {
            case "", "*", "0.0.0.0", "::", "[::]" -> true;
            default -> false;
        };
    }

    /** Whether two claims exclude each other. */
    static boolean collide(Claim a, Claim b) {
        if (!a.host().equals(b.host())) {
            return false;
        }
        if (!a.host().isEmpty() || a.path().equals(b.path())) {
            return a.path().equals(b.path());
        }
        boolean samePort = port(a).equals(port(b));
        return samePort && (a.path().startsWith(":") || b.path().startsWith(":"));
    }

    private static String port(Claim claim) {
        return claim.path().substring(claim.path().lastIndexOf(':') + 1);
    }

    /** What is claimed, for people: {@code example.org/api}, {@code port 2222}. */
    static String shown(Claim claim) {
        if (claim.host().isEmpty()) {
            return claim.path().startsWith(":") ? "port " + claim.path().substring(1) : claim.path();
        }
        return claim.path().equals("/") ? claim.host() : claim.host() + claim.path();
    }

    /** What finds claims that may collide: equal for all of them. */
    static String key(Claim claim) {
        return claim.host().isEmpty() ? ":" + port(claim) : claim.host() + " " + claim.path();
    }
}
