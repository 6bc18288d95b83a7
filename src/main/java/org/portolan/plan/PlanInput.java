package org.portolan.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.container.Image;
import org.portolan.model.container.Observation;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;

/**
 * All that a plan is made of.
 *
 * @param desired what the files say. With {@link Basis.Hand} only the services that are set. A definition that
 *     already has {@code image_id} keeps it (a rollback to a kept version)
 * @param siblings the other deployments of the same file, which may refer to each other before they exist
 * @param state what the store knows of the deployment, or what was made of its containers' labels; empty: nothing
 * @param all every deployment that the store knows, by name, this one included: a state that is not in it was made of
 *     labels, and then labels say whose the services are
 * @param observation what the engine holds
 * @param installation this installation's id
 * @param images what the references (as written) stand for; an empty value: not present, it will be pulled. A reference
 *     that is missing was not looked up
 * @param kept definitions of kept versions; asked only when one is needed
 * @param applied what the proxies serve for this deployment now
 * @param holder who changes the deployment now, for people; empty: nobody does, or whoever plans
 * @param proxies what is known of the proxies and of this machine's ports
 */
public record PlanInput(
        Desired desired,
        List<Desired> siblings,
        Optional<DeploymentState> state,
        Map<String, DeploymentState> all,
        Observation observation,
        String installation,
        Map<String, Optional<Image>> images,
        Kept kept,
        Optional<RouteSet> applied,
        PlanOptions options,
        ProxyState proxies,
        Optional<String> holder) {

    /** As if the proxies were well and every port free. */
    public PlanInput(
            Desired desired,
            List<Desired> siblings,
            Optional<DeploymentState> state,
            Map<String, DeploymentState> all,
            Observation observation,
            String installation,
            Map<String, Optional<Image>> images,
            Kept kept,
            Optional<RouteSet> applied,
            PlanOptions options) {
        this(
                desired,
                siblings,
                state,
                all,
                observation,
                installation,
                images,
                kept,
                applied,
                options,
                ProxyState.UNKNOWN,
                Optional.empty());
    }

    /** Finds the definition of a kept version. */
    @FunctionalInterface
    public interface Kept {
        Optional<Definition> definition(String service, int version);
    }
}
