package org.portolan.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.container.Container;
import org.portolan.model.container.JobContainer;
import org.portolan.model.container.Network;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;

/**
 * What the engine holds of one deployment, sorted out once.
 *
 * @param services this installation's containers (and, with {@code --adopt}, other installations') by service
 * @param foreign containers of other installations that have this deployment's name
 * @param takenNames container names that this deployment cannot use
 * @param network the deployment's network, if it is there
 * @param volumes the engine's volumes that carry a Portolan label: their names, and {@code service/volume} for those of
 *     this deployment
 * @param odd names of this deployment's containers whose labels cannot be read whole
 * @param jobs this installation's containers of the deployment's jobs
 */
record DeploymentInventory(
        SortedMap<String, List<Seen>> services,
        List<Container> foreign,
        Set<String> takenNames,
        Optional<String> network,
        Set<String> volumes,
        List<String> odd,
        List<JobContainer> jobs) {

    /**
     * A container of the deployment.
     *
     * @param adopted whether it still belongs to another installation
     */
    record Seen(Container container, InstanceId id, boolean adopted) {
        boolean running() {
            return container.state().up();
        }
    }

    static DeploymentInventory of(PlanInput input) {
        String deployment = input.desired().name();
        SortedMap<String, List<Seen>> services = new TreeMap<>();
        List<Container> foreign = new ArrayList<>();
        Set<String> taken = new HashSet<>(input.observation().foreignNames());
        for (Container container : input.observation().containers()) {
            boolean ours = container.isOf(input.installation());
            boolean same = container.label(Labels.DEPLOYMENT).equals(deployment);
            if (same && !ours) {
                foreign.add(container);
            }
            Optional<InstanceId> id =
                    same && (ours || input.options().basis().adopt()) ? container.instance() : Optional.empty();
            if (id.isPresent()) {
                services.computeIfAbsent(id.get().service(), service -> new ArrayList<>())
                        .add(new Seen(container, id.get(), !ours));
            } else {
                taken.add(container.name());
            }
        }
        for (List<Seen> instances : services.values()) {
            instances.sort((a, b) -> a.id().compareTo(b.id()));
        }
        List<String> odd = new ArrayList<>();
        List<JobContainer> jobs = new ArrayList<>();
        for (Container container : input.observation().containers()) {
            Optional<JobContainer> job =
                    container.isOf(input.installation(), deployment) ? JobContainer.of(container) : Optional.empty();
            job.ifPresent(jobs::add);
            if (container.isOf(input.installation(), deployment)
                    && job.isEmpty()
                    && container.label(Labels.RUN).isEmpty()
                    && !InstanceLabels.whole(container.labels())) {
                odd.add(container.name());
            }
        }
        Optional<String> network = Optional.empty();
        for (Network candidate : input.observation().networks()) {
            if (Labels.areOf(candidate.labels(), input.installation(), deployment)) {
                network = Optional.of(candidate.name());
            }
        }
        Set<String> volumes = new HashSet<>();
        for (VolumeSpec volume : input.observation().volumes()) {
            volumes.add(volume.name());
            Map<String, String> labels = volume.labels();
            if (deployment.equals(labels.get(Labels.DEPLOYMENT))) {
                volumes.add(labels.getOrDefault(Labels.SERVICE, "") + "/" + labels.get(Labels.VOLUME));
            }
        }
        return new DeploymentInventory(services, foreign, taken, network, volumes, odd, jobs);
    }

    /** This installation's containers of one version of a service, by number. */
    List<Seen> own(String service, int version) {
        return of(service).stream()
                .filter(seen -> !seen.adopted() && seen.id().version() == version)
                .toList();
    }

    /** The service's containers, by version and number. */
    List<Seen> of(String service) {
        return services.getOrDefault(service, List.of());
    }
}
