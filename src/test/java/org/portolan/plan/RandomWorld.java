package org.portolan.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;

/** A deployment's world that random files, deaths and losses happen to, and that a plan can be applied to. */
final class RandomWorld {
    static final String SECRET = "swordfish";
    private static final String NAME = "shop";
    private static final String HERE = "here";
    private static final SourceId SOURCE = new SourceId("git.example.org/site", "Servicefile");
    private static final List<String> SERVICES = List.of("api", "cache", "db", "web", "worker");
    private static final Instant DAY = Instant.EPOCH;

    private final SplittableRandom random;
    private final Map<String, String> contents = new HashMap<>();
    private final Map<String, Definition> kept = new HashMap<>();
    private final Map<String, Set<Integer>> used = new HashMap<>();
    private final List<Container> containers = new ArrayList<>();
    private final Map<String, VolumeSpec> volumes = new TreeMap<>();
    private boolean network;
    private int losses;
    private List<Domain> applied = List.of();
    private @Nullable DeploymentState state;
    private Set<String> declared = Set.of();

    RandomWorld(SplittableRandom random) {
        this.random = random;
        containers.add(container("blog-secretive-1-1", "blog", "secretive", 1, 1, "x", "elsewhere", ""));
    }

    Set<String> foreignNames() {
        return Set.of("blog-secretive-1-1", "nobodys-own");
    }

    Set<String> declared() {
        return declared;
    }

    Collection<Integer> everUsed(String service) {
        return used.getOrDefault(service, Set.of());
    }

    Map<String, Integer> meshPorts() {
        return state == null ? Map.of() : state.meshPorts();
    }

    /** How often the store was lost; numbers of services without containers are forgotten with it. */
    int losses() {
        return losses;
    }

    /** Instances die or vanish, images move, networks go, the store is lost, services are stopped. */
    void disturb() {
        containers.removeIf(container -> ours(container) && random.nextInt(12) == 0);
        containers.replaceAll(container -> ours(container) && random.nextInt(12) == 0 ? dead(container) : container);
        if (random.nextInt(6) == 0) {
            contents.put(image(random.nextInt(3)), "sha256:" + random.nextInt(1_000));
        }
        network &= random.nextInt(10) > 0;
        if (state != null && random.nextInt(8) == 0) {
            String service = SERVICES.get(random.nextInt(SERVICES.size()));
            var stopped = new java.util.TreeSet<>(state.stopped());
            if (!stopped.remove(service)) {
                stopped.add(service);
            }
            state = state.change().stopped(stopped).build();
        }
        // Lost whole, while every service still runs somewhere: what is known is what the labels say.
        if (random.nextInt(10) == 0) {
            state = null;
            losses++;
            kept.clear();
            used.clear();
            containers.stream().filter(RandomWorld::ours).forEach(container -> used(container.label(Labels.SERVICE))
                    .add(Integer.valueOf(container.label(Labels.VERSION))));
        }
    }

    private static boolean ours(Container container) {
        return container.label(Labels.INSTALLATION).equals(HERE);
    }

    private Set<Integer> used(String service) {
        return used.computeIfAbsent(service, key -> new HashSet<>());
    }

    private Container dead(Container container) {
        Container.State how = random.nextBoolean() ? Container.State.EXITED : Container.State.CREATED;
        return new Container(
                container.id(), container.name(), container.labels(), how, 1, Optional.empty(), 0, false, "");
    }

    private static String image(int number) {
        return "example/app:" + number;
    }

    /** A random file, with a deploy by file, by hand or by force. */
    PlanInput serverTarget() {
        boolean byHand = random.nextInt(5) == 0;
        SortedMap<String, Desired.DesiredService> services = new TreeMap<>();
        for (String service : SERVICES) {
            boolean chosen = byHand ? services.isEmpty() && random.nextInt(3) == 0 : random.nextInt(4) > 0;
            if (chosen) {
                services.put(service, service(service));
            }
        }
        declared = services.keySet();
        List<Domain> domains = byHand ? List.of() : domains(services.values());
        SourceId source = byHand
                ? SourceId.HAND
                : random.nextInt(8) == 0 ? new SourceId("git.example.org/fork", "Servicefile") : SOURCE;
        Basis basis = byHand ? Basis.Hand.IT : new Basis.Files(random.nextInt(10) == 0, false, false);
        return input(new Desired(NAME, Origin.of(source), services, domains, ""), basis);
    }

    /** The same wish against the world as it is now; what was forced is not forced again. */
    PlanInput again(PlanInput before) {
        Basis basis = before.options().basis();
        return input(before.desired(), basis.force() ? Basis.Files.ORDINARY : basis);
    }

    private Desired.DesiredService service(String name) {
        Map<String, Object> keys = new HashMap<>();
        keys.put("image", image(random.nextInt(3)));
        if (random.nextInt(3) > 0) {
            keys.put("ports", Map.of("http", 8000));
        }
        if (random.nextBoolean()) {
            keys.put(
                    "env",
                    Map.of("A", "value " + random.nextInt(3), "B", Map.of("secret", SECRET + random.nextInt(3))));
        }
        if (random.nextInt(3) == 0) {
            keys.put("volumes", Map.of("data", "/data"));
        }
        return new Desired.DesiredService(
                name, Definition.of(keys), random.nextInt(4), new Position("Servicefile", 2, 1));
    }

