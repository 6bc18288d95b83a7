package org.portolan.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.portolan.model.Problem;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.servicefile.Loaded;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.Located;

/** Where a Servicefile was found, and what it says. */
public final class LoadedSource {
    private final SourceRequest request;
    private final Located located;
    private final Loaded loaded;
    private final Function<Located, Loaded> reader;
    private final Macros macros;

    /**
     * What was read.
     *
     * @param reader reads one that was found, in the same way
     * @param macros what it fills in
     */
    LoadedSource(
            SourceRequest request, Located located, Loaded loaded, Function<Located, Loaded> reader, Macros macros) {
        this.request = request;
        this.located = located;
        this.loaded = loaded;
        this.reader = reader;
        this.macros = macros;
    }

    public SourceRequest request() {
        return request;
    }

    public Located located() {
        return located;
    }

    /** Reads what was found there in the same way, for whoever wants to know what that takes. */
    public Loaded readAgain(Located other) {
        return reader.apply(other);
    }

    /** What {@code %%NAME%%} stood for, of those that the files hold; some of it may be secret. */
    public SortedMap<String, Macros.Fill> filledIn() {
        return macros.used();
    }

    /** Whose what it declares is. */
    public SourceId source() {
        return located.source();
    }

    /** The commit that was read; "" without Git. */
    public String commit() {
        return located.origin().commit().orElse("");
    }

    /** The Servicefile as people know it. */
    public String shown() {
        return located.tree().shown(located.path());
    }

    public List<Problem> warnings() {
        return loaded.warnings();
    }

    public List<Desired> deployments() {
        return loaded.deployments();
    }

    /** The same read again; empty when nothing moved since. */
    Optional<LoadedSource> moved() {
        return located.moved().map(there -> new LoadedSource(request, there, reader.apply(there), reader, macros));
    }

    /** Whether the file names all the deployments of its source: rollouts, not one deployment's services. */
    public boolean complete() {
        return request.deployment().isEmpty()
                && loaded.deployments().stream()
                        .anyMatch(desired -> !desired.template().isEmpty());
    }

    /** The deployments with the commit that they come from, which is looked up after every file was read. */
    public List<Desired> withOrigin() {
        Origin origin = located.origin();
        List<Desired> deployments = new ArrayList<>();
        for (Desired desired : loaded.deployments()) {
            deployments.add(desired.from(origin));
        }
        return deployments;
    }
}
