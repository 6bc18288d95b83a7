package org.portolan.servicefile.decode;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.service.ServiceFile;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.TcpRange;
import org.portolan.servicefile.format.Fields;
import org.portolan.servicefile.format.FreeShape;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.format.PortNames;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.format.ServiceKeys;
import org.portolan.servicefile.format.Shapes;
import org.portolan.servicefile.format.UdpPorts;
import org.portolan.servicefile.format.VolumesSection;
import org.portolan.servicefile.format.WanRanges;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Reads one service: its keys by the table, and what they must say to each other. */
public final class ServiceDecoder {
    public static final Fields SERVICE = new Fields("a service", ServiceKeys.ALL, true);

    private final Reading in;
    private final VolumesSection.Declared volumes;

    public ServiceDecoder(Reading in) {
        this(in, new VolumesSection.Declared());
    }

    /** @param volumes those that several services may mount */
    public ServiceDecoder(Reading in, VolumesSection.Declared volumes) {
        this.in = in;
        this.volumes = volumes;
    }

    /** The service's name that a key gives, and its image when the key is one. */
    public record Named(String name, String image) {
        static Named of(String key, boolean ownImage) {
            boolean reference = key.indexOf('/') >= 0 || key.indexOf(':') >= 0 || key.indexOf('@') >= 0;
            return reference && !ownImage ? new Named(Names.serviceOf(key), key) : new Named(key, key);
        }
    }

    /** The name of the service of an entry; null when it cannot be one, which is reported. */
    public @Nullable Named name(YamlNode.Entry entry) {
        YamlNode.Mapping body = entry.value() instanceof YamlNode.Mapping mapping ? mapping : null;
        boolean ownImage = body != null && !YamlNode.isNull(body.get("image"));
        Named named = Named.of(entry.key().text(), ownImage);
        String fault = Names.checkName(named.name());
        if (fault != null) {
            String near =
                    named.name().toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
            String name = Names.checkName(near) == null ? near : "my-name";
            String hint = ownImage
                    ? "use " + name + ":"
                    : "choose another name: " + name + ": {image: " + Wording.clip(named.image()) + "}";
            in.fault(entry.key(), "invalid service name " + Wording.quote(named.name()) + ": " + fault, hint);
            return null;
        }
        if (!ownImage && Names.checkImage(named.image()) != null) {
            in.fault(entry.key(), "invalid image " + in.found(entry.key()) + ": " + Names.checkImage(named.image()));
            return null;
        }
        return named;
    }

    /** The service; null when its body is none, which is reported. */
    public @Nullable DesiredService read(Named named, YamlNode.Entry entry, SortedMap<String, Object> inherited) {
        YamlNode value = entry.value();
        if (!(value instanceof YamlNode.Mapping) && !YamlNode.isNull(value)) {
            in.fault(
                    value,
                    "expected a map for the service " + Wording.quote(named.name()) + ", found " + in.found(value),
                    "write " + named.name() + ": {image: " + example(value) + "}");
            return null;
        }
        YamlNode.Mapping body =
                value instanceof YamlNode.Mapping mapping ? mapping : new YamlNode.Mapping(List.of(), value.at());
        SortedMap<String, Object> keys = keys(body);
        keys.putIfAbsent("image", named.image());
        Object scale = keys.remove("scale");
        inherit(inherited, keys);
        Definition definition = Definition.of(keys);
        if (!in.problems().hasErrors()) {
            definition = RolloutDefaults.without(named.name(), definition);
        }
        int instances = scale instanceof Long number ? number.intValue() : 1;
        warn(named.name(), definition, body);
        return new DesiredService(
                named.name(), definition, instances, entry.key().at(), notes(body));
    }

    /** The image that a text for a service probably means. */
    private static String example(YamlNode value) {
        return value instanceof YamlNode.Scalar text && Names.checkImage(text.text()) == null
                ? text.text()
                : "company/web";
    }

    /** The keys of a service's body in normal form, {@code scale} still among them. */
    public SortedMap<String, Object> keys(YamlNode.Mapping body) {
        SortedMap<String, Object> read = SERVICE.read(body, in);
        SortedMap<String, Object> keys = read == null ? new TreeMap<>() : read;
        Object port = keys.remove("port");
        YamlNode.Entry portEntry = body.entry("port");
        if (portEntry != null && body.get("ports") != null) {
            in.fault(
                    portEntry.key(),
                    "port and ports cannot be used together",
                    "keep one of them: port is short for one unnamed port");
        } else if (port != null) {
            keys.put("ports", port);
        }
        UdpPorts.separate(body, keys, in);
        WanRanges.spread(body, keys, in);
        completes(body, keys);
        env(body, keys);
        mainPort(body, keys);
        healthPort(body, keys);
        wanMap(body, keys);
        files(body, keys);
        volumes.resolve(keys, body.get("volumes"), in);
        return keys;
    }

