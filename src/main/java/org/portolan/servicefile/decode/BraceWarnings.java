package org.portolan.servicefile.decode;

import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.Placeholders;
import org.portolan.model.service.TcpRange;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Warns of names in braces that look like a slip of one that is filled in when an instance is made, and refuses those of ports where a
 * service has none that could be filled in: see {@link OtherNetwork}.
 */
public final class BraceWarnings {
    /** One that a backslash does not keep. */
    private static final Pattern NAME = Pattern.compile("(?<![\\\\{])\\{(PORT(?:_[A-Za-z0-9_]+)?)}");

    private BraceWarnings() {}

    public static void warn(
            SortedMap<String, DesiredService> services,
            Map<String, YamlNode.Entry> entries,
            Collection<String> declared,
            Reading in) {
        Set<String> shared = null;
        for (Map.Entry<String, YamlNode.Entry> entry : entries.entrySet()) {
            if (!(entry.getValue().value() instanceof YamlNode.Mapping body)) {
                continue;
            }
            DesiredService service = services.get(entry.getKey());
            if (service != null) {
                OtherNetwork.warn(service, body, in);
            }
            for (String key : new String[] {"env", "cmd", "entrypoint"}) {
                YamlNode node = body.get(key);
                if (node != null && service != null && hasBrace(node)) {
                    if (shared == null) {
                        shared = known(services);
                        shared.addAll(declared);
                    }
                    Set<String> own = new HashSet<>();
                    addPorts(service, "", own);
                    look(node, new Both(shared, own), in);
                    OtherNetwork.mode(service).ifPresent(mode -> {
                        own.add("PORT");
                        refusePorts(node, mode, own, in);
                    });
                }
            }
        }
    }

    /** An application that is given the name in braces as its port would listen nowhere. */
    private static void refusePorts(YamlNode node, String mode, Set<String> ports, Reading in) {
        if (node instanceof YamlNode.Sequence list) {
            list.items().forEach(item -> refusePorts(item, mode, ports, in));
        } else if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(entry -> refusePorts(entry.value(), mode, ports, in));
        } else if (node instanceof YamlNode.Scalar scalar && !scalar.unresolved()) {
            Matcher name = NAME.matcher(scalar.text());
            while (name.find()) {
                if (ports.contains(name.group(1))) {
                    in.problems()
                            .error(
                                    scalar.at(),
                                    name.group() + " has no value with network: {mode: " + mode
                                            + "}: ports are assigned in the deployment's network only",
                                    "write the number of the port, or remove the mode; a backslash before it keeps it as"
                                            + " written");
                }
            }
        }
    }

    private static boolean hasBrace(YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar.text().indexOf('{') >= 0;
        }
        if (node instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                if (hasBrace(item)) {
                    return true;
                }
            }
            return false;
        }
        for (YamlNode.Entry entry : ((YamlNode.Mapping) node).entries()) {
            if (hasBrace(entry.value())) {
                return true;
            }
        }
        return false;
    }

    private static void look(YamlNode node, Both known, Reading in) {
        if (node instanceof YamlNode.Sequence list) {
            list.items().forEach(item -> look(item, known, in));
        } else if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(entry -> look(entry.value(), known, in));
        } else if (node instanceof YamlNode.Scalar scalar && !scalar.unresolved()) {
            Placeholders.nearMisses(scalar.text(), known).forEach((written, near) -> in.problems()
                    .warning(
                            scalar.at(),
                            "{" + written + "} is not a placeholder and stays as written",
                            "did you mean {" + near + "}? To keep it as written, put a backslash before it"));
        }
    }

    /** The names that Portolan fills in for every service, and those of each service's ports with its name before. */
    public static Set<String> known(SortedMap<String, DesiredService> services) {
        Set<String> known = new HashSet<>(Set.of("HOST", "PORT", "DEPLOY_ID"));
        for (DesiredService service : services.values()) {
            String name = Placeholders.variable(service.name());
            known.add(name + "_HOST");
            known.add(name + "_PORT");
            known.add(name + "_URL");
            addPorts(service, name + "_", known);
        }
        return known;
    }

    private static void addPorts(DesiredService service, String before, Set<String> known) {
        for (String port : TcpRange.spread(service.definition().get("ports")).keySet()) {
            if (!port.isEmpty()) {
                known.add(before + "PORT_" + Placeholders.variable(port));
            }
        }
    }

    /** The names that all services know and those of one, without a copy for each service. */
    private static final class Both extends AbstractCollection<String> {
        private final Set<String> shared;
        private final Set<String> own;

        Both(Set<String> shared, Set<String> own) {
            this.shared = shared;
            this.own = own;
        }

        @Override
        public boolean contains(Object name) {
            return shared.contains(name) || own.contains(name);
        }

        @Override
        public Iterator<String> iterator() {
            List<String> all = new ArrayList<>(own);
            all.addAll(shared);
            all.sort(null);
            return all.iterator();
        }

        @Override
        public int size() {
            return shared.size() + own.size();
        }
    }
}
