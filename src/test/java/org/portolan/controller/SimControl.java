package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.Standing;
import org.portolan.reconcile.HealthPolicy;
import org.portolan.reconcile.Pace;
import org.portolan.release.Installation;
import org.portolan.sim.SimSite;

/** A simulated installation with a source whose content a test decides, and controllers that run in virtual time. */
final class SimControl {
    static final Duration POLL = Duration.ofSeconds(60);

    final SimSite site;
    /** What the Git host has: by source. */
    final Map<String, Declared> remote = new TreeMap<>();

    /** What the patterns of a source stand for: by source, by file. */
    final Map<String, Map<String, Declared>> files = new TreeMap<>();

    final List<Followed> followed = new ArrayList<>();

    /** What is said of the configuration's file next. */
    final Deque<ConfigurationState> configuration = new ArrayDeque<>();

    boolean hostDown;

    /** The folder of the repositories that receive pushes cannot be read. */
    boolean unreadable;

    /** Instead of what a test says that the Git host has. */
    @Nullable
    SourceReader otherReader;

    int reads;
    private final long seed;

    SimControl(long seed) {
        this.seed = seed;
        site = new SimSite(seed);
        for (String tag : List.of("1", "2", "3")) {
            site.engine.world().image("web:" + tag, Behaviour.GOOD, 80);
        }
        site.engine.world().image("web:bad", Behaviour.neverHealthy(), 80);
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
    }

    /** A source that is followed. */
    SimControl follow(String name, boolean report) {
        followed.add(source(name, report));
        return this;
    }

    /** One that could be followed. */
    Followed source(String name, boolean report) {
        SourceId id = id(name);
        return new Followed(name, POLL, report, id::equals);
    }

    private static SourceId id(String source) {
        return new SourceId("ssh://git@host/" + source, "Servicefile");
    }

    /** The source has this commit from now on. */
    void push(String source, String commit, Desired... deployments) {
        Origin origin = new Origin(id(source), Optional.of(commit), false, Optional.empty(), Optional.empty());
        List<Desired> all = new ArrayList<>();
        for (Desired desired : deployments) {
            all.add(desired.from(origin));
        }
        remote.put(source, new Declared(id(source), commit, all, true));
    }

    /** A deployment as the source has it. */
    Desired latest(String source, String deployment) {
        return Optional.ofNullable(remote.get(source))
                .flatMap(found -> found.deployment(deployment))
                .orElseThrow();
    }

    /** A source whose pattern stands for files {@code hosts/NAME}. */
    SimControl followPattern(String name) {
        files.put(name, new TreeMap<>());
        followed.add(new Followed(name, POLL, false, owner -> isOfPattern(name, owner)));
        return this;
    }

    private static boolean isOfPattern(String source, SourceId owner) {
        return owner.location().equals(id(source).location()) && owner.path().startsWith("hosts/");
    }

    /** A file of such a source is so from now on; without deployments it is not valid. */
    void pushFile(String source, String file, String commit, Desired... deployments) {
        SourceId own = new SourceId(id(source).location(), "hosts/" + file);
        Origin origin = new Origin(own, Optional.of(commit), false, Optional.empty(), Optional.empty());
        List<Desired> all = new ArrayList<>();
        for (Desired desired : deployments) {
            all.add(desired.from(origin));
        }
        Map<String, Declared> now = files.get(source);
        now.put(file, new Declared(own, commit, all, true));
        now.replaceAll((name, known) -> new Declared(known.id(), commit, known.deployments(), true));
    }

    private Optional<SourceParts> parts(String source) {
        Map<String, Declared> now = files.get(source);
        if (now == null) {
            return Optional.empty();
        }
        reads++;
        if (hostDown) {
            throw new Failure(Kind.UNREACHABLE, "cannot reach the Git host");
        }
        List<Followed> all = new ArrayList<>();
        SortedMap<String, String> commits = new TreeMap<>();
        now.forEach((file, known) -> {
            String name = source + ":" + file;
            all.add(new Followed(name, POLL, false, owner -> isOfPattern(source, owner), Optional.of(source)));
            commits.put(name, known.commit());
        });
        return Optional.of(new SourceParts(
                all,
                commits,
                (owner, name) -> isOfPattern(source, owner)
                        && now.values().stream().noneMatch(known -> known.id().equals(owner)),
                "hosts/*"));
    }

    private SourceReader reader() {
        if (otherReader != null) {
            return otherReader;
        }
        return new SourceReader() {
            @Override
            public Declared read(String source) {
                return SimControl.this.read(source);
            }

            @Override
            public Optional<SourceParts> parts(String source) {
                return SimControl.this.parts(source);
            }
        };
    }

    private Declared read(String source) {
        int colon = source.indexOf(':');
        if (colon >= 0) {
            Declared part = files.get(source.substring(0, colon)).get(source.substring(colon + 1));
            if (part == null || part.deployments().isEmpty()) {
                throw new Failure(Kind.INVALID, source + " is not valid");
            }
            return part;
        }
        reads++;
        Declared found = remote.get(source);
        if (hostDown || found == null) {
            throw new Failure(Kind.UNREACHABLE, "cannot reach the Git host");
        }
        return found;
    }

    /** A controller of a process. */
    Controller controller(SimSite.Process process) {
        return controller(process, false, List.of());
    }

    Controller controller(SimSite.Process process, boolean report, List<Door> doors) {
        return controller(process.installation, "controller@" + process.name, report, doors);
    }

    Controller controller(Installation installation, String who, boolean report, List<Door> doors) {
        return new Controller(new Controller.Setup(
                installation,
                this::followed,
                reader(),
                report,
                who,
                doors,
                new Random(seed),
                Pace.USUAL,
                HealthPolicy.USUAL,
                () -> Optional.ofNullable(configuration.poll())));
    }

    private List<Followed> followed() {
        if (unreadable) {
            throw new Failure(Kind.UNAVAILABLE, "cannot read /srv/repositories: permission denied");
        }
        return List.copyOf(followed);
    }

    /** Lets time pass, with these controllers. */
    void pass(Duration time, Controller... controllers) {
        Instant end = site.clock.instant().plus(time);
        while (site.clock.instant().isBefore(end)) {
            Duration left = Duration.between(site.clock.instant(), end);
            for (Controller controller : controllers) {
                Duration pause = controller.step();
                left = pause.compareTo(left) < 0 ? pause : left;
            }
            site.clock.advance(left.compareTo(Duration.ofMillis(5)) < 0 ? Duration.ofMillis(5) : left);
        }
    }

    static Desired shop(String tag, int scale) {
        return deployment("shop", tag, scale);
    }

    static Desired deployment(String name, String tag, int scale) {
        return SimSite.desired(
                name,
                Map.of(
                        "web",
                        Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", Map.of("http", "/up")),
                        "redis",
                        Map.of("image", "redis:1", "ports", Map.of("", 6379L))),
                Map.of("web", scale));
    }

    List<String> running() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(Container::name)
                .sorted()
                .toList();
    }

    Standing standing(Standing.Subject subject, String name) {
        return site.store.connect("status").standings().stream()
                .filter(standing ->
                        standing.subject() == subject && standing.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
