package org.portolan.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Image;
import org.portolan.engine.Observation;
import org.portolan.model.Definition;
import org.portolan.model.Desired;
import org.portolan.rollout.Tasks;
import org.portolan.store.DeploymentState;

/**
 * What store and engine hold before a plan is made.
 *
 * @param states every deployment that the store knows
 * @param images the desired references, with the image that is present
 * @param holder who changes the deployment now, for people; looked up only for a plan that nobody acts on
 */
record Situation(
        Map<String, DeploymentState> states,
        Observation observation,
        SortedMap<String, Optional<Image>> images,
        Optional<String> holder) {

    Situation heldBy(Optional<String> who) {
        return new Situation(states, observation, images, who);
    }

    /** Asks store and engine, side by side. */
    static Situation of(Installation installation, Collection<Desired> desired) {
        TreeSet<String> references = new TreeSet<>();
        for (Desired deployment : desired) {
            deployment.services().forEach((name, service) -> references.add(reference(name, service.definition())));
        }
        Gathering gathering = new Gathering(installation.tasks().get());
        Supplier<Map<String, DeploymentState>> states =
                gathering.ask(() -> installation.store().deployments());
        Supplier<Observation> observation =
                gathering.ask(() -> installation.engine().observe());
        SortedMap<String, Supplier<Optional<Image>>> images = new TreeMap<>();
        for (String reference : references) {
            images.put(reference, gathering.ask(() -> installation.engine().image(reference)));
        }
        gathering.await();
        SortedMap<String, Optional<Image>> found = new TreeMap<>();
        images.forEach((reference, image) -> found.put(reference, image.get()));
        return new Situation(states.get(), observation.get(), found, Optional.empty());
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
        private final List<AtomicReference<@Nullable RuntimeException>> failures = new ArrayList<>();

        Gathering(Tasks tasks) {
            this.tasks = tasks;
        }

        <T> Supplier<T> ask(Supplier<T> question) {
            AtomicReference<@Nullable T> answer = new AtomicReference<>();
            AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
            failures.add(failure);
            open.incrementAndGet();
            tasks.submit(() -> {
                try {
                    answer.set(question.get());
                } catch (RuntimeException problem) {
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
            for (AtomicReference<@Nullable RuntimeException> failure : failures) {
                RuntimeException problem = failure.get();
                if (problem != null) {
                    throw problem;
                }
            }
        }
    }
}
