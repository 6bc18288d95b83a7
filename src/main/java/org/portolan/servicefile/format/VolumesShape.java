package org.portolan.servicefile.format;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.CharacterSets;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Volumes. Normal form: name to the path in the container, or to a map {@code {target, bind, driver, source, options,
 * read_only}} of what was said.
 */
public record VolumesShape() implements Shape {
    public static final List<Key> KEYS = List.of(
            Key.of("target", new Shapes.Text("a path"), "required", "The path in the container.", "target: /data"),
            Key.of(
                    "bind",
                    new Shapes.Text("a path"),
                    "",
                    "A host path, bind-mounted: absolute, or a folder or file of the work tree, relative to this file (`./conf`).",
                    "bind: /srv/data"),
            Key.of("driver", new Shapes.Text("a driver"), "local", "The volume driver.", "driver: nfs"),
            Key.of("source", new Shapes.Text("a name"), "", "The engine's name of the volume.", "source: media"),
            Key.of("options", Shapes.TEXT_MAP, "", "The driver's options.", "options: {type: nfs}"),
            Key.withDefault("read_only", Shapes.FLAG, false, "Mounts it read-only.", "read_only: true"));
    private static final Fields FIELDS = new Fields("a volume", KEYS, false);

    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        SortedMap<String, Object> volumes = new TreeMap<>();
        Set<String> targets = new HashSet<>();
        if (node instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                YamlNode.Scalar name = entry.key();
                if (HostPaths.isPath(name.text())) {
                    YamlNode target = entry.value();
                    String text = in.text(target, "the path in the container");
                    String bind = text == null || name.unresolved() ? null : HostPaths.absolute(name, in);
                    if (text != null && bind != null) {
                        put(pathName(name.text(), volumes), target, withTarget(text, bind), volumes, targets, in);
                    }
                } else if (nameHolds(name, in)) {
                    named(name.text(), entry.value(), volumes, targets, in);
                }
            }
        } else if (node instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                listed(item, volumes, targets, in);
            }
        } else {
            in.fault(node, "expected a map of volumes, found " + in.found(node), "for example: {data: /srv/data}");
        }
        return volumes.isEmpty() ? null : volumes;
    }

    private static void named(
            String name, YamlNode value, SortedMap<String, Object> volumes, Set<String> targets, Reading in) {
        if (!(value instanceof YamlNode.Mapping body)) {
            String text = in.text(value, "the path in the container");
            if (text != null) {
                put(name, value, withTarget(text, null), volumes, targets, in);
            }
            return;
        }
        SortedMap<String, Object> said = FIELDS.read(value, in);
        if (said == null) {
            return;
        }
        YamlNode bind = body.get("bind");
        if (said.get("target") == null) {
            in.fault(
                    value,
                    "the volume " + Wording.quote(name) + " has no target",
                    "add target: /path/in/the/container");
            return;
        }
        if (bind != null && (said.containsKey("driver") || said.containsKey("source") || said.containsKey("options"))) {
            in.fault(
                    bind, "a volume has bind or driver, not both", "remove bind, or remove driver, source and options");
            return;
        }
        if (said.containsKey("bind") && bind instanceof YamlNode.Scalar path) {
            String absolute = HostPaths.absolute(path, in);
            if (absolute == null) {
                return;
            }
            said.put("bind", absolute);
        }
        if (said.containsKey("options") || said.containsKey("source")) {
            said.putIfAbsent("driver", "local");
        }
        put(name, value, said, volumes, targets, in);
    }

    private static void listed(YamlNode item, SortedMap<String, Object> volumes, Set<String> targets, Reading in) {
        if (item instanceof YamlNode.Mapping) {
            in.fault(
                    item,
                    "expected name:/path or /path, found a map",
                    "volumes as a map: {data: /srv/data}, or {conf: {bind: /etc/web, target: /conf, read_only: true}}");
            return;
        }
        String text = in.text(item, "name:/path or /path");
        if (text == null) {
            return;
        }
        int colon = text.indexOf(':');
        String source = colon < 0 ? text : text.substring(0, colon);
        YamlNode.Scalar named = ((YamlNode.Scalar) item).expanded(source, source);
        if (colon < 0) {
            if (pathHolds(item, source, in)) {
                put(pathName(source, volumes), item, withTarget(source, null), volumes, targets, in);
            }
        } else if (HostPaths.isPath(source)) {
            String bind = HostPaths.absolute(named, in);
            if (bind != null) {
                String name = pathName(source, volumes);
                put(name, item, withTarget(text.substring(colon + 1), bind), volumes, targets, in);
            }
        } else if (nameHolds(named, in)) {
            put(source, item, withTarget(text.substring(colon + 1), null), volumes, targets, in);
        }
    }

    /** The normal form of {@code /path}, {@code /path:ro} with or without a bind source. */
    private static SortedMap<String, Object> withTarget(String text, @Nullable String bind) {
        SortedMap<String, Object> said = new TreeMap<>();
        boolean readOnly = text.endsWith(":ro");
        said.put("target", readOnly || text.endsWith(":rw") ? text.substring(0, text.length() - 3) : text);
        if (readOnly) {
            said.put("read_only", true);
        }
        if (bind != null) {
            said.put("bind", bind);
        }
        return said;
    }

    private static void put(
            String name,
            YamlNode node,
            SortedMap<String, Object> said,
            SortedMap<String, Object> volumes,
            Set<String> targets,
            Reading in) {
        String target = String.valueOf(said.get("target"));
        String fault = Names.checkFilePath(target);
        if (fault != null || target.equals("/")) {
            in.fault(
                    node,
                    "invalid container path " + Wording.quote(target) + ": "
                            + (fault == null ? "it must not be /" : fault));
        } else if (!targets.add(target)) {
            in.fault(node, "two volumes are mounted at " + Wording.quote(target));
        } else if (volumes.put(name, said.size() == 1 ? target : said) != null) {
            in.fault(node, "two volumes named " + Wording.quote(name));
        }
    }

    private static boolean nameHolds(YamlNode.Scalar name, Reading in) {
        if (name.unresolved()) {
            return false;
        }
        String fault = Names.checkVolume(name.text());
        if (fault != null) {
            String hint = name.text().startsWith("~")
                    ? "~ is not filled in: write the absolute path"
                    : "write a name for a volume, or a path for a bind mount: /srv/data or ./data";
            in.fault(name, "invalid volume name " + in.found(name) + ": " + fault, hint);
        }
        return fault == null;
    }

    private static boolean pathHolds(YamlNode at, String path, Reading in) {
        String fault = Names.checkFilePath(path);
        if (fault != null) {
            in.fault(at, "invalid path " + Wording.quote(path) + ": " + fault);
        }
        return fault == null;
    }

    /** A name made of a path, unlike those that are there. */
    private static String pathName(String path, Map<String, Object> taken) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = Character.toLowerCase(path.charAt(i));
            boolean plain = CharacterSets.isLower(c) || CharacterSets.isDigit(c);
            if (plain) {
                name.append(c);
            } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
                name.append('-');
            }
        }
        while (!name.isEmpty() && name.charAt(name.length() - 1) == '-') {
            name.setLength(name.length() - 1);
        }
        String base = name.isEmpty() ? "root" : name.toString();
        String free = base;
        for (int n = 2; taken.containsKey(free); n++) {
            free = base + "-" + n;
        }
        return free;
    }

    @Override
    public String words() {
        return "map of names (or host paths) to paths or maps, or list of `name:/path[:ro]`";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.either(List.of(
                Schemas.listOf(Schemas.TEXT), Schemas.mapOf(Schemas.either(List.of(Schemas.TEXT, FIELDS.schema())))));
    }
}
