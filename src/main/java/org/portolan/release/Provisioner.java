package org.portolan.release;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.EngineInfo;
import org.portolan.model.container.Network;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.event.ResourceEvent.VolumeOwner;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.SourceId;
import org.portolan.plan.DesiredRelease;
import org.portolan.rollout.HostAddresses;
import org.portolan.rollout.InstanceFactory;

/** Makes what containers need before they can be made: the deployment's network and its volumes. Idempotent. */
public final class Provisioner {
    private static final String LOOPBACK = "127.0.0.1";

    private final Installation installation;
    private final List<Network> networks;

    /** @param networks those that the engine was seen to have */
    public Provisioner(Installation installation, List<Network> networks) {
        this.installation = installation;
        this.networks = networks;
    }

    /**
     * The engine's name of a deployment's network: the one that it has, else {@code portolan-<deployment>}, with the
     * installation's id behind it where another installation's network, which an adoption leaves alone, has that name.
     */
    static String networkName(String deployment, String installation, List<Network> networks) {
        String name = "portolan-" + deployment;
        String free = name;
        for (Network network : networks) {
            boolean ours = Labels.areOf(network.labels(), installation);
            if (ours && deployment.equals(network.labels().get(Labels.DEPLOYMENT))) {
                return network.name();
            }
            free = !ours && network.name().equals(name) ? name + "-" + installation : free;
        }
        return free;
    }

    /** The deployment's network as it is made. */
    public static NetworkSpec network(String deployment, Settings settings, SourceId source, List<Network> networks) {
        Map<String, String> own = new TreeMap<>();
        own.put(Labels.INSTALLATION, settings.installation());
        own.put(Labels.SOURCE, source.toString());
        own.put(Labels.DEPLOYMENT, deployment);
        return new NetworkSpec(
                networkName(deployment, settings.installation(), networks),
                own,
                settings.networkPool(),
                settings.networkPrefix());
    }

    /** Makes network and volumes; returns what makes the release's containers. */
    public InstanceFactory prepare(DesiredRelease goal, int release, SourceId source) {
        Settings settings = installation.settings();
        Map<String, String> labels = new TreeMap<>();
        labels.put(Labels.INSTALLATION, settings.installation());
        labels.put(Labels.SOURCE, source.toString());
        NetworkSpec spec = network(goal.deployment(), settings, source, networks);
        // Where nothing is to run, as after a first release that failed, no network is made only to be removed again.
        Network network = goal.services().isEmpty()
                        && networks.stream().noneMatch(each -> each.name().equals(spec.name()))
                ? new Network("", spec.name(), spec.labels(), "", "")
                : installation.engine().ensureNetwork(spec);
        boolean local = installation.engine().local();
        labels.put(Labels.RELEASE, Integer.toString(release));
        InstanceFactory factory = new InstanceFactory(
                goal,
                labels,
                network.name(),
                addresses(network, local),
                new ImagePuller(installation).references(goal),
                local ? Optional.of(settings.dataRoot()) : Optional.empty(),
                joined(goal, settings.installation()));
        for (DesiredRelease.ServiceGoal service : goal.services().values()) {
            if (goal.makes(service)) {
                volumes(factory, service.spec());
            }
        }
        return factory;
    }

    /** The networks that services join, by deployment; one that is not there is known by the name that it would have. */
    private SortedMap<String, String> joined(DesiredRelease goal, String installation) {
        SortedMap<String, String> names = new TreeMap<>();
        for (DesiredRelease.ServiceGoal service : goal.services().values()) {
            for (String other : service.spec().options().joins()) {
                names.put(other, networkName(other, installation, networks));
            }
        }
        return names;
    }

    private void volumes(InstanceFactory factory, ServiceSpec spec) {
        for (ServiceSpec.Volume volume : spec.volumes()) {
            factory.folder(spec.name(), volume).ifPresent(this::makeFolder);
        }
        for (VolumeSpec volume : factory.volumes(spec)) {
            installation.engine().ensureVolume(volume);
        }
    }

    private void makeFolder(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                installation.engine().info().remapped().ifPresent(root -> give(folder, root));
            }
        } catch (IOException problem) {
            throw new Failure(Kind.FAILED, "cannot create the volume's folder " + folder + ": " + problem.getMessage())
                    .withHint("check free space and write permission, or set `data` in portolan.yaml")
                    .withCause(problem);
        }
    }

    /** Where the engine maps users its own volumes belong to the root of containers; else nothing in them could write. */
    private void give(Path folder, EngineInfo.Owner root) {
        try {
            Files.setAttribute(folder, "unix:uid", root.user());
            Files.setAttribute(folder, "unix:gid", root.group());
        } catch (IOException | UnsupportedOperationException refused) {
            installation.publish("", new VolumeOwner(folder.toString(), root.user(), root.group()));
        }
    }

    /** The gateway of the deployment's network where it is an address of this machine, else loopback. */
    private HostAddresses addresses(Network network, boolean local) {
        Settings settings = installation.settings();
        boolean here = local && isLocal(network.gateway());
        String publish =
                !settings.publishAddress().isEmpty() ? settings.publishAddress() : here ? network.gateway() : LOOPBACK;
        String near = here ? network.gateway() : LOOPBACK;
        List<String> mesh = settings.meshAddresses().isEmpty() ? List.of(near) : settings.meshAddresses();
        return new HostAddresses(publish, mesh, reached(mesh, near));
    }

    /** The mesh's address for containers: one of all addresses is reached at the network's gateway. */
    static String reached(List<String> mesh, String near) {
        for (String address : mesh) {
            if (!address.equals("0.0.0.0") && !address.equals("::")) {
                return address;
            }
        }
        return near;
    }

    private static boolean isLocal(String address) {
        try {
            return !address.isEmpty() && NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
        } catch (IOException unknown) {
            return false;
        }
    }
}
