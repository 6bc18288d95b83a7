package org.portolan.controller;

import java.util.Optional;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;

/** A deployment that its source declares and another one deployed: whatever the files say of it, taking it over needs consent. */
final class OtherOwner {
    private OtherOwner() {}

    /** Whether what is declared belongs to another source now. */
    static boolean has(Optional<DeploymentState> state, Desired declared) {
        return state.map(DeploymentState::owner)
                .filter(owner -> !owner.equals(declared.origin().source()) && !owner.equals(SourceId.HAND))
                .isPresent();
    }
}
