package org.portolan.release;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.portolan.model.Failure;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Secrets;

/** Gathers the secrets that come up while something is asked for, so that no output holds one. */
public final class KnownSecrets {
    private final Installation installation;

    public KnownSecrets(Installation installation) {
        this.installation = installation;
    }

    /** What is thrown on the way tells no known secret. */
    public <T> T during(Supplier<T> work) {
        try {
            return work.get();
        } catch (Failure failure) {
            throw installation.secrets().mask(failure);
        }
    }

    /** Those of what is wanted and of what is served. */
    public void learn(Desired desired, Optional<RouteSet> applied) {
        Secrets secrets = installation.secrets();
        secrets.keep(List.of(desired.name()));
        secrets.keep(desired.services().keySet());
        desired.services().values().forEach(service -> secrets.add(service.definition()));
        desired.domains().forEach(secrets::add);
        applied.ifPresent(part -> part.domains().forEach(secrets::add));
    }

    /** A kept version's definition; its secrets are known from then on. */
    public Optional<Definition> kept(Optional<Definition> definition) {
        definition.ifPresent(installation.secrets()::add);
        return definition;
    }
}
