package org.portolan.deploy;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.portolan.model.Definition;
import org.portolan.model.Desired;
import org.portolan.model.Failure;
import org.portolan.model.Secrets;
import org.portolan.proxy.DeploymentRoutes;

/** Gathers the secrets that come up while something is asked for, so that nothing that is told holds one. */
final class KnownSecrets {
    private final Installation installation;

    KnownSecrets(Installation installation) {
        this.installation = installation;
    }

    /** What is thrown on the way tells no known secret. */
    <T> T during(Supplier<T> work) {
        try {
            return work.get();
        } catch (Failure failure) {
            throw installation.secrets().mask(failure);
        }
    }

    /** Those of what is wanted and of what is served. */
    void learn(Desired desired, Optional<DeploymentRoutes> applied) {
        Secrets secrets = installation.secrets();
        secrets.keep(List.of(desired.name()));
        secrets.keep(desired.services().keySet());
        desired.services().values().forEach(service -> secrets.add(service.definition()));
        desired.domains().forEach(secrets::add);
        applied.ifPresent(part -> part.domains().forEach(secrets::add));
    }

    /** A kept version's definition; its secrets are known from then on. */
    Optional<Definition> kept(Optional<Definition> definition) {
        definition.ifPresent(installation.secrets()::add);
        return definition;
    }
}