    private List<Domain> domains(Collection<Desired.DesiredService> services) {
        List<Domain> domains = new ArrayList<>();
        Position at = new Position("Servicefile", 9, 1);
        for (Desired.DesiredService service : services) {
            if (service.definition().get("ports") != null && random.nextInt(3) == 0) {
                Domain.Target target = new Domain.Target(NAME, service.name(), "http", 100);
                SortedMap<String, Domain.Route> routes = new TreeMap<>();
                routes.put("/", new Domain.Route(List.of(target), at));
                SortedMap<String, String> auth = new TreeMap<>();
                if (random.nextBoolean()) {
                    auth.put("admin", SECRET + random.nextInt(3));
                }
                domains.add(new Domain(
                        service.name() + ".example.org",
                        List.of(),
                        routes,
                        Optional.empty(),
                        Optional.empty(),
                        random.nextBoolean(),
                        false,
                        false,
                        auth,
                        at));
            }
        }
        return domains;
    }

    private PlanInput input(Desired desired, Basis basis) {
        Map<String, Optional<Image>> images = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            String content = contents.computeIfAbsent(image(i), name -> "sha256:first-" + name);
            images.put(image(i), Optional.of(new Image(content, List.of(), List.of(), List.of(), Optional.empty())));
        }
        Map<String, DeploymentState> all = new TreeMap<>();
        Optional<DeploymentState> known = Optional.ofNullable(state);
        known.ifPresent(present -> all.put(NAME, present));
        List<Network> networks = network
                ? List.of(new Network(
                        "n", "portolan-shop", Map.of(Labels.DEPLOYMENT, NAME, Labels.INSTALLATION, HERE), "", ""))
                : List.of();
        return new PlanInput(
                desired,
                List.of(),
                known,
                all,
                new Observation(
                        List.copyOf(containers), networks, List.copyOf(volumes.values()), Set.of("nobodys-own")),
                HERE,
                images,
                (service, version) -> Optional.ofNullable(kept.get(service + "-" + version)),
                Optional.of(new RouteSet(NAME, List.of(), applied)),
                new PlanOptions(basis, 15_000, 15_050));
    }

    /** Brings the world to the plan's goal, as a release does. */
    void apply(Plan plan) {
        DesiredRelease goal = plan.goal();
        network |= !goal.services().isEmpty();
        SortedMap<String, Release.Placed> placed = new TreeMap<>();
        SortedMap<String, List<DeploymentState.VersionRef>> versions =
                state == null ? new TreeMap<>() : new TreeMap<>(state.versions());
        containers.removeIf(container -> ours(container) && goal.removed().contains(container.label(Labels.SERVICE)));
        for (DesiredRelease.ServiceGoal service : goal.services().values()) {
            converge(service, plan.settlement());
            Release.Placed before = state == null ? null : state.services().get(service.name());
            boolean stopped = state != null && state.stopped().contains(service.name());
            placed.put(
                    service.name(),
                    new Release.Placed(
                            service.version(), before != null && stopped ? before.scale() : service.scale()));
            kept.put(service.name() + "-" + service.version(), service.definition());
            used(service.name()).add(service.version());
            List<DeploymentState.VersionRef> refs = new ArrayList<>(versions.getOrDefault(service.name(), List.of()));
            if (refs.stream().noneMatch(ref -> ref.number() == service.version())) {
                refs.add(new DeploymentState.VersionRef(service.version(), service.hash(), DAY, "localhost"));
            }
            versions.put(service.name(), refs);
        }
        applied = plan.domains();
        DeploymentState base =
                state == null ? DeploymentState.empty(NAME, plan.settlement().owner(), DAY) : state;
        state = plan.settle(base)
                .lastRelease(base.lastRelease() + 1)
                .services(placed)
                .versions(versions)
                .build();
    }

    private void converge(DesiredRelease.ServiceGoal goal, Plan.Settlement settlement) {
        Set<Integer> there = new HashSet<>();
        containers.removeIf(container -> {
            boolean mine = ours(container) && container.label(Labels.SERVICE).equals(goal.name());
            int number = mine ? Integer.parseInt(container.label(Labels.INSTANCE)) : 0;
            boolean good = container.label(Labels.VERSION).equals(String.valueOf(goal.version()))
                    && container.state() == Container.State.RUNNING
                    && there.size() < goal.scale();
            if (mine && good) {
                there.add(number);
            }
            return mine && !good;
        });
        String source = settlement.byHand().contains(goal.name())
                ? SourceId.HAND.toString()
                : settlement.owner().toString();
        for (int n = 1; there.size() < goal.scale(); n++) {
            if (there.add(n)) {
                String name = NAME + "-" + goal.name() + "-" + goal.version() + "-" + n;
                containers.add(container(name, NAME, goal.name(), goal.version(), n, goal.hash(), HERE, source));
            }
        }
        if (goal.scale() > 0) {
            for (ServiceSpec.Volume volume : goal.spec().volumes()) {
                String name = NAME + "-" + goal.name() + "-" + volume.name();
                volumes.put(
                        name,
                        new VolumeSpec(
                                name,
                                Map.of(
                                        Labels.DEPLOYMENT, NAME,
                                        Labels.SERVICE, goal.name(),
                                        Labels.VOLUME, volume.name()),
                                "local",
                                Map.of()));
            }
        }
    }

    private static Container container(
            String name,
            String deployment,
            String service,
            int version,
            int n,
            String hash,
            String installation,
            String source) {
        return new Container(
                "id-" + name,
                name,
                Map.of(
                        Labels.INSTALLATION, installation,
                        Labels.DEPLOYMENT, deployment,
                        Labels.SERVICE, service,
                        Labels.VERSION, String.valueOf(version),
                        Labels.INSTANCE, String.valueOf(n),
                        Labels.HASH, hash,
                        Labels.SOURCE, source),
                Container.State.RUNNING,
                0,
                Optional.empty(),
                0,
                false,
                "");
    }
}
