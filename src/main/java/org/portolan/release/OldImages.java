package org.portolan.release;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.container.Image;
import org.portolan.model.event.ResourceEvent.ImageRemoved;
import org.portolan.model.event.ResourceEvent.ImagesKept;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ImageContent;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.ImageIdentity;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.Store;

/**
 * The images of versions that are forgotten. They go when nothing needs them any more; docs/adr/0007 says what that means
 * and why. Looked up before the versions are forgotten, removed afterwards.
 */
final class OldImages {
    private final Installation installation;
    private final String deployment;
    private final Set<Used> candidates;

    /**
     * What a version says of its image.
     *
     * @param reference as written in the file
     * @param content the digest in its registry, or the engine's own id
     */
    private record Used(String reference, ImageContent content) {}

    private OldImages(Installation installation, String deployment, Set<Used> candidates) {
        this.installation = installation;
        this.deployment = deployment;
        this.candidates = candidates;
    }

    /**
     * Those of versions that are about to be forgotten; none where cleaning is switched off.
     *
     * @param goal what the deployment has from then on: its images stay, whoever else needs them
     * @param definitions those of the forgotten versions, as far as they are known
     */
    static OldImages of(
            Installation installation,
            DesiredRelease goal,
            List<VersionId> forgotten,
            Map<VersionId, Definition> definitions) {
        Set<Used> candidates = new LinkedHashSet<>();
        if (installation.settings().cleanImages()) {
            for (VersionId version : forgotten) {
                Optional.ofNullable(definitions.get(version))
                        .flatMap(definition -> used(version.service(), definition))
                        .ifPresent(candidates::add);
            }
            // Mostly only other things changed: then nothing is to be looked up.
            Set<String> inPlace = new HashSet<>();
            goal.services().forEach((name, service) -> ImageContent.of(service.definition())
                    .ifPresent(content -> inPlace.add(content.value())));
            candidates.removeIf(
                    candidate -> inPlace.contains(candidate.content().value()));
        }
        return new OldImages(installation, goal.deployment(), candidates);
    }

    private static Optional<Used> used(String service, Definition definition) {
        return ImageContent.of(definition).map(content -> new Used(Snapshot.reference(service, definition), content));
    }

    /** Removes those that nothing needs. A problem is reported and does not fail the release. */
    void clean() {
        if (candidates.isEmpty()) {
            return;
        }
        try {
            Set<String> kept = kept();
            for (Used candidate : candidates) {
                if (!kept.contains(candidate.content().value())) {
                    KeptImages.find(installation.engine(), candidate.reference(), candidate.content())
                            .ifPresent(image -> remove(candidate, image, kept));
                }
            }
        } catch (Failure problem) {
            installation.publish(deployment, new ImagesKept(problem.what()));
        }
    }

    /** The contents that kept versions of any deployment name, and the references of those that name none. */
    private Set<String> kept() {
        Store store = installation.store();
        Map<String, Set<VersionId>> versions = new TreeMap<>();
        for (DeploymentState state : store.deployments().values()) {
            Set<VersionId> own = new HashSet<>();
            state.versions()
                    .forEach((service, refs) -> refs.forEach(ref -> own.add(new VersionId(service, ref.number()))));
            versions.put(state.name(), own);
        }
        Set<String> kept = new HashSet<>();
        for (Map<VersionId, Definition> definitions :
                store.definitions(versions).values()) {
            definitions.forEach((version, definition) -> kept.add(used(version.service(), definition)
                    .map(used -> used.content().value())
                    .orElseGet(() -> Snapshot.reference(version.service(), definition))));
        }
        return kept;
    }

    private void remove(Used candidate, Image image, Set<String> kept) {
        if (kept.contains(candidate.reference())
                || ImageIdentity.of(candidate.reference(), image).stream()
                        .anyMatch(name -> kept.contains(name.value()))) {
            return;
        }
        boolean otherName = !image.tags().isEmpty() && !image.tags().equals(List.of(tagged(candidate.reference())));
        boolean onlyHere = image.digests().isEmpty() && !image.tags().isEmpty();
        if (!otherName && !onlyHere && installation.engine().removeImage(image.id())) {
            installation.publish(deployment, new ImageRemoved(candidate.reference()));
        }
    }

    /** A reference as the engine writes it in an image's list of names. */
    static String tagged(String reference) {
        int at = reference.indexOf('@');
        String name = at < 0 ? reference : reference.substring(0, at);
        for (String prefix : List.of("index.docker.io/", "docker.io/", "library/")) {
            name = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        }
        boolean tag = name.lastIndexOf(':') > name.lastIndexOf('/');
        return tag || at >= 0 ? name : name + ":latest";
    }
}
