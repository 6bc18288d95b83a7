package org.portolan.servicefile.decode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.Domain;
import org.portolan.model.service.TcpRange;
import org.portolan.servicefile.format.PathsShape;
import org.portolan.servicefile.format.PortNames;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.format.TargetsShape;
import org.portolan.servicefile.format.TcpShape;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Finds out which deployment each route of a file leads to, and checks that what it names is there. */
public final class DomainRoutes {
    private final Set<String> deployments;
    private final Map<String, ? extends Map<String, DesiredService>> services;
    private final String first;
    private final Reading in;
    private final Map<String, Position> taken = new HashMap<>();

    /**
     * @param deployments the names of all deployments of the file, in its order
     * @param services the services of those that were read
     */
    public DomainRoutes(
            List<String> deployments, Map<String, ? extends Map<String, DesiredService>> services, Reading in) {
        this.deployments = new LinkedHashSet<>(deployments);
        this.services = services;
        this.first = deployments.isEmpty() ? "" : deployments.get(0);
        this.in = in;
    }

    /** Each deployment's part of a domain. */
    public Map<String, Domain> split(DomainDecoder.Declared domain) {
        claim(domain);
        Map<String, SortedMap<String, Domain.Route>> routes = new LinkedHashMap<>();
        for (Map.Entry<String, PathsShape.Route> entry : domain.routes().entrySet()) {
            List<Domain.Target> targets = new ArrayList<>();
            for (TargetsShape.Written written : entry.getValue().targets()) {
                Domain.Target target = target(written, domain);
                if (target != null) {
                    targets.add(target);
                }
            }
            if (!targets.isEmpty()) {
                Domain.Route route = new Domain.Route(
                        List.copyOf(targets), entry.getValue().at().at());
                routes.computeIfAbsent(home(targets.get(0)), name -> new TreeMap<>(Domain.MOST_SPECIFIC_FIRST))
                        .put(entry.getKey(), route);
            }
        }
        Map<String, Domain> parts = new LinkedHashMap<>();
        routes.forEach((name, own) -> parts.put(name, part(domain.shell(), own, Optional.empty())));
        TcpShape.Listener tcp = domain.tcp();
        if (tcp != null) {
            Domain.Target target = target(tcp.target(), domain);
            if (target != null) {
                parts.put(
                        home(target),
                        part(
                                domain.shell(),
                                new TreeMap<>(Domain.MOST_SPECIFIC_FIRST),
                                Optional.of(new Domain.TcpRoute(tcp.port(), target))));
            }
        } else if (domain.routes().isEmpty() && !first.isEmpty()) {
            String owner = domain.owner().isEmpty() ? first : domain.owner();
            parts.put(owner, part(domain.shell(), new TreeMap<>(Domain.MOST_SPECIFIC_FIRST), Optional.empty()));
        }
        return parts;
    }

    private static Domain part(Domain shell, SortedMap<String, Domain.Route> routes, Optional<Domain.TcpRoute> tcp) {
        return new Domain(
                shell.host(),
                shell.aliases(),
                routes,
                tcp,
                shell.certificate(),
                shell.redirectHttps(),
                shell.maintenance(),
                shell.sticky(),
                shell.streamUploads(),
                shell.auth(),
                shell.digestRealm(),
                shell.accessLog(),
                shell.at());
    }

    /** The deployment of the file that a target's route goes with: its own, or the first where it is elsewhere. */
    private String home(Domain.Target target) {
        return deployments.contains(target.deployment()) ? target.deployment() : first;
    }

    /** Sees to it that no two domains of the file have the same name and path, or the same TCP port. */
    private void claim(DomainDecoder.Declared domain) {
        TcpShape.Listener tcp = domain.tcp();
        if (tcp != null) {
            claim("port " + tcp.port(), domain.at(), "the TCP port " + tcp.port());
            return;
        }
        claimPaths(domain.shell().host(), domain.at(), domain);
        for (YamlNode.Scalar alias : domain.aliases()) {
            claimPaths(alias.text().toLowerCase(java.util.Locale.ROOT), alias, domain);
        }
    }

