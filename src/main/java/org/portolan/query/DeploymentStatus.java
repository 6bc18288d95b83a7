package org.portolan.query;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;

/**
 * How a deployment is.
 *
 * @param state what the store keeps, as labels correct it; empty when only labels know of it
 * @param last the newest release
 * @param conditions what is to be said of it, one sentence each
 * @param standing with the controller; empty when none has looked at it
 * @param instructions what people decided of it and what still holds
 * @param logged its hosts that have an access log
 */
public record DeploymentStatus(
        String name,
        Optional<DeploymentState> state,
        Optional<ReleaseSummary> last,
        List<String> conditions,
        Optional<Standing> standing,
        List<Instruction> instructions,
        List<Service> services,
        Set<String> logged) {

    /**
     * A service.
     *
     * @param image of the placed version; empty where the store cannot say
     * @param meshPorts its ports on the mesh by their names, "" for one without
     */
    public record Service(
            ServiceSummary service,
            Optional<String> image,
            SortedMap<String, Integer> meshPorts,
            List<InstanceStatus> instances) {}

    /** The hosts and paths that it answers. */
    public List<DeploymentState.Claim> domains() {
        return state.map(DeploymentState::claims).orElse(List.of());
    }
}
