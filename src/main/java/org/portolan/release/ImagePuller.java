package org.portolan.release;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Platform;
import org.portolan.model.Remedy;
import org.portolan.model.container.Image;
import org.portolan.model.event.ResourceEvent.ImageProgress;
import org.portolan.model.event.ResourceEvent.ImagePull;
import org.portolan.model.service.Desired;
import org.portolan.model.service.ImageContent;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease;

/** Makes sure that every image is on the engine before the first container is changed. */
public final class ImagePuller {
    private final Installation installation;

    public ImagePuller(Installation installation) {
        this.installation = installation;
    }

    /**
     * Fetches what is missing, or may have moved in its registry ({@code pull: always}). What a kept version used is
     * fetched by its digest when it is gone, whatever its tag means today.
     *
     * @param stopped services that are to have no instance
     * @return whether anything was fetched, so that the plan must be made again
     */
    public boolean fetch(Desired desired, SortedMap<String, Optional<Image>> present, Set<String> stopped) {
        SortedMap<String, ServiceSpec.Pull> wanted = new TreeMap<>();
        Map<String, Platform> platforms = new HashMap<>();
        Set<String> gone = new TreeSet<>();
        KeptImages.missing(installation.engine(), desired, present, stopped).forEach((name, pinned) -> {
            gone.add(pinned);
            platform(desired, name).ifPresent(platform -> platforms.putIfAbsent(pinned, platform));
        });
        desired.services().forEach((name, service) -> {
            if (ImageContent.of(service.definition()).isPresent()) {
                return;
            }
            ServiceSpec.Pull pull = ServiceSpec.from(name, service.definition()).pull();
            String reference = Snapshot.reference(name, service.definition());
            wanted.merge(reference, pull, ImagePuller::stronger);
            platform(desired, name).ifPresent(platform -> platforms.putIfAbsent(reference, platform));
        });
        gone.forEach(pinned -> pull(pinned, Optional.ofNullable(platforms.get(pinned)), desired.name()));
        boolean fetched = !gone.isEmpty();
        for (Map.Entry<String, ServiceSpec.Pull> entry : wanted.entrySet()) {
            boolean there =
                    present.getOrDefault(entry.getKey(), Optional.empty()).isPresent();
            boolean fetch =
                    switch (entry.getValue()) {
                        case ALWAYS -> true;
                        case MISSING -> !there;
                        case NEVER -> false;
                    };
            if (fetch) {
                pull(entry.getKey(), Optional.ofNullable(platforms.get(entry.getKey())), desired.name());
                fetched = true;
            } else if (!there) {
                throw new Failure(
                                Kind.REFUSED,
                                "image " + entry.getKey() + " is not on the engine and `pull: never` is set")
                        .withHint("load it with `docker load`, or set `pull: missing`");
            }
        }
        return fetched;
    }

    /** Whether an image may mean something else than what is present, so that it is looked up again at each deploy. */
    public static boolean mayHaveMoved(Desired desired) {
        for (Desired.DesiredService service : desired.services().values()) {
            boolean pinned = service.definition().get("image_id") != null;
            // The typed view is made only where the key is there: most services leave it out.
            boolean always = service.definition().get("pull") != null
                    && ServiceSpec.from(service.name(), service.definition()).pull() == ServiceSpec.Pull.ALWAYS;
            if (always && !pinned) {
                return true;
            }
        }
        return false;
    }

    private static ServiceSpec.Pull stronger(ServiceSpec.Pull one, ServiceSpec.Pull other) {
        return one == ServiceSpec.Pull.ALWAYS || other == ServiceSpec.Pull.NEVER ? one : other;
    }

    /** The first one that says it counts: the engine has one image of each name, and the plan refuses the others. */
    private static Optional<Platform> platform(Desired desired, String service) {
        Desired.DesiredService declared = desired.services().get(service);
        return declared == null || !(declared.definition().get(Platform.KEY) instanceof String text)
                ? Optional.empty()
                : Platform.parse(text);
    }

    private void pull(String reference, Optional<Platform> platform, String deployment) {
        installation.publish(deployment, new ImagePull(reference));
        try {
            Image image = installation
                    .engine()
                    .pull(reference, platform, line -> installation.publish(deployment, new ImageProgress(line)));
            requirePlatform(reference, platform, image);
        } catch (EngineException refused) {
            if (refused.reason() == EngineException.Reason.UNREACHABLE) {
                throw refused;
            }
            throw new Failure(Kind.FAILED, "image " + reference + " cannot be pulled: " + refused.what())
                    .withDetails(refused.details())
                    .withRemedy(refused.remedy()
                            .orElse(Remedy.of("check the name and tag, log in with `docker login`, or load it with"
                                    + " `docker load`; nothing was changed")))
                    .withCause(refused);
        }
    }

    /** An older registry has one platform alone, whatever was asked for. */
    private static void requirePlatform(String reference, Optional<Platform> wanted, Image image) {
        Optional<Platform> has = image.platform();
        if (wanted.isPresent() && has.isPresent() && !has.get().is(wanted.get())) {
            throw new Failure(
                            Kind.FAILED,
                            "the registry's image " + reference + " is for " + has.get() + ", not for " + wanted.get())
                    .withHint("push an image for " + wanted.get() + ", or change `platform`; nothing was changed");
        }
    }

    /** For each service a reference that the engine resolves to the very content of its version. */
    Map<String, String> references(DesiredRelease goal) {
        Map<String, String> references = new TreeMap<>();
        Map<List<Object>, String> known = new HashMap<>();
        for (DesiredRelease.ServiceGoal service : goal.services().values()) {
            String written = service.spec().image();
            references.put(
                    service.name(),
                    ImageContent.of(service.definition())
                            .map(content -> known.computeIfAbsent(
                                    List.of(written, content), key -> reference(written, content)))
                            .orElse(written));
        }
        return references;
    }

    private String reference(String written, ImageContent content) {
        Engine engine = installation.engine();
        Optional<Image> tagged = engine.image(written);
        if (tagged.isPresent() && content(tagged.get()).equals(content.value())) {
            return written;
        }
        return content.pinned(written)
                .filter(pinned -> engine.image(pinned).isPresent())
                .orElse(content.value());
    }

    /** What an image's content is known by: the digest of its registry, else its local id. */
    static String content(Image image) {
        for (String digest : image.digests()) {
            int at = digest.indexOf('@');
            if (at >= 0) {
                return digest.substring(at + 1);
            }
        }
        return image.id();
    }
}
