package org.portolan.query;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.release.UnknownDeployment;
import org.portolan.store.Store;

/** The kept releases of the deployments that the store knows. */
public final class ReleaseHistory implements Releases {
    private final Store store;
    private final Predicate<String> shown;

    private ReleaseHistory(Store store, Predicate<String> shown) {
        this.store = store;
        this.shown = shown;
    }

    /** Empty when the store was never used. */
    public static Optional<ReleaseHistory> of(Viewed viewed) {
        return of(viewed, name -> true);
    }

    /** The same of these deployments; no other exists for whoever asks, and no message names one. */
    public static Optional<ReleaseHistory> of(Viewed viewed, Predicate<String> shown) {
        return viewed.storeIfAny().map(store -> new ReleaseHistory(store, shown));
    }

    @Override
    public List<String> deployments(Optional<String> asked) {
        List<String> known =
                store.deployments().keySet().stream().filter(shown).sorted().toList();
        if (asked.isPresent() && !known.contains(asked.get())) {
            throw UnknownDeployment.among(known, asked.get());
        }
        return asked.map(List::of).orElse(known);
    }

    @Override
    public List<ReleaseSummary> releases(String deployment, int most) {
        return store.releases(deployment, most).stream()
                .map(release -> ReleaseSummary.of(release, held(deployment)))
                .toList();
    }

    @Override
    public ReleaseSummary release(String deployment, int number) {
        return store.release(deployment, number)
                .map(release -> ReleaseSummary.of(release, held(deployment)))
                .orElseThrow(() -> new Failure(Kind.NOT_FOUND, deployment + " has no release " + number)
                        .withRemedy(Remedy.of(Call.on(deployment, Verb.HISTORY)).and(" shows the kept ones")));
    }

    private BooleanSupplier held(String deployment) {
        return () -> store.holder(deployment).isPresent();
    }
}
