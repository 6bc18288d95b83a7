package org.portolan.release;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.DeploymentState.VersionRef;
import org.portolan.model.state.Release;
import org.portolan.store.Commit.VersionId;

/** Which versions are kept: those of the last good releases that a rollback may go to, and none that is in use goes. */
final class Retention {
    private final Installation installation;

    Retention(Installation installation) {
        this.installation = installation;
    }

    /**
     * What stays and what goes.
     *
     * @param versions the kept ones by service
     * @param forgotten those that go
     * @param contents of files that instances reload, which go while their version may stay
     */
    record Result(SortedMap<String, List<VersionRef>> versions, List<VersionId> forgotten, List<VersionId> contents) {
        /** All that the store forgets. */
        List<VersionId> all() {
            return Stream.concat(forgotten.stream(), contents.stream()).toList();
        }
    }

    /** The releases that decide it, newest first: none is added while the lock is held but the one in progress. */
    List<Release> history(String deployment) {
        return installation.store().releases(deployment, installation.settings().keepReleases() * 4);
    }

    /** @param history what {@link #history} gave */
    Result keep(DeploymentState state, List<Release> history, SortedMap<String, Release.Placed> current) {
        Set<VersionId> needed = new HashSet<>();
        Set<VersionId> seen = new HashSet<>();
        need(current, needed);
        int good = 0;
        for (Release old : history) {
            if (old.outcome() == Release.Outcome.DONE
                    && good < installation.settings().keepReleases()) {
                good++;
                need(old.services(), needed);
            }
            need(old.services(), seen);
        }
        SortedMap<String, List<VersionRef>> kept = new TreeMap<>();
        List<VersionId> forgotten = new ArrayList<>();
        state.versions().forEach((service, refs) -> {
            List<VersionRef> stay = new ArrayList<>();
            for (VersionRef ref : refs) {
                VersionId id = new VersionId(service, ref.number());
                boolean recent = ref.number()
                        > state.lastVersion().getOrDefault(service, 0)
                                - installation.settings().keepReleases();
                if (needed.contains(id) || recent) {
                    stay.add(ref);
                } else {
                    forgotten.add(id);
                }
            }
            if (!stay.isEmpty()) {
                kept.put(service, stay);
            }
        });
        seen.removeIf(id -> id.files().isEmpty() || needed.contains(id));
        return new Result(kept, forgotten, List.copyOf(seen));
    }

    /** The versions, and what their instances had loaded. */
    private static void need(Map<String, Release.Placed> services, Set<VersionId> needed) {
        services.forEach((service, placed) -> {
            needed.add(new VersionId(service, placed.version()));
            needed.add(VersionId.of(service, placed));
        });
    }
}
