package org.portolan.release;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.service.Definition;
import org.portolan.model.state.DeploymentState;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.Store;

/**
 * Definitions of kept versions: those that were read ahead, of several deployments at once, and all others by asking the
 * store for them.
 */
public final class KeptVersions {
    private final Store store;
    private final Map<String, Set<VersionId>> asked;
    private final Map<String, Map<VersionId, Definition>> found;

    private KeptVersions(
            Store store, Map<String, Set<VersionId>> asked, Map<String, Map<VersionId, Definition>> found) {
        this.store = store;
        this.asked = asked;
        this.found = found;
    }

    /** Reads those of the versions in place, of some deployments. */
    public static KeptVersions inPlace(Store store, Map<String, DeploymentState> states, Set<String> deployments) {
        Map<String, Set<VersionId>> asked = new HashMap<>();
        for (String deployment : deployments) {
            DeploymentState state = states.get(deployment);
            if (state != null && !state.services().isEmpty()) {
                asked.put(deployment, inPlace(state));
            }
        }
        return new KeptVersions(store, asked, asked.isEmpty() ? Map.of() : store.definitions(asked));
    }

    /** The versions that a deployment's last good release placed. */
    static Set<VersionId> inPlace(DeploymentState state) {
        Set<VersionId> versions = new HashSet<>();
        state.services().forEach((service, placed) -> versions.add(VersionId.of(service, placed)));
        return versions;
    }

    /**
     * One version's, that of the version in place with the content of files that its instances are to have loaded; empty when
     * the store does not have it or cannot read it.
     */
    public Optional<Definition> definition(String deployment, String service, int version) {
        for (VersionId id : asked.getOrDefault(deployment, Set.of())) {
            if (id.number() == version && id.service().equals(service)) {
                return Optional.ofNullable(
                        found.getOrDefault(deployment, Map.of()).get(id));
            }
        }
        return store.definition(deployment, service, version);
    }

    /** Those of several versions that the store has and can read. */
    Map<VersionId, Definition> definitions(String deployment, Collection<VersionId> versions) {
        Map<VersionId, Definition> known = found.getOrDefault(deployment, Map.of());
        Map<VersionId, Definition> all = new HashMap<>();
        List<VersionId> others = new ArrayList<>();
        for (VersionId version : versions) {
            Definition definition = known.get(version);
            if (definition != null) {
                all.put(version, definition);
            } else if (!asked.getOrDefault(deployment, Set.of()).contains(version)) {
                others.add(version);
            }
        }
        if (!others.isEmpty()) {
            all.putAll(store.definitions(deployment, others));
        }
        return all;
    }
}
