package org.portolan.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Platform;
import org.portolan.model.Position;
import org.portolan.model.container.Container;
import org.portolan.model.container.Image;
import org.portolan.model.container.Network;
import org.portolan.model.container.Observation;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.Domain;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Reads a golden case: {@code desired.yaml} (services in normal form with {@code scale}, domains, siblings) and
 * {@code world.yaml} (state, kept versions, containers, images, other deployments, options). What the case does not say
 * is the ordinary: images are present and have the content that kept versions name, the network is there when a
 * container is.
 */
final class PlanCase {
    static final String DEPLOYMENT = "shop";
    static final SourceId SOURCE = new SourceId("git.example.org/site", "Servicefile");
    static final String INSTALLATION = "here";
    private static final Instant DAY = Instant.parse("2026-11-01T00:00:00Z");

    private final Map<String, Object> desired;
    private final Map<String, Object> world;
    private final SortedMap<String, SortedMap<Integer, Definition>> kept = new TreeMap<>();

    private PlanCase(Map<String, Object> desired, Map<String, Object> world) {
        this.desired = desired;
        this.world = world;
        map(world, "kept").forEach((service, versions) -> {
            SortedMap<Integer, Definition> definitions = new TreeMap<>();
            asMap(versions)
                    .forEach((number, definition) ->
                            definitions.put(Integer.valueOf(number), kept(service, asMap(definition))));
            kept.put(service, definitions);
        });
    }

    static PlanInput read(Path folder) throws IOException {
        return new PlanCase(yaml(folder.resolve("desired.yaml")), yaml(folder.resolve("world.yaml"))).input();
    }

