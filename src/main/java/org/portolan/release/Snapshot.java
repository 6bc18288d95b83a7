package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.EngineException;
import org.portolan.model.container.Image;
import org.portolan.model.container.Observation;
import org.portolan.model.routing.ProxyObservation;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * What store, engine and proxies hold before a plan is made, seen at one moment. One look serves every deployment that it was
 * made for.
 *
 * @param states every deployment that the store knows
 * @param kept definitions of the versions in place of the deployments that it was made for
 * @param images the desired references, with the image that is present
 * @param sight the proxies
 * @param holder who changes the deployment now, for people; looked up only for a plan that nobody acts on
 * @param free the deployments that it was made for whose locks nobody held when the look began, each with the last holder's
 *     token ({@link Store#free}); none for a look under a lock
 * @param began when the look began
 */
public record Snapshot(
        Map<String, DeploymentState> states,
        KeptVersions kept,
        Observation observation,
        SortedMap<String, Optional<Image>> images,
        ProxyObservation sight,
        Optional<String> holder,
        Map<String, Long> free,
        Instant began) {
    /** What is older is looked at again, whoever held the lock: containers and proxies change without any. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    /** So many threads ask for images at the same time; each asks for its share. */
    private static final int ASKING = 8;

    public Snapshot heldBy(Optional<String> who) {
        return new Snapshot(states, kept, observation, images, sight, who, free, began);
    }

    public Snapshot with(Observation looked) {
        return new Snapshot(states, kept, looked, images, sight, holder, free, began);
    }

    /**
     * Whether it is what a look under a deployment's lock would show: it is fresh, the store says the same of every deployment
     * (each of the others has a separate lock), and nobody held the lock since before the look began.
     */
    public boolean holdsUnder(Lease lease, Installation installation) {
        Duration age = Duration.between(began, installation.clock().instant());
        Long last = free.get(lease.name());
        return last != null
                && last == lease.previous()
                && !age.isNegative()
                && age.compareTo(FRESH) < 0
                && same(states, installation.store().deployments());
    }

    /** Equal, and mostly the very same: to compare records costs each JVM code that no archive has (ADR 38). */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Map<String, DeploymentState> before, Map<String, DeploymentState> now) {
        if (!before.keySet().equals(now.keySet())) {
            return false;
        }
        for (String name : now.keySet()) {
            DeploymentState known = before.get(name);
            DeploymentState found = now.get(name);
            if (known != found && !java.util.Objects.equals(known, found)) {
                return false;
            }
        }
        return true;
    }

    /** Under a deployment's lock: asks store, engine and proxies, side by side. */
    public static Snapshot of(Installation installation, Desired desired) {
        return of(
                installation,
                List.of(desired),
                Map.of(),
                reference -> Optional.of(installation.engine().image(reference)));
    }

    /** Before any lock, for several deployments; an image that cannot be looked up is left out. */
    public static Snapshot shared(Installation installation, Collection<Desired> desired) {
        // Before anything else: what is seen afterwards is seen without anybody who holds the lock.
        Map<String, Long> free = installation.store().free(names(desired));
        return of(installation, desired, free, reference -> {
            try {
                return Optional.of(installation.engine().image(reference));
            } catch (EngineException refused) {
                return Optional.empty();
            }
        });
    }

    private static Snapshot of(
            Installation installation,
            Collection<Desired> desired,
            Map<String, Long> free,
            Function<String, Optional<Optional<Image>>> lookUp) {
        Set<String> names = names(desired);
        List<String> references = List.copyOf(references(desired));
        Instant began = installation.clock().instant();
        Gathering gathering = new Gathering(installation.tasks().get());
        Supplier<Stored> stored = gathering.ask(() -> Stored.of(installation, names));
        Supplier<Observation> observation =
                gathering.ask(() -> installation.engine().observe());
        Supplier<ProxyObservation> sight =
                gathering.ask(() -> installation.proxy().look(names));
        List<Supplier<Map<String, Optional<Image>>>> images = new ArrayList<>();
        int share = Math.ceilDiv(references.size(), ASKING);
        for (int from = 0; from < references.size(); from += share) {
            List<String> some = references.subList(from, Math.min(references.size(), from + share));
            images.add(gathering.ask(() -> images(lookUp, some)));
        }
        gathering.await();
        SortedMap<String, Optional<Image>> found = new TreeMap<>();
        images.forEach(some -> found.putAll(some.get()));
        return new Snapshot(
                stored.get().states(),
                stored.get().kept(),
                observation.get(),
                found,
                sight.get(),
                Optional.empty(),
                free,
                began);
    }

    private static Set<String> names(Collection<Desired> desired) {
        return desired.stream().map(Desired::name).collect(Collectors.toSet());
    }

    /** What the store tells in two questions. */
    private record Stored(Map<String, DeploymentState> states, KeptVersions kept) {
        static Stored of(Installation installation, Set<String> names) {
            Map<String, DeploymentState> states = installation.store().deployments();
            return new Stored(states, KeptVersions.inPlace(installation.store(), states, names));
        }
    }

    private static Map<String, Optional<Image>> images(
            Function<String, Optional<Optional<Image>>> lookUp, List<String> references) {
        Map<String, Optional<Image>> found = new TreeMap<>();
        for (String reference : references) {
            lookUp.apply(reference).ifPresent(image -> found.put(reference, image));
        }
        return found;
    }

    /** The references of the images that deployments name. */
    public static SortedSet<String> references(Collection<Desired> desired) {
        SortedSet<String> references = new TreeSet<>();
        for (Desired deployment : desired) {
            deployment.services().forEach((name, service) -> references.add(reference(name, service.definition())));
        }
        return references;
    }

    /** The image that a service names: its own name when it names none. */
    static String reference(String service, Definition definition) {
        Object image = definition.get("image");
        return image == null ? service : Definition.text(image);
    }

    /** Asks several things at the same time and waits for all; the first failure is thrown. */
    private static final class Gathering {
        private final Tasks tasks;
        private final AtomicInteger open = new AtomicInteger();
        private final List<AtomicReference<@Nullable Throwable>> failures = new ArrayList<>();

        Gathering(Tasks tasks) {
            this.tasks = tasks;
        }

        <T> Supplier<T> ask(Supplier<T> question) {
            AtomicReference<@Nullable T> answer = new AtomicReference<>();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            failures.add(failure);
            open.incrementAndGet();
            tasks.submit(() -> {
                try {
                    answer.set(question.get());
                } catch (RuntimeException | Error problem) {
                    failure.set(problem);
                } finally {
                    open.decrementAndGet();
                }
            });
            return () -> java.util.Objects.requireNonNull(answer.get());
        }

        void await() {
            while (open.get() > 0) {
                tasks.await(Duration.ofMillis(100));
            }
            for (AtomicReference<@Nullable Throwable> failure : failures) {
                Throwable thrown = failure.get();
                if (thrown instanceof RuntimeException problem) {
                    throw problem;
                }
                if (thrown instanceof Error error) {
                    throw error;
                }
            }
        }
    }
}