    /** A service that ends by itself has nothing that could be checked or reached afterwards. */
    private void completes(YamlNode.Mapping body, SortedMap<String, Object> keys) {
        YamlNode written = body.get("completes");
        if (written == null || !Boolean.TRUE.equals(keys.get("completes"))) {
            return;
        }
        String restart = keys.get("restart") instanceof String policy ? policy : "unless-stopped";
        if (!restart.equals("no") && !restart.startsWith("on-failure")) {
            in.fault(
                    written,
                    "completes needs restart: no or on-failure, and restart is " + restart,
                    "write restart: no beside it");
        }
        for (String other : List.of("health", "ports", "wan_map")) {
            if (keys.containsKey(other)
                    && !ServiceSpec.NO_PORTS.equals(keys.get(other))
                    && !ServiceSpec.NO_HEALTH.equals(keys.get(other))) {
                in.fault(written, "completes and " + other + " cannot be used together", "remove one of them");
            }
        }
    }

    private void env(YamlNode.Mapping body, SortedMap<String, Object> keys) {
        if (keys.remove("env_files") == null) {
            return;
        }
        SortedMap<String, Object> env = new TreeMap<>();
        YamlNode files = body.get("env_files");
        List<YamlNode> items =
                files instanceof YamlNode.Sequence list ? list.items() : files == null ? List.of() : List.of(files);
        for (YamlNode item : items) {
            if (item instanceof YamlNode.Scalar name && !YamlNode.isNull(name)) {
                Reading.FileText file = in.file(name, "env file");
                if (file != null) {
                    in.problems().addPlace(file.shown(), "an env file of " + name.at());
                    EnvFile.read(file, env, in.problems());
                }
            }
        }
        env.putAll(tree(keys.get("env")));
        if (!env.isEmpty()) {
            keys.put("env", env);
        }
    }

    /**
     * Says which of several named ports is the main one ({@code PORT}, {@code <SERVICE>_PORT}, what a check asks): the one
     * named {@code http}, else the first in the file, whose order a definition's sorted keys no longer tell.
     */
    private static void mainPort(YamlNode.Mapping body, SortedMap<String, Object> keys) {
        Map<String, Object> ports = TcpRange.spread(keys.get("ports"));
        if (ports.size() > 1 && !ports.containsKey("") && !ports.containsKey("http")) {
            keys.put(ServiceSpec.MAIN_PORT, first(body.get("ports"), tree(keys.get("ports"))));
        }
    }

    /** Says which port a check asks, when there are several and the file does not say: the main one. */
    private void healthPort(YamlNode.Mapping body, SortedMap<String, Object> keys) {
        Map<String, Object> health = tree(keys.get("health"));
        Map<String, Object> ports = TcpRange.spread(keys.get("ports"));
        Object port = health.get("port");
        YamlNode at = body.get("health");
        if (ServiceSpec.NO_PORTS.equals(keys.get("ports"))
                && at != null
                && (health.containsKey("http") || health.containsKey("tcp"))) {
            in.fault(
                    at,
                    "health checks a port, but ports is none",
                    "declare the port, for example port: 8000, or use health: {exec: COMMAND}");
            return;
        }
        if (port != null && at != null && !ports.containsKey(port) && !ports.isEmpty()) {
            YamlNode written = at instanceof YamlNode.Mapping map && map.get("port") != null ? map.get("port") : at;
            in.fault(
                    written == null ? at : written,
                    "health checks the port " + Wording.quote((String) port) + ", which is not in ports",
                    PortNames.suggest((String) port, keys.get("ports"), ""));
        }
        boolean asks = health.containsKey("http") || health.containsKey("tcp");
        if (asks && port == null && ports.size() > 1 && !ports.containsKey("")) {
            SortedMap<String, Object> complete = new TreeMap<>(health);
            complete.put("port", keys.getOrDefault(ServiceSpec.MAIN_PORT, "http"));
            keys.put("health", complete);
        }
    }

    /** An engine cannot put a file everywhere, and one in a volume would change under the instances that run. */
    private void files(YamlNode.Mapping body, SortedMap<String, Object> keys) {
        YamlNode at = body.get("files");
        if (at == null) {
            return;
        }
        SortedMap<String, String> taken = new TreeMap<>();
        tree(keys.get("volumes"))
                .forEach((name, volume) -> taken.put(
                        volume instanceof Map<?, ?> map ? String.valueOf(map.get("target")) : String.valueOf(volume),
                        "in the volume " + name));
        tree(keys.get("tmpfs")).keySet().forEach(path -> taken.put(path, "in tmpfs"));
        if (Boolean.TRUE.equals(keys.get("completes"))
                && LiveFiles.hash(Definition.of(keys)).isPresent()) {
            in.fault(
                    at, "a service with completes: true cannot reload a file", "remove reload: it starts again anyway");
        }
        boolean readOnly = Boolean.TRUE.equals(keys.get("read_only"));
        for (String path : tree(keys.get("files")).keySet()) {
            for (Map.Entry<String, String> other : taken.entrySet()) {
                if (ServiceFile.within(path, other.getKey()) || ServiceFile.within(other.getKey(), path)) {
                    in.fault(
                            at,
                            "the file " + Wording.quote(path) + " would be " + other.getValue() + " at "
                                    + other.getKey(),
                            "use another folder for the file; programs can be told where it is");
                }
            }
            if (readOnly && path.lastIndexOf('/') == 0) {
                in.fault(
                        at,
                        "the file " + Wording.quote(path) + " needs a folder, because the service is read_only",
                        "put it into a separate folder, for example /conf" + path);
            }
        }
    }

