package org.portolan.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.JobContainer;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ImageContent;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.DeploymentState.VersionRef;
import org.portolan.model.state.Release;

/** Decides which version a definition is (DESIGN.md section 5). */
final class Versions {
    static final String IMAGE_ID = "image_id";

    private final PlanInput input;
    private final DeploymentInventory inventory;

    Versions(PlanInput input, DeploymentInventory inventory) {
        this.input = input;
        this.inventory = inventory;
    }

    /**
     * A decision.
     *
     * @param current the version in place; 0 when the service is new
     */
    record Decided(int current, int version, boolean fresh, String hash, Definition definition) {}

    /** The version in place: the last good release's; without a state the newest that runs. 0: none. */
    int current(String service) {
        Release.Placed placed = placed(service);
        if (placed != null) {
            return placed.version();
        }
        int newest = 0;
        int running = 0;
        for (DeploymentInventory.Seen seen : inventory.of(service)) {
            newest = Math.max(newest, seen.id().version());
            if (seen.running()) {
                running = Math.max(running, seen.id().version());
            }
        }
        return running > 0 ? running : newest;
    }

    Release.@Nullable Placed placed(String service) {
        return input.state()
                .map(DeploymentState::services)
                .map(services -> services.get(service))
                .orElse(null);
    }

    Decided decide(String service, Definition written) {
        int current = current(service);
        if (written.recalled()) {
            // What the containers of the version in place show is that version.
            return new Decided(current, current, false, hashOf(service, current), written);
        }
        boolean makeNew = input.options().basis().force() || holdsAdopted(service);
        List<ImageContent> identities = identities(service, written);
        if (identities.isEmpty()) {
            return withoutImage(service, current, written, makeNew);
        }
        Decided first = null;
        for (ImageContent identity : identities) {
            Definition definition = identity.recordedIn(written);
            String hash = definition.hash();
            int number = makeNew ? 0 : find(service, definition, hash, current);
            if (number > 0) {
                return new Decided(current, number, false, hash, definition);
            }
            first = first == null ? new Decided(current, next(service), true, hash, definition) : first;
        }
        Decided fresh = Objects.requireNonNull(first);
        return makeNew ? fresh : unlessRouting(service, fresh, identities);
    }

    /** What is known a version by: what the state says, else its containers' labels. */
    String hashOf(String service, int version) {
        String stored = stored(service, version);
        if (!stored.isEmpty()) {
            return stored;
        }
        List<DeploymentInventory.Seen> seen = inventory.own(service, version);
        return seen.isEmpty() ? "" : seen.getFirst().container().label(Labels.HASH);
    }

    /** What the state says of it; "" for nothing. */
    private String stored(String service, int version) {
        for (VersionRef ref : refs(service)) {
            if (ref.number() == version) {
                return ref.hash();
            }
        }
        return "";
    }

    /** The content is not known: the version in place holds if nothing else changed, else the image is fetched first. */
    private Decided withoutImage(String service, int current, Definition written, boolean makeNew) {
        if (current > 0 && !makeNew) {
            Optional<Definition> kept = input.kept().definition(service, current);
            if (kept.isPresent() && same(kept.get().with(IMAGE_ID, null), written)) {
                Definition routed = LiveFiles.from(kept.get(), written)
                        .with(Definition.WAN_MAP, written.get(Definition.WAN_MAP))
                        .with(Definition.MAX_CONNECTIONS, written.get(Definition.MAX_CONNECTIONS));
                return new Decided(current, current, false, routed.hash(), routed);
            }
        }
        String hash = written.hash();
        int number = makeNew ? 0 : find(service, written, hash, current);
        if (number > 0) {
            return new Decided(current, number, false, hash, written);
        }
        Decided fresh = new Decided(current, next(service), true, hash, written);
        return makeNew ? fresh : unlessRouting(service, fresh, List.of());
    }

