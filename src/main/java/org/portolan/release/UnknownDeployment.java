package org.portolan.release;

import java.util.Collection;
import java.util.List;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;

/** A deployment that is not there, or not for whoever asks: both read the same, wherever it is found. */
public final class UnknownDeployment {
    private UnknownDeployment() {}

    /** There is none of that name. */
    public static Failure named(String name) {
        return new Failure(Kind.NOT_FOUND, "unknown deployment '" + name + "'")
                .withRemedy(Remedy.of("list them with ")
                        .and(Call.of(Verb.LIST))
                        .and("; if the store lost it, deploy its files again"));
    }

    /**
     * There is none of that name.
     *
     * @param known those that whoever asks may know of
     */
    public static Failure among(Collection<String> known, String name) {
        Failure unknown = named(name);
        return Nearest.of(name, List.copyOf(known))
                .map(nearest -> unknown.withHint("did you mean '" + nearest + "'?"))
                .orElse(unknown);
    }
}