    /** The content that an image has unless the case says otherwise. */
    static String contentOf(String reference) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(reference.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private PlanInput input() {
        Desired wanted = desired(DEPLOYMENT, desired, "Servicefile");
        List<Desired> siblings = new ArrayList<>();
        map(desired, "siblings").forEach((name, body) -> siblings.add(desired(name, asMap(body), "Servicefile")));
        Optional<DeploymentState> state = state();
        Map<String, DeploymentState> all = new TreeMap<>();
        if (!flag(world, "lost")) {
            state.ifPresent(known -> all.put(known.name(), known));
        }
        map(world, "others").forEach((name, body) -> all.put(name, other(name, asMap(body))));
        boolean forgotten = flag(world, "lost") || state.isEmpty();
        return new PlanInput(
                wanted,
                siblings,
                state,
                all,
                observation(),
                INSTALLATION,
                images(wanted),
                (service, version) -> forgotten
                        ? Optional.empty()
                        : Optional.ofNullable(
                                kept.getOrDefault(service, new TreeMap<>()).get(version)),
                Optional.of(new RouteSet(DEPLOYMENT, backends(), domains(list(world, "applied"), "Servicefile"))),
                options());
    }

    /** {@code former: true} in a world: labels and state have the hashes of commit 1ce5309. */
    private String hash(Definition definition) {
        return flag(world, "former") ? definition.formerHash() : definition.hash();
    }

    /**
     * {@code served: {web: {http: ["0.0.0.0:80"]}}}: what HAProxy carries, by service and port; {@code max_connections: {web:
     * 100}}: its limits.
     */
    private List<RouteSet.Backend> backends() {
        List<RouteSet.Backend> backends = new ArrayList<>();
        map(world, "served").forEach((service, ports) -> asMap(ports)
                .forEach((port, addresses) -> backends.add(new RouteSet.Backend(
                        service,
                        port,
                        false,
                        List.of("127.0.0.1"),
                        15_000,
                        ((List<?>) addresses).stream().map(Object::toString).toList(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        map(world, "max_connections").get(service) instanceof Integer most ? most : 0,
                        List.of()))));
        return backends;
    }

    private PlanOptions options() {
        List<Object> words = list(world, "options");
        Basis basis = words.contains("by_hand")
                ? Basis.Hand.IT
                : words.contains("kept")
                        ? Basis.Stored.IT
                        : new Basis.Files(
                                words.contains("force"), words.contains("adopt"), words.contains("automatic"));
        return new PlanOptions(basis, 15_000, 15_999);
    }

    private static Desired desired(String name, Map<String, Object> body, String file) {
        SortedMap<String, Desired.DesiredService> services = new TreeMap<>();
        int line = 2;
        for (Map.Entry<String, Object> entry : map(body, "services").entrySet()) {
            Map<String, Object> keys = new TreeMap<>(asMap(entry.getValue()));
            int scale = keys.remove("scale") instanceof Integer number ? number : 1;
            services.put(
                    entry.getKey(),
                    new Desired.DesiredService(
                            entry.getKey(), Definition.of(keys), scale, new Position(file, line++, 1)));
        }
        SourceId source = source(body.get("source"));
        return new Desired(name, Origin.of(source), services, domains(list(body, "domains"), file), "");
    }

    private static SourceId source(@Nullable Object written) {
        return switch (written) {
            case null -> SOURCE;
            case String text when text.equals("hand") -> SourceId.HAND;
            default -> new SourceId(written.toString(), "Servicefile");
        };
    }

    private static List<Domain> domains(List<Object> written, String file) {
        List<Domain> domains = new ArrayList<>();
        int line = 20;
        for (Object item : written) {
            Map<String, Object> keys = asMap(item);
            String from = keys.getOrDefault("file", file).toString();
            int at = line;
            SortedMap<String, Domain.Route> routes = new TreeMap<>();
            map(keys, "routes").forEach((path, targets) -> {
                List<Domain.Target> parsed = new ArrayList<>();
                if (targets instanceof Map<?, ?> weighted) {
                    weighted.forEach((target, weight) -> parsed.add(target(target.toString(), (Integer) weight)));
                } else {
                    parsed.add(target(targets.toString(), 100));
                }
                routes.put(path, new Domain.Route(parsed, new Position(from, at + routes.size() + 1, 5)));
            });
            Optional<Domain.TcpRoute> tcp = Optional.ofNullable(keys.get("tcp")).map(text -> {
                String[] parts = text.toString().split(",", 2);
                return new Domain.TcpRoute(Integer.parseInt(parts[0].trim()), target(parts[1].trim(), 100));
            });
            SortedMap<String, String> auth = new TreeMap<>();
            Optional<String> realm =
                    Optional.ofNullable(keys.get("digest_realm")).map(Object::toString);
            map(keys, "auth")
                    .forEach((user, password) -> auth.put(
                            user,
                            realm.map(name -> DigestCredential.of(user, name, password.toString())
                                            .text())
                                    .orElse(password.toString())));
            domains.add(new Domain(
                    keys.getOrDefault("host", "").toString(),
                    list(keys, "aliases").stream().map(Object::toString).toList(),
                    routes,
                    tcp,
                    Optional.ofNullable(keys.get("cert"))
                            .map(pem -> new Domain.Certificate(pem.toString(), "key of " + pem)),
                    flag(keys, "redirect_https"),
                    flag(keys, "maintenance"),
                    flag(keys, "sticky"),
                    false,
                    auth,
                    realm,
                    new Position(from, at, 3)));
            line += 10;
        }
        return domains;
    }

    private static Domain.Target target(String text, int weight) {
        String[] parts = text.split(":", -1);
        return new Domain.Target(parts[0], parts[1], parts.length > 2 ? parts[2] : "", weight);
    }

    private static Definition kept(String service, Map<String, Object> keys) {
        Definition definition = Definition.of(keys);
        String reference = Objects.toString(keys.get("image"), service);
        return keys.containsKey("image_id") ? definition : definition.with("image_id", contentOf(reference));
    }

    private Optional<DeploymentState> state() {
        if (world.get("state") == null) {
            return Optional.empty();
        }
        Map<String, Object> body = map(world, "state");
        SortedMap<String, List<DeploymentState.VersionRef>> versions = new TreeMap<>();
        SortedMap<String, Integer> last = new TreeMap<>();
        kept.forEach((service, definitions) -> {
            List<DeploymentState.VersionRef> refs = new ArrayList<>();
            definitions.forEach((number, definition) ->
                    refs.add(new DeploymentState.VersionRef(number, hash(definition), DAY, "")));
            versions.put(service, refs);
            last.put(service, definitions.lastKey());
        });
        map(body, "last_version").forEach((service, number) -> last.put(service, (Integer) number));
        SortedMap<String, Integer> mesh = new TreeMap<>();
        map(body, "mesh").forEach((key, port) -> mesh.put(key, (Integer) port));
        int release = (Integer) body.getOrDefault("release", 1);
        return Optional.of(DeploymentState.empty(DEPLOYMENT, source(body.get("owner")), DAY)
                .change()
                .lastRelease(release)
                .goodRelease(release)
                .services(loaded(placed(map(body, "services"))))
                .byHand(names(body, "by_hand"))
                .stopped(names(body, "stopped"))
                .versions(versions)
                .lastVersion(last)
                .meshPorts(mesh)
                .running(Optional.ofNullable((Integer) body.get("running"))
                        .map(number -> new DeploymentState.Running(number, false, new TreeMap<>())))
                .build());
    }

    /** {@code web: 2 x 4} is version 2, four instances. */
    private static SortedMap<String, Release.Placed> placed(Map<String, Object> services) {
        SortedMap<String, Release.Placed> placed = new TreeMap<>();
        services.forEach((service, text) -> {
            String[] parts = text.toString().split(" x ", 2);
            placed.put(service, new Release.Placed(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
        });
        return placed;
    }

    /** With the content of files that the kept version says, where instances reload them. */
    private SortedMap<String, Release.Placed> loaded(SortedMap<String, Release.Placed> placed) {
        placed.replaceAll((service, place) -> new Release.Placed(
                place.version(),
                place.scale(),
                place.wanMap(),
                place.maxConnections(),
                Optional.ofNullable(kept.getOrDefault(service, new TreeMap<>()).get(place.version()))
                        .flatMap(LiveFiles::hash)));
        return placed;
    }

    private static DeploymentState other(String name, Map<String, Object> body) {
        List<DeploymentState.Claim> claims = new ArrayList<>();
        for (Object text : list(body, "claims")) {
            String[] parts = text.toString().split(" ", 2);
            String host = parts[0].equals("port") ? "" : parts[0];
            claims.add(new DeploymentState.Claim(host, parts[1], new Position("other/Servicefile", 7, 3)));
        }
        SortedMap<String, Integer> mesh = new TreeMap<>();
        map(body, "mesh").forEach((key, port) -> mesh.put(key, (Integer) port));
        return DeploymentState.empty(name, new SourceId("git.example.org/other", "Servicefile"), DAY)
                .change()
                .services(placed(map(body, "services")))
                .claims(claims)
                .meshPorts(mesh)
                .build();
    }

    private Observation observation() {
        List<Container> containers = new ArrayList<>();
        for (Object item : list(world, "containers")) {
            containers.add(item instanceof String text ? container(text, Map.of()) : container(item));
        }
        List<Network> networks = containers.isEmpty() || Boolean.FALSE.equals(world.get("network"))
                ? List.of()
                : List.of(new Network(
                        "net",
                        "portolan-shop",
                        Map.of(Labels.DEPLOYMENT, DEPLOYMENT, Labels.INSTALLATION, INSTALLATION),
                        "",
                        ""));
        List<VolumeSpec> volumes = new ArrayList<>();
        for (Object item : list(world, "volumes")) {
            String[] parts = item.toString().split("/", 3);
            volumes.add(new VolumeSpec(
                    String.join("-", parts),
                    Map.of(Labels.DEPLOYMENT, parts[0], Labels.SERVICE, parts[1], Labels.VOLUME, parts[2]),
                    "local",
                    Map.of()));
        }
        return new Observation(containers, networks, volumes, new HashSet<>(names(world, "foreign_names")));
    }

    private Container container(Object item) {
        Map<String, Object> keys = asMap(item);
        return container(keys.getOrDefault("is", "").toString(), keys);
    }

    /** {@code web 2 1 exited 137}: service, version, number, state (running), exit code (0). */
    private Container container(String text, Map<String, Object> keys) {
        String[] words = text.split(" ", -1);
        int version = Integer.parseInt(words[1]);
        String deployment = keys.getOrDefault("deployment", DEPLOYMENT).toString();
        Definition definition = kept.getOrDefault(words[0], new TreeMap<>()).get(version);
        Map<String, String> labels = new TreeMap<>();
        labels.put(
                Labels.INSTALLATION,
                keys.getOrDefault("installation", INSTALLATION).toString());
        labels.put(Labels.DEPLOYMENT, deployment);
        labels.put(Labels.SERVICE, words[0]);
        labels.put(Labels.VERSION, words[1]);
        labels.put(Labels.INSTANCE, words[2]);
        labels.put(Labels.HASH, definition == null ? "unknown" : hash(definition));
        labels.put(Labels.SOURCE, source(keys.get("source")).toString());
        labels.put(Labels.MESH, keys.getOrDefault("mesh", "").toString());
        labels.put(Labels.PORTS, keys.getOrDefault("ports", "").toString());
        Container.State state = words.length > 3
                ? Container.State.valueOf(words[3].toUpperCase(java.util.Locale.ROOT))
                : Container.State.RUNNING;
        String name = deployment + "-" + words[0] + "-" + words[1] + "-" + words[2];
        Container container = new Container(
                "id-of-" + name,
                keys.getOrDefault("name", name).toString(),
                labels,
                state,
                words.length > 4 ? Integer.parseInt(words[4]) : 0,
                Optional.empty(),
                0,
                flag(keys, "oom"),
                "sha256:0",
                volumes(keys));
        if (!keys.containsKey("loaded")) {
            return container;
        }
        SortedMap<String, String> loaded = new TreeMap<>();
        map(keys, "loaded")
                .forEach((path, content) ->
                        loaded.put(path, LiveFiles.sha256(("t" + content).getBytes(StandardCharsets.UTF_8))));
        return container.withLoaded(loaded);
    }

    private static Map<String, String> volumes(Map<String, Object> keys) {
        Map<String, String> volumes = new TreeMap<>();
        map(keys, "volumes").forEach((path, name) -> volumes.put(path, name.toString()));
        return volumes;
    }

    private Map<String, Optional<Image>> images(Desired wanted) {
        Map<String, Optional<Image>> images = new TreeMap<>();
        wanted.services().forEach((name, service) -> {
            String reference = Objects.toString(service.definition().get("image"), name);
            images.put(reference, Optional.of(image(contentOf(reference), Map.of())));
        });
        map(world, "images").forEach((reference, body) -> {
            Optional<Image> image =
                    "absent".equals(body) ? Optional.empty() : Optional.of(image(contentOf(reference), asMap(body)));
            images.put(reference, image);
        });
        return images;
    }

    private static Image image(String content, Map<String, Object> keys) {
        return new Image(
                keys.getOrDefault("id", content).toString(),
                List.of(),
                list(keys, "digests").stream().map(Object::toString).toList(),
                list(keys, "exposes").stream().map(port -> (Integer) port).toList(),
                Optional.empty(),
                list(keys, "declares").stream().map(Object::toString).toList(),
                Optional.empty(),
                Platform.parse(keys.getOrDefault("platform", "").toString()));
    }

    private static SortedSet<String> names(Map<String, Object> keys, String key) {
        SortedSet<String> names = new TreeSet<>();
        list(keys, key).forEach(name -> names.add(name.toString()));
        return names;
    }

    private static boolean flag(Map<String, Object> keys, String key) {
        return Boolean.TRUE.equals(keys.get(key));
    }

    private static List<Object> list(Map<String, Object> keys, String key) {
        return keys.get(key) instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }

    private static Map<String, Object> map(Map<String, Object> keys, String key) {
        return keys.get(key) instanceof Map<?, ?> child ? asMap(child) : Map.of();
    }

    private static Map<String, Object> asMap(Object node) {
        Map<String, Object> copy = new java.util.LinkedHashMap<>();
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value != null) {
                    copy.put(key.toString(), value);
                }
            });
        }
        return copy;
    }

    private static Map<String, Object> yaml(Path file) throws IOException {
        Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        return asMap(loaded == null ? Map.of() : loaded);
    }
}
