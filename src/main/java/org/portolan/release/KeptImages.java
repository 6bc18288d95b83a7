package org.portolan.release;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Image;
import org.portolan.model.service.Desired;
import org.portolan.model.service.ImageContent;
import org.portolan.plan.ImageIdentity;

/** Checks, before anything is changed, whether the images of kept versions are on the engine or can be pulled again. */
public final class KeptImages {
    private KeptImages() {}

    /**
     * What must be fetched for the kept versions that are to run: service to {@code name@sha256:…}.
     *
     * @param present what the references stand for today
     * @param stopped services that are to have no instance
     * @throws Failure when an image is gone for good (exit 1)
     */
    public static Map<String, String> missing(
            Engine engine, Desired desired, Map<String, Optional<Image>> present, Set<String> stopped) {
        Map<String, String> missing = new TreeMap<>();
        desired.services().forEach((name, service) -> {
            Optional<ImageContent> content = ImageContent.of(service.definition());
            if (content.isPresent() && service.scale() > 0 && !stopped.contains(name)) {
                String reference = Snapshot.reference(name, service.definition());
                boolean there = present.getOrDefault(reference, Optional.empty())
                                .filter(image -> ImageIdentity.names(reference, image, content.get()))
                                .isPresent()
                        || find(engine, reference, content.get()).isPresent();
                if (!there) {
                    missing.put(name, source(engine, desired.name(), name, reference, content.get()));
                }
            }
        });
        return missing;
    }

    /** The image that a version recorded: by its digest in the reference's repository, else by its local id. */
    static Optional<Image> find(Engine engine, String reference, ImageContent content) {
        return content.pinned(reference).flatMap(engine::image).or(() -> engine.image(content.value()));
    }

    private static String source(
            Engine engine, String deployment, String service, String reference, ImageContent content) {
        Optional<String> pinned = content.pinned(reference);
        // What may be an id of the engine's is asked for, not pulled.
        boolean known = content.kind() == ImageContent.Kind.DIGEST
                || pinned.filter(engine::offered).isPresent();
        if (pinned.isPresent() && known) {
            return pinned.get();
        }
        String why = content.kind() == ImageContent.Kind.ID
                ? "it was built locally and never pushed"
                : "no reachable registry has it";
        throw new Failure(
                        Kind.FAILED,
                        "service " + service + ": the image " + reference + " of the kept version (" + content.value()
                                + ") is no longer on the engine: " + why)
                .withRemedy(
                        Remedy.of("rebuild it from the commit and deploy that, restore it with `docker load`, or choose"
                                        + " another release: ")
                                .and(Call.on(deployment, Verb.HISTORY))
                                .and(" shows them; nothing was changed"));
    }
}
