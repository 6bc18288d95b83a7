package org.portolan.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.container.Network;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.Domain;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Keeps what a deployment wants to listen on (TCP domains, {@code wan_map}) apart from Portolan's own ports, from services'
 * ports on the mesh, and from what other programs hold.
 */
final class OwnPorts {
    private final PlanInput input;
    private final Map<String, ServiceGoal> services;
    private final List<Domain> domains;

    OwnPorts(PlanInput input, Map<String, ServiceGoal> services, List<Domain> domains) {
        this.input = input;
        this.services = services;
        this.domains = domains;
    }

    /** A listener that the file asks for. */
    private record Wanted(String address, int port, String what, Position at) {
        String shown() {
            return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
        }
    }

    private List<Wanted> wanted() {
        List<Wanted> wanted = new ArrayList<>();
        for (Domain domain : domains) {
            domain.tcp().ifPresent(tcp -> edgeAddresses()
                    .forEach(address ->
                            wanted.add(new Wanted(address, tcp.listen(), "TCP domain " + domain.host(), domain.at()))));
        }
        for (ServiceGoal service : services.values()) {
            DesiredService declared = input.desired().services().get(service.name());
            Position at = declared == null ? Position.of(service.name()) : declared.at();
            for (String binding : service.spec().wanMap().keySet()) {
                int colon = binding.lastIndexOf(':');
                String address = colon <= 0 ? "0.0.0.0" : bare(binding.substring(0, colon));
                int port = InstanceLabels.port(binding.substring(colon + 1));
                wanted.add(new Wanted(address, port, "wan_map of service " + service.name(), at));
            }
        }
        return wanted;
    }

    /** Where TCP domains listen: at the edge's addresses. */
    private List<String> edgeAddresses() {
        List<String> addresses = new ArrayList<>();
        for (ProxyListener own : input.proxies().own()) {
            if (own.key().equals("edge.http")) {
                addresses.add(own.address());
            }
        }
        return addresses.isEmpty() ? List.of("127.0.0.1") : addresses;
    }

    private static String bare(String address) {
        String bare = address.replace("[", "").replace("]", "");
        return bare.isEmpty() || bare.equals("*") ? "0.0.0.0" : bare;
    }

    /** Two listeners on one port exclude each other; {@code ::} may take IPv4 as well. */
    private static boolean overlap(String one, String other) {
        return one.equals(other) || covers(one, other) || covers(other, one);
    }

    private static boolean covers(String wide, String narrow) {
        return wide.equals("::") || (wide.equals("0.0.0.0") && narrow.indexOf(':') < 0);
    }

    /** Finds ports of the file that are Portolan's own, or a service's on the mesh. */
    void findTaken(Collection<Problem> problems) {
        Map<Integer, String> mesh = mesh();
        Set<String> meshAddresses = meshAddresses();
        Set<String> told = new HashSet<>();
        for (Wanted wanted : wanted()) {
            for (ProxyListener own : input.proxies().own()) {
                if (own.port() == wanted.port()
                        && overlap(own.address(), wanted.address())
                        && told.add(wanted.shown())) {
                    String key = own.key().isEmpty() ? "" : " (" + own.key() + ")";
                    problems.add(Problem.error(
                                    wanted.at(),
                                    wanted.what() + ": port " + wanted.port() + " is already used by " + own.purpose()
                                            + key)
                            .withHint(
                                    own.key().isEmpty()
                                            ? "choose another port here"
                                            : "choose another port here, or set " + own.key() + " to another one"));
                }
            }
            String service = mesh.get(wanted.port());
            boolean meets = meshAddresses.stream().anyMatch(address -> overlap(address, wanted.address()));
            if (service != null && meets && told.add(wanted.shown())) {
                problems.add(Problem.error(
                                wanted.at(),
                                wanted.what() + ": port " + wanted.port() + " is already used by " + service
                                        + " on the mesh")
                        .withHint("choose a port outside mesh.ports")
                        .naming(
                                service.substring(0, service.indexOf(':')),
                                wanted.what() + ": port " + wanted.port() + " is already used on the mesh"));
            }
        }
    }

    private Map<Integer, String> mesh() {
        Map<Integer, String> mesh = new LinkedHashMap<>();
        for (DeploymentState state : input.all().values()) {
            state.meshPorts().forEach((key, port) -> mesh.put(port, state.name() + ":" + key));
        }
        input.state()
                .ifPresent(state -> state.meshPorts().forEach((key, port) -> mesh.put(port, state.name() + ":" + key)));
        return mesh;
    }

    /** As far as they are known before the deployment's network is there. */
    private Set<String> meshAddresses() {
        Set<String> addresses = new TreeSet<>();
        for (Network network : input.observation().networks()) {
            if (Labels.areOf(network.labels(), input.installation())
                    && !network.gateway().isEmpty()) {
                addresses.add(network.gateway());
            }
        }
        input.applied()
                .ifPresent(part -> part.backends().forEach(backend -> addresses.addAll(backend.meshAddresses())));
        return addresses;
    }

    /**
     * Fails when somebody else holds a port that the deployment or the proxies themselves need.
     *
     * @throws Failure with every such port, its place and its holder
     */
    void requireFree() {
        List<String> taken = new ArrayList<>();
        for (Wanted wanted : wanted()) {
            obstacle(wanted.address(), wanted.port())
                    .ifPresent(reason -> taken.add(wanted.at() + ": " + wanted.what() + " cannot listen on "
                            + wanted.shown() + ": " + reason));
        }
        boolean routes = !domains.isEmpty()
                || services.values().stream()
                        .anyMatch(service -> !service.spec().ports().isEmpty());
        for (ProxyListener own : input.proxies().own()) {
            // A port that Portolan chose itself is chosen again when it is taken.
            if (routes && !own.key().isEmpty()) {
                obstacle(own.address(), own.port())
                        .ifPresent(
                                reason -> taken.add(own.key() + ": " + own.purpose() + " cannot be opened: " + reason));
            }
        }
        if (!taken.isEmpty()) {
            throw new Failure(Kind.UNAVAILABLE, taken.getFirst())
                    .withDetails(taken.subList(1, taken.size()))
                    .withHint("nothing was changed; stop the process that listens there, or choose another port");
        }
    }

    private Optional<String> obstacle(String address, int port) {
        return input.proxies().obstacles().at(address, port);
    }
}
