package org.portolan.sync;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.source.Located;

/**
 * A source's files, read again whenever they are asked for; the caller is notified when they differ. While they and their commit are
 * what they were, the very same deployments come back.
 */
final class FreshFiles implements Supplier<List<Desired>> {
    private static final int SHORT_ID = 10;

    private final Consumer<String> moved;
    private LoadedSource read;
    private List<Desired> deployments;

    /**
     * Has what was read first.
     *
     * @param deployments what it declares, with its commit
     * @param moved gets what to say when the files say something else
     */
    FreshFiles(LoadedSource read, List<Desired> deployments, Consumer<String> moved) {
        this.read = read;
        this.deployments = deployments;
        this.moved = moved;
    }

    @Override
    public List<Desired> get() {
        Optional<LoadedSource> now = read.moved();
        if (now.isPresent()) {
            read = now.get();
            moved.accept(changed(read.located()));
        }
        Origin origin = read.located().origin();
        if (now.isPresent()
                || deployments.stream().anyMatch(one -> !one.origin().equals(origin))) {
            deployments = read.withOrigin();
        }
        return deployments;
    }

    private static String changed(Located located) {
        return located.origin()
                .commit()
                .filter(commit -> !located.origin().dirty())
                .map(commit -> "The source has changed: deploying its commit "
                        + commit.substring(0, Math.min(SHORT_ID, commit.length())))
                .orElse("The files have changed: deploying them as they are now");
    }
}