    private void claimPaths(String host, YamlNode.Scalar at, DomainDecoder.Declared domain) {
        if (domain.routes().isEmpty()) {
            claim(host, at, Wording.quote(host));
        }
        for (String path : domain.routes().keySet()) {
            claim(host + " " + path, at, Wording.quote(host) + (path.equals("/") ? "" : " with the path " + path));
        }
    }

    private void claim(String key, YamlNode.Scalar at, String what) {
        Position other = taken.putIfAbsent(key, at.at());
        if (other != null) {
            in.fault(at, what + " is declared twice", "also at " + other);
        }
    }

    private Domain.@Nullable Target target(TargetsShape.Written written, DomainDecoder.Declared domain) {
        String deployment = written.deployment().isEmpty() ? domain.owner() : written.deployment();
        if (deployment.isEmpty()) {
            in.fault(
                    written.at(),
                    "the target " + in.found(written.at()) + " does not name its deployment",
                    "this file has several deployments: write " + first + ":" + written.service());
            return null;
        }
        Map<String, DesiredService> known = services.get(deployment);
        if (known == null) {
            return deployments.contains(deployment)
                    ? plain(written, deployment)
                    : elsewhere(written, domain, deployment);
        }
        DesiredService service = known.get(written.service());
        if (service == null) {
            in.fault(
                    written.at(),
                    "no service " + Wording.quote(written.service()) + " in the deployment "
                            + Wording.quote(deployment),
                    Wording.suggest(
                            written.service(),
                            known.keySet(),
                            known.isEmpty()
                                    ? "it has none"
                                    : "known: " + Wording.either(new ArrayList<>(known.keySet()))));
            return null;
        }
        String port = port(written, service, deployment);
        return port == null ? null : new Domain.Target(deployment, written.service(), port, written.weight());
    }

    private static Domain.Target plain(TargetsShape.Written written, String deployment) {
        return new Domain.Target(deployment, written.service(), written.port(), written.weight());
    }

    /** A target in a deployment that the file does not have: one of another source, or a slip. */
    private Domain.Target elsewhere(TargetsShape.Written written, DomainDecoder.Declared domain, String deployment) {
        Map<String, DesiredService> own = services.get(domain.owner());
        DesiredService service = own == null || !written.port().isEmpty() ? null : own.get(deployment);
        if (service != null
                && TcpRange.spread(service.definition().get("ports")).containsKey(written.service())) {
            in.fault(
                    written.at(),
                    in.found(written.at()) + " has a service and a port but no deployment",
                    "write " + domain.owner() + ":" + deployment + ":" + written.service());
        } else {
            in.problems()
                    .warning(
                            written.at().at(),
                            "the deployment " + Wording.quote(deployment) + " is not in this file",
                            Wording.suggest(deployment, deployments, "it must be deployed from another file"));
        }
        return plain(written, deployment);
    }

    /** The name of the port that a target means; null when it cannot be told, which is reported. */
    private @Nullable String port(TargetsShape.Written written, DesiredService service, String deployment) {
        Map<String, Object> ports = TcpRange.spread(service.definition().get("ports"));
        String port = written.port();
        if (port.isEmpty()) {
            if (ports.size() == 1) {
                return ports.keySet().iterator().next();
            }
            if (ports.isEmpty() || ports.containsKey("")) {
                return "";
            }
            if (ports.containsKey("http")) {
                return "http";
            }
        } else {
            String found = PortNames.find(ports, port);
            if (found != null) {
                return found;
            }
        }
        String named = "the service " + Wording.quote(written.service());
        List<String> names = new ArrayList<>(ports.keySet());
        String none = "it declares none: add ports: {" + port + ": 8000}";
        in.fault(
                written.at(),
                port.isEmpty() ? named + " has several ports" : named + " has no port " + Wording.quote(port),
                port.isEmpty()
                        ? "choose one: " + deployment + ":" + written.service() + ":" + names.get(0)
                        : PortNames.suggest(port, service.definition().get("ports"), none));
        return null;
    }
}
