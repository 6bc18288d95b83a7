package org.portolan.importer.marathon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.servicefile.format.Names;

/**
 * The variables by which PanteraS registers a service: {@code SERVICE_NAME}, {@code SERVICE_TAGS} and those of single ports.
 * Their tags become domains.
 */
final class MarathonTags {
    private static final Pattern REGISTRATION = Pattern.compile(
            "SERVICE_(?:([0-9]+)_)?(NAME|TAGS|CHECK_HTTP|CHECK_SCRIPT|CHECK_INTERVAL|CHECK_TTL|IGNORE)");
    private static final String DOMAIN = ".service.consul";
    /** What the README of PanteraS gives a service without a weight. */
    private static final int DEFAULT_WEIGHT = 100;

    private final Draft draft;
    private final Map<String, Map<String, Integer>> targets = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> paths = new LinkedHashMap<>();
    private final Map<String, List<String>> tcp = new LinkedHashMap<>();

    MarathonTags(Draft draft) {
        this.draft = draft;
    }

    static boolean isRegistration(String variable) {
        return REGISTRATION.matcher(variable).matches();
    }

    /** What was said of one port, or of the service. */
    private static final class Registration {
        private String name;
        private final List<String> tags = new ArrayList<>();
        private final List<Cursor> at = new ArrayList<>();

        Registration(String name) {
            this.name = name;
        }
    }

    void read(Cursor variables, String app, String service, PortDrafts ports) {
        Map<String, Registration> found = new LinkedHashMap<>();
        for (Cursor.Pair pair : variables.entries()) {
            Matcher matcher = REGISTRATION.matcher(pair.key());
            if (!matcher.matches()) {
                continue;
            }
            String port = matcher.group(1) == null ? "" : matcher.group(1);
            Registration registration = found.computeIfAbsent(port, none -> new Registration(app));
            switch (matcher.group(2)) {
                case "NAME" -> registration.name = MacroText.shown(pair.value().text());
                case "TAGS" -> {
                    registration.at.add(pair.value());
                    registration.tags.addAll(List.of(pair.value().text().split("\\s*,\\s*", -1)));
                }
                default -> pair.value().lost("Portolan checks by itself: see health");
            }
        }
        found.forEach((port, registration) -> {
            String said = port.isEmpty() ? ports.main() : port;
            if (!said.isEmpty()) {
                ports.listen(said);
            }
            tags(registration, said, service, ports);
        });
        found.forEach((port, registration) -> {
            if (registration.tags.stream().noneMatch(tag -> tag.matches("haproxy|webapp|haproxy_tcp=.*"))) {
                Cursor name = variables.get("SERVICE_" + (port.isEmpty() ? "" : port + "_") + "NAME");
                if (name != null) {
                    name.lost("there is no tag haproxy: nothing leads to it from outside");
                }
            }
        });
    }

    private void tags(Registration registration, String port, String service, PortDrafts ports) {
        boolean http = registration.tags.contains("haproxy") || registration.tags.contains("webapp");
        String host = registration.name + DOMAIN;
        int weight = DEFAULT_WEIGHT;
        for (String tag : registration.tags) {
            Matcher given = Pattern.compile("(?:haproxy_)?weight=([0-9]{1,3})").matcher(tag);
            if (given.matches()) {
                weight = Math.min(256, Integer.parseInt(given.group(1)));
            }
        }
        Cursor at = registration.at.isEmpty() ? null : registration.at.get(0);
        boolean direct = false;
        List<String> left = new ArrayList<>();
        for (String tag : registration.tags) {
            String value = tag.substring(tag.indexOf('=') + 1);
            if (tag.startsWith("haproxy_route=") || tag.startsWith("route_path=")) {
                String path = value.replaceFirst("/$", "");
                paths.computeIfAbsent("*", none -> new LinkedHashMap<>())
                        .put(path.startsWith("/") ? path : "/" + path, target(service, port, ports));
            } else if (tag.startsWith("haproxy_tcp=") && value.matches("[0-9]{1,5}")) {
                tcp.computeIfAbsent("tcp." + host, none -> new ArrayList<>())
                        .add(value + ", " + target(service, port, ports));
                direct = true;
            } else if (!tag.matches("haproxy|webapp|(haproxy_)?weight=[0-9]{1,3}")) {
                left.add(tag);
            }
        }
        if (http && !direct && Names.checkHost(host, false) == null) {
            targets.computeIfAbsent(host, none -> new LinkedHashMap<>()).put(target(service, port, ports), weight);
            if (at != null) {
                at.changed("the domain " + host + " is the one of Consul: add the name that clients use");
            }
        } else if (http && !direct && at != null) {
            at.lost(registration.name + " is not a valid host name: write Domains");
        }
        if (!left.isEmpty() && at != null) {
            at.lost("tags without a counterpart: " + String.join(", ", left));
        }
    }

    private String target(String service, String port, PortDrafts ports) {
        return port.isEmpty() ? service : ports.target(draft.deployment(), service, port);
    }

    /** A host name of marathon-lb, with a path or "". */
    void domain(String host, String path, String service, String port, PortDrafts ports, Cursor at) {
        if (!path.isEmpty() && (host.contains("%%") || Names.checkHost(host, true) == null)) {
            paths.computeIfAbsent(host, none -> new LinkedHashMap<>()).put(path, target(service, port, ports));
        } else if (host.contains("%%") || Names.checkHost(host, true) == null) {
            targets.computeIfAbsent(host, none -> new LinkedHashMap<>())
                    .put(target(service, port, ports), DEFAULT_WEIGHT);
        } else {
            at.lost("not a valid host name: " + host);
        }
    }

    /** Writes the domains, when all apps are known: several of one name share its traffic by their weights. */
    void write() {
        Part.Fields domains = draft.section("Domains");
        targets.forEach((host, shares) -> {
            if (shares.size() == 1 && shares.values().iterator().next() == DEFAULT_WEIGHT) {
                domains.map(host).put("http", shares.keySet().iterator().next());
            } else {
                shares.forEach((target, weight) -> domains.map(host).map("http").put(target, Part.plain(weight)));
            }
        });
        paths.forEach((host, routes) ->
                routes.forEach((path, target) -> domains.map(host).map("paths").put(path, target)));
        tcp.forEach((host, listens) ->
                domains.map(host).put("tcp", listens.size() == 1 ? Part.text(listens.get(0)) : Part.texts(listens)));
    }
}
