package org.portolan.operate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.container.Observation;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.event.ResourceEvent.VolumeDataLeft;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.release.Installation;
import org.portolan.release.VolumeFolders;

/** Removes all data of a deployment that goes: the engine's volumes and the folders that named volumes are bound to. */
final class VolumeRemoval {
    private final Installation installation;

    VolumeRemoval(Installation installation) {
        this.installation = installation;
    }

    /**
     * Removes what can be removed.
     *
     * @param names the engine's names of the deployment's volumes
     * @return what stays, and why
     */
    List<Failure> removeAll(DeploymentState state, Collection<String> names, Observation observation) {
        boolean local = installation.engine().local();
        Map<String, Path> folders = new HashMap<>();
        List<Failure> failures = new ArrayList<>();
        Path root = installation.settings().dataRoot();
        for (VolumeSpec volume : local ? observation.volumes() : List.<VolumeSpec>of()) {
            if (names.contains(volume.name())) {
                VolumeFolders.of(volume, root).ifPresent(folder -> folders.put(volume.name(), folder));
                VolumeFolders.elsewhere(volume, root)
                        .ifPresent(folder -> installation.publish(
                                state.name(), new VolumeDataLeft(volume.name(), folder.toString(), root.toString())));
            }
        }
        Volumes volumes = Volumes.of(installation);
        for (String name : names) {
            attempt(failures, () -> volumes.erase(name, Optional.ofNullable(folders.get(name))));
        }
        // The engine may have lost a volume (docker volume prune) whose folder is still there: the next deploy would
        // bind it.
        if (local && failures.isEmpty()) {
            declared(state).forEach(folder -> attempt(failures, () -> VolumeFolders.delete(folder)));
        }
        return failures;
    }

    private List<Path> declared(DeploymentState state) {
        List<Path> folders = new ArrayList<>();
        for (Map.Entry<String, Release.Placed> service : state.services().entrySet()) {
            installation
                    .store()
                    .definition(
                            state.name(), service.getKey(), service.getValue().version())
                    .map(definition -> ServiceSpec.from(service.getKey(), definition))
                    .ifPresent(spec -> spec.volumes().stream()
                            .filter(ServiceSpec.Volume::inFolder)
                            .forEach(volume -> folders.add(installation
                                    .settings()
                                    .dataRoot()
                                    .resolve(state.name())
                                    .resolve(volume.owner(spec.name()).isEmpty() ? Labels.SHARED_FOLDER : spec.name())
                                    .resolve(volume.name()))));
        }
        return folders;
    }

    private static void attempt(List<Failure> failures, Runnable step) {
        try {
            step.run();
        } catch (Failure failure) {
            failures.add(failure);
        }
    }
}
