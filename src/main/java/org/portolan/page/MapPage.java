package org.portolan.page;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;

/** What leads where: from each domain over its routes and their weights to the instances. */
public record MapPage(PageFrame frame, List<Host> hosts) implements PageBody {

    /**
     * A domain.
     *
     * @param note further names, TCP, maintenance
     */
    public record Host(String name, String note, List<Path> paths) {
        /** Whether there is something to be said of it. */
        public boolean noted() {
            return !note.isEmpty();
        }
    }

    /** A path of it. */
    public record Path(String path, List<End> ends) {}

    /**
     * A service that answers.
     *
     * @param share of the path's traffic in percent; "" where it is all of it
     */
    public record End(String deployment, String href, String service, String share, List<InstanceMark> instances) {
        /** Whether others answer beside it. */
        public boolean shared() {
            return !share.isEmpty();
        }
    }

    /**
     * A map of what the proxies have.
     *
     * @param services by {@code deployment/service}
     */
    public static MapPage of(PageFrame frame, Collection<RouteSet> routes, Map<String, ServiceRow> services) {
        SortedMap<String, List<Path>> paths = new TreeMap<>();
        SortedMap<String, String> notes = new TreeMap<>();
        for (RouteSet part : routes) {
            for (Domain domain : part.domains()) {
                notes.merge(domain.host(), note(domain), (one, other) -> one.isEmpty() ? other : one);
                List<Path> of = paths.computeIfAbsent(domain.host(), host -> new ArrayList<>());
                domain.routes().forEach((path, route) -> of.add(new Path(path, ends(route.targets(), services))));
                domain.tcp()
                        .ifPresent(
                                tcp -> of.add(new Path("port " + tcp.listen(), ends(List.of(tcp.target()), services))));
            }
        }
        List<Host> hosts = new ArrayList<>();
        paths.forEach((host, of) -> hosts.add(new Host(host, notes.getOrDefault(host, ""), of)));
        return new MapPage(frame, hosts);
    }

    private static String note(Domain domain) {
        List<String> notes = new ArrayList<>();
        if (domain.maintenance()) {
            notes.add("maintenance");
        }
        if (!domain.aliases().isEmpty()) {
            notes.add("also " + String.join(", ", domain.aliases()));
        }
        if (!domain.auth().isEmpty()) {
            notes.add("with password");
        }
        return String.join("; ", notes);
    }

    private static List<End> ends(List<Domain.Target> targets, Map<String, ServiceRow> services) {
        int all = targets.stream().mapToInt(Domain.Target::weight).sum();
        List<End> ends = new ArrayList<>();
        for (Domain.Target target : targets) {
            ServiceRow service = services.get(target.deployment() + "/" + target.service());
            ends.add(new End(
                    target.deployment(),
                    "/deployments/" + target.deployment(),
                    target.service() + (target.port().isEmpty() ? "" : ":" + target.port()),
                    targets.size() == 1 || all == 0 ? "" : Math.round(target.weight() * 100.0 / all) + " %",
                    service == null ? List.of() : service.instances()));
        }
        return ends;
    }

    /** Whether no domain leads anywhere. */
    public boolean empty() {
        return hosts.isEmpty();
    }
}