    /** The first port in the file; one of a range only where there is nothing else. */
    private static String first(@Nullable YamlNode written, Map<String, Object> ports) {
        if (written instanceof YamlNode.Mapping mapping) {
            String ranged = "";
            for (YamlNode.Entry entry : mapping.entries()) {
                String name = entry.key().text();
                Optional<TcpRange> range = TcpRange.of(name, ports.get(name));
                if (range.isPresent()) {
                    ranged = ranged.isEmpty() ? range.get().name(range.get().first()) : ranged;
                } else if (ports.containsKey(name)) {
                    return name;
                }
            }
            if (!ranged.isEmpty()) {
                return ranged;
            }
        }
        if (written instanceof YamlNode.Sequence list && list.items().get(0) instanceof YamlNode.Scalar name) {
            return name.text();
        }
        return ports.keySet().iterator().next();
    }

    private void wanMap(YamlNode.Mapping body, SortedMap<String, Object> keys) {
        Map<String, Object> ports = TcpRange.spread(keys.get("ports"));
        YamlNode written = body.get("wan_map");
        SortedMap<String, Object> bindings = new TreeMap<>(tree(keys.get("wan_map")));
        for (Map.Entry<String, Object> binding : bindings.entrySet()) {
            String port = (String) binding.getValue();
            String found = PortNames.find(ports, port);
            if (port.isEmpty() && ports.size() == 1) {
                binding.setValue(ports.keySet().iterator().next());
            } else if (found != null) {
                binding.setValue(found);
            } else if (written != null && !(ports.isEmpty() && port.isEmpty())) {
                in.fault(
                        written,
                        "wan_map uses the port " + Wording.quote(port) + ", which is not in ports",
                        PortNames.suggest(port, keys.get("ports"), "declare it: ports: {http: 8000}"));
            }
        }
        if (!bindings.isEmpty()) {
            keys.put("wan_map", bindings);
        }
    }

    /** Inherited variables, without those that the service sets itself. */
    private static void inherit(SortedMap<String, Object> inherited, SortedMap<String, Object> keys) {
        Set<String> own = tree(keys.get("env")).keySet();
        SortedMap<String, Object> rest = new TreeMap<>(inherited);
        rest.keySet().removeAll(own);
        if (!rest.isEmpty()) {
            keys.put("inherited_env", rest);
        }
    }

    private void warn(String name, Definition definition, YamlNode.Mapping body) {
        if (in.problems().hasErrors() || definition.get("volumes") == null) {
            return;
        }
        ServiceSpec spec = ServiceSpec.from(name, definition);
        YamlNode rollout = body.get("rollout");
        boolean beside = spec.rollout().strategy().isPresent() && spec.strategy() != ServiceSpec.Strategy.RECREATE;
        boolean writes = false;
        for (ServiceSpec.Volume volume : spec.volumes()) {
            writes |=
                    (volume.kind() == ServiceSpec.Volume.Kind.NAMED || volume.kind() == ServiceSpec.Volume.Kind.SHARED)
                            && !volume.readOnly();
        }
        if (writes && beside && rollout != null) {
            in.problems()
                    .warning(
                            rollout.at(),
                            "old and new instances of " + Wording.quote(name)
                                    + " will write to the same volume at the same time",
                            "use strategy: recreate, which stops the old instance first");
        }
        YamlNode scale = body.get("scale");
        if (writes
                && scale instanceof YamlNode.Scalar number
                && Shapes.Whole.parse(number.text()).orElse(1L) > 1) {
            in.problems()
                    .warning(
                            scale.at(),
                            "several instances of " + Wording.quote(name)
                                    + " will write to the same volume at the same time",
                            "use scale: 1, or a read_only volume");
        }
    }

    public static SortedMap<String, Object> notes(YamlNode.Mapping body) {
        SortedMap<String, Object> notes = new TreeMap<>();
        for (YamlNode.Entry entry : body.entries()) {
            if (Fields.isFree(entry.key().text())) {
                notes.put(entry.key().text(), FreeShape.note(entry.value()));
            }
        }
        return notes;
    }

    /** A node of a definition as a map; empty when it is none. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> tree(@Nullable Object node) {
        return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
