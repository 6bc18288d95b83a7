package org.portolan.servicefile.format;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * The section {@code Volumes}: volumes that several services of the deployment may mount. Its content moves into the services
 * that mount one: a definition says by itself what it needs.
 */
public record VolumesSection() implements Shape {
    public static final List<Key> KEYS = List.of(
            Key.of(
                    "external",
                    new Shapes.Text("a name"),
                    "",
                    "The engine's name of a volume that exists already. Portolan neither makes nor removes it.",
                    "external: media_files"),
            Key.of("driver", new Shapes.Text("a driver"), "local", "The volume driver.", "driver: nfs"),
            Key.of("options", Shapes.TEXT_MAP, "", "The driver's options.", "options: {type: nfs}"));
    private static final Fields FIELDS = new Fields("a volume", KEYS, true);

    /** What is declared, by name, and which of it was used. */
    public static final class Declared {
        private final SortedMap<String, SortedMap<String, Object>> volumes = new TreeMap<>();
        private final SortedMap<String, YamlNode> places = new TreeMap<>();
        private final Set<String> used = new HashSet<>();

        /** Puts what is declared in the place of volumes with these names, of a service in normal form. */
        public void resolve(SortedMap<String, Object> keys, @Nullable YamlNode written, Reading in) {
            if (!(keys.get("volumes") instanceof Map<?, ?> mounted)) {
                return;
            }
            SortedMap<String, Object> resolved = new TreeMap<>();
            mounted.forEach((key, value) -> {
                String name = String.valueOf(key);
                SortedMap<String, Object> declared = volumes.get(name);
                Map<?, ?> said = value instanceof Map<?, ?> map ? map : Map.of("target", value);
                if (declared == null || said.containsKey("bind")) {
                    resolved.put(name, value);
                    return;
                }
                used.add(name);
                if (written != null && (said.containsKey("driver") || said.containsKey("source"))) {
                    in.fault(
                            written,
                            "the volume " + Wording.quote(name) + " is declared under Volumes",
                            "set its driver and options there");
                }
                SortedMap<String, Object> form = new TreeMap<>(declared);
                said.forEach((field, content) -> form.put(String.valueOf(field), content));
                resolved.put(name, form);
            });
            keys.put("volumes", resolved);
        }

        /** Warns of volumes that no service mounts. */
        public void warnUnused(Reading in) {
            places.forEach((name, at) -> {
                if (!used.contains(name)) {
                    in.problems()
                            .warning(
                                    at.at(),
                                    "no service mounts the volume " + Wording.quote(name),
                                    "mount it, volumes: {" + name + ": /path}, or remove it from Volumes");
                }
            });
        }
    }

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        return node;
    }

    /** Reads the section. */
    public static Declared declared(@Nullable YamlNode node, Reading in) {
        Declared declared = new Declared();
        if (node == null || YamlNode.isNull(node)) {
            return declared;
        }
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(
                    node,
                    "expected a map of volumes, found " + in.found(node),
                    "for example: Volumes: {shop-data: {}}");
            return declared;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            String name = entry.key().text();
            String fault = Names.checkVolume(name);
            if (fault != null) {
                in.fault(entry.key(), "invalid volume name " + in.found(entry.key()) + ": " + fault);
                continue;
            }
            SortedMap<String, Object> said =
                    YamlNode.isNull(entry.value()) ? new TreeMap<>() : FIELDS.read(entry.value(), in);
            if (said != null) {
                declared.volumes.put(name, form(said, entry, in));
                declared.places.put(name, entry.key());
            }
        }
        return declared;
    }

    private static SortedMap<String, Object> form(SortedMap<String, Object> said, YamlNode.Entry entry, Reading in) {
        Object external = said.remove("external");
        if (external == null) {
            said.put("shared", true);
            return said;
        }
        if (!said.isEmpty()) {
            in.fault(
                    entry.value(),
                    "an external volume has no driver and no options",
                    "remove external, or remove driver and options");
        } else if (!String.valueOf(external).matches("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,200}")) {
            in.fault(
                    entry.value(),
                    "invalid name of a volume: " + Wording.quote(String.valueOf(external)),
                    "docker volume ls shows the names");
        }
        said.put("external", true);
        said.put("source", external);
        return said;
    }

    @Override
    public String words() {
        return "map of names to volumes";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.mapOf(FIELDS.schema());
    }
}
