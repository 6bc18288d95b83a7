package org.portolan.plan;

import java.util.List;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.CheckRequest;
import org.portolan.model.service.Domain;

/**
 * Decides which {@code Host} the HTTP checks of a version send where its definition names none. A version keeps it for
 * ever, in the store and in its containers' labels: a domain that comes later changes no check of what runs. It is not part
 * of the definition, since domains do not make versions.
 */
final class CheckHosts {
    private final PlanInput input;
    private final DeploymentInventory inventory;
    private final List<Domain> domains;

    CheckHosts(PlanInput input, DeploymentInventory inventory, List<Domain> domains) {
        this.input = input;
        this.inventory = inventory;
        this.domains = domains;
    }

    String of(String service, Versions.Decided version) {
        return version.fresh() ? ofNew(service) : ofKept(service, version.version());
    }

    /** The service's first exact domain; without one, what every server knows itself by. */
    private String ofNew(String service) {
        for (Domain domain : domains) {
            boolean exact = domain.host().indexOf('*') < 0;
            boolean leadsHere = domain.routes().values().stream()
                    .flatMap(route -> route.targets().stream())
                    .anyMatch(
                            target -> target.deployment().equals(input.desired().name())
                                    && target.service().equals(service));
            if (exact && leadsHere) {
                return domain.host();
            }
        }
        return CheckRequest.LOCALHOST;
    }

    private String ofKept(String service, int version) {
        String kept =
                input.state().map(state -> state.checkHost(service, version)).orElse("");
        if (!kept.isEmpty()) {
            return kept;
        }
        for (DeploymentInventory.Seen seen : inventory.own(service, version)) {
            String label = seen.container().label(Labels.CHECK_HOST);
            if (!label.isEmpty()) {
                return label;
            }
        }
        return CheckRequest.LOCALHOST;
    }
}