    /** The names of the image's content; empty when it is not known. */
    private List<ImageContent> identities(String service, Definition written) {
        Optional<ImageContent> recorded = ImageContent.of(written);
        if (recorded.isPresent()) {
            return List.of(recorded.get());
        }
        String reference = written.get("image") instanceof String image ? image : service;
        return input.images()
                .getOrDefault(reference, Optional.empty())
                .map(present -> ImageIdentity.of(reference, present))
                .orElse(List.of());
    }

    /** Whether both are one version, whatever they say of routing, and whichever Portolan wrote them. */
    private static boolean same(Definition one, Definition other) {
        return one.versioned().formerHash().equals(other.versioned().formerHash());
    }

    /**
     * The version with the definition's hash, or the one that an earlier Portolan gave to what the same file says: the one in
     * place if it has it, else the newest. 0: none.
     */
    private int find(String service, Definition definition, String hash, int current) {
        // So it is for what did not change, and the other hash need not be made.
        if (current > 0 && hash.equals(stored(service, current))) {
            return current;
        }
        Set<String> hashes = new HashSet<>(List.of(hash, definition.formerHash()));
        int found = 0;
        for (VersionRef ref : refs(service)) {
            if (hashes.contains(ref.hash())) {
                if (ref.number() == current) {
                    return current;
                }
                found = Math.max(found, ref.number());
            }
        }
        for (DeploymentInventory.Seen seen : inventory.of(service)) {
            if (!seen.adopted() && hashes.contains(seen.container().label(Labels.HASH))) {
                if (seen.id().version() == current) {
                    return current;
                }
                found = Math.max(found, seen.id().version());
            }
        }
        for (JobContainer job : inventory.jobs()) {
            if (job.service().equals(service) && hashes.contains(job.hash())) {
                found = Math.max(found, job.version());
            }
        }
        return found;
    }

    /**
     * A version that would be new, unless a kept one differs in routing only, which once was a part of hashes: that one
     * then, the one in place before others.
     */
    private Decided unlessRouting(String service, Decided fresh, List<ImageContent> identities) {
        Definition wanted = fresh.definition().with(IMAGE_ID, null);
        int found = 0;
        for (VersionRef ref : refs(service)) {
            Optional<Definition> kept = input.kept().definition(service, ref.number());
            boolean routed = kept.isPresent()
                    && kept.get().get(Definition.WAN_MAP) != null
                    && same(kept.get().with(IMAGE_ID, null), wanted)
                    && ImageContent.of(kept.get())
                            .map(content -> identities.stream()
                                    .anyMatch(name -> name.value().equals(content.value())))
                            .orElse(identities.isEmpty());
            if (routed) {
                found = ref.number();
                if (found == fresh.current()) {
                    break;
                }
            }
        }
        return found == 0 ? fresh : new Decided(fresh.current(), found, false, fresh.hash(), fresh.definition());
    }

    /** One more than any number that was ever seen for the service. */
    private int next(String service) {
        int last = input.state()
                .map(DeploymentState::lastVersion)
                .map(numbers -> numbers.getOrDefault(service, 0))
                .orElse(0);
        for (VersionRef ref : refs(service)) {
            last = Math.max(last, ref.number());
        }
        for (DeploymentInventory.Seen seen : inventory.of(service)) {
            last = Math.max(last, seen.id().version());
        }
        for (JobContainer job : inventory.jobs()) {
            last = job.service().equals(service) ? Math.max(last, job.version()) : last;
        }
        Release.Placed placed = placed(service);
        return Math.max(last, placed == null ? 0 : placed.version()) + 1;
    }

    private List<VersionRef> refs(String service) {
        return input.state()
                .map(DeploymentState::versions)
                .map(versions -> versions.get(service))
                .orElse(List.of());
    }

    private boolean holdsAdopted(String service) {
        for (DeploymentInventory.Seen seen : inventory.of(service)) {
            if (seen.adopted()) {
                return true;
            }
        }
        return false;
    }
}
