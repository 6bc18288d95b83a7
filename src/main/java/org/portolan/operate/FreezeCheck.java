package org.portolan.operate;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.portolan.model.FreezeWindow;
import org.portolan.model.Frozen;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.release.Installation;

/**
 * Whether something new may be deployed now. What people need to keep things running (scale, stop, rollback) and what is repaired is no
 * part of that.
 */
final class FreezeCheck {
    private final Installation installation;

    FreezeCheck(Installation installation) {
        this.installation = installation;
    }

    /** @throws Frozen while a window is open that the mandate does not override */
    void require(Request.ByRelease request) {
        if (request instanceof Request.Apply || request instanceof Request.SetService) {
            require(List.of(request.deployment()), request.mandate());
        }
    }

    /** The same for all of several deployments. */
    void require(Collection<String> deployments, Mandate mandate) {
        if (mandate.agreed().named().contains(Agreement.IN_FREEZE)) {
            return;
        }
        for (String deployment : deployments) {
            Optional<FreezeWindow.Open> open = open(deployment);
            if (open.isPresent()) {
                throw new Frozen(
                                deployment + " is " + open.get().words(),
                                open.get().until())
                        .withHint(
                                mandate.caller() instanceof Caller.Hook
                                        ? "nothing was changed; a controller that follows the source deploys it when the window ends"
                                        : "nothing was changed; to deploy all the same, say why: --override-freeze REASON");
            }
        }
    }

    /** What a plan says of it. */
    List<Problem> warnings(Request.ByRelease request) {
        return request instanceof Request.Apply || request instanceof Request.SetService
                ? open(request.deployment()).stream()
                        .map(open -> Problem.warning(
                                Position.of(request.deployment()), request.deployment() + " is " + open.words()))
                        .toList()
                : List.of();
    }

    private Optional<FreezeWindow.Open> open(String deployment) {
        List<FreezeWindow> all = installation.settings().freezes();
        return all.isEmpty()
                ? Optional.empty()
                : FreezeWindow.of(all, deployment, installation.clock().instant());
    }
}
