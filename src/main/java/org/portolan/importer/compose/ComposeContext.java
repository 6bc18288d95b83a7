package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.ServiceDraft;

/** What the parts of a Compose import share. */
final class ComposeContext {
    private final ImportOptions options;
    private final InputFiles files;
    private final Draft draft;
    private final ComposeVariables variables;
    private final String path;
    private final String project;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, PortDrafts> ports = new HashMap<>();
    private final Map<String, Cursor> sections = new HashMap<>();
    private final Map<String, Integer> volumeUsers = new LinkedHashMap<>();
    private final Map<String, String> sharedNames = new LinkedHashMap<>();
    private final Map<String, String> builds = new HashMap<>();
    private final Map<String, Map<String, Cursor>> ends = new LinkedHashMap<>();
    private final List<Route> routes = new ArrayList<>();
    private final Set<String> networks = new TreeSet<>();
    private final Set<String> declared = new TreeSet<>();
    private final Set<String> completing = new TreeSet<>();
    private final Map<String, Set<String>> links = new LinkedHashMap<>();

    /** A host name and path that lead to a service. */
    private record Route(@Nullable Cursor at, String host, String path, String service, String port) {}

    ComposeContext(
            ImportOptions options,
            InputFiles files,
            Draft draft,
            ComposeVariables variables,
            String path,
            String project) {
        this.options = options;
        this.files = files;
        this.draft = draft;
        this.variables = variables;
        this.path = path;
        this.project = project;
    }

    ImportOptions options() {
        return options;
    }

    InputFiles files() {
        return files;
    }

    Draft draft() {
        return draft;
    }

    ComposeVariables variables() {
        return variables;
    }

    /** The project's name, as Compose puts it before the names of volumes and images. */
    String project() {
        return project;
    }

    /** Gives a service a valid name. */
    void name(String service) {
        names.put(service, Naming.free(Naming.name(service, "service"), names.values()));
    }

    boolean known(String service) {
        return names.containsKey(service);
    }

    /** The service's name in the Servicefile. */
    String named(String service) {
        return names.getOrDefault(service, service);
    }

    PortDrafts ports(String service) {
        return ports.computeIfAbsent(service, none -> new PortDrafts());
    }

    /** A definition at the top of the file: of a volume, a secret, …; it may be empty. */
    void section(String kind, String name, Cursor body) {
        sections.put(kind + " " + name, body);
    }

    @Nullable
    Cursor section(String kind, String name) {
        return sections.get(kind + " " + name);
    }

    /** Counts a service that mounts a named volume. */
    void usesVolume(String volume) {
        volumeUsers.merge(volume, 1, Integer::sum);
    }

    /** The path of a file beside the input as the Servicefile names it. */
    String relative(String name) {
        String plain = name.startsWith("./") ? name.substring(2) : name;
        return options.prefix() + plain;
    }

    /** The path in the tree of a file that the input names. */
    @Nullable
    String inTree(String name) {
        return InputFiles.resolve(path, name);
    }

    /** Leads every host name of the edge to a port of the service. */
    void web(String service, String port) {
        domain(null, "*", "", service, port);
    }

    /**
     * Leads a host name and path to a service.
     *
     * @param at the place of it; of two that differ, the later one is reported there
     * @param port "" for the main one
     */
    void domain(@Nullable Cursor at, String host, String path, String service, String port) {
        routes.add(new Route(at, host, path, service, port));
    }

    /** Writes the domains, when the ports of all services are known. */
    void writeDomains() {
        Part.Fields domains = draft.section("Domains");
        for (Route route : routes) {
            PortDrafts declared = ports(route.service);
            String port = route.port.isEmpty() ? declared.main() : route.port;
            String target = declared.target(draft.deployment(), named(route.service), port);
            Part.Fields domain = domains.map(route.host);
            Part.Fields targets = route.path.isEmpty() ? domain : domain.map("paths");
            String key = route.path.isEmpty() ? "http" : route.path;
            Part known = targets.get(key);
            if (known == null) {
                targets.put(key, target);
            } else if (route.at != null && !known.equals(Part.text(target))) {
                route.at.lost(route.host + route.path + " leads to another service already");
            }
        }
    }

    /** Gives the volumes that several services mount, or that exist already, their names. */
    void nameSharedVolumes() {
        volumeUsers.forEach((volume, users) -> {
            if (users > 1 || declared.contains(volume)) {
                sharedNames.put(volume, Naming.free(Naming.name(volume, "data"), sharedNames.values()));
            }
        });
    }

    /** The name under {@code Volumes} of a volume; empty when one service alone has it. */
    Optional<String> sharedName(String volume) {
        return Optional.ofNullable(sharedNames.get(volume));
    }

    /** A name for a volume of one service, unlike those that are shared. */
    String volumeName(String wanted, Part.Fields volumes) {
        Set<String> taken = new TreeSet<>(volumes.entries().keySet());
        taken.addAll(sharedNames.values());
        return Naming.free(Naming.name(wanted, "data"), taken);
    }

    /** Remembers how the image of a service is built. */
    void build(String service, String command) {
        builds.put(service, command);
    }

    String buildOf(String service) {
        return builds.getOrDefault(service, "");
    }

    /** Remembers that a service waits for another to end. */
    void waitsForEnd(String service, String other, Cursor at) {
        ends.computeIfAbsent(other, none -> new LinkedHashMap<>()).put(service, at);
    }

    /** The services that run once, each with those that wait for its end. */
    Map<String, Map<String, Cursor>> ends() {
        return ends;
    }

    /** Has a volume that exists already named under {@code Volumes}, however many services mount it. */
    void declares(String volume) {
        declared.add(volume);
    }

    /** Counts a network. */
    void usesNetwork(String network) {
        networks.add(network);
    }

    Set<String> networksUsed() {
        return networks;
    }

    /** Says that a service runs once and ends. */
    void completing(String service) {
        completing.add(service);
    }

    boolean completes(String service) {
        return completing.contains(service);
    }

    /** A name that another service has for this one. */
    void linkAlias(String service, String alias) {
        links.computeIfAbsent(service, none -> new TreeSet<>()).add(alias);
    }

    /** Gives the services the names that links have for them. */
    void writeLinks() {
        links.forEach((service, aliases) -> {
            ServiceDraft found = draft.services().get(named(service));
            if (found != null) {
                aliases.forEach(alias -> alias(found, alias));
            }
        });
    }

    /** Another name under which the others find a service. */
    void alias(ServiceDraft service, String alias) {
        if (!alias.equals(service.name())) {
            service.keys().map("network").add("aliases", Part.text(alias));
        }
    }
}
