package org.portolan.rollout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.InstanceLabels.Published;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.JoinedNetworks;
import org.portolan.model.service.Placeholders;
import org.portolan.model.service.ServiceFile;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.plan.DueJobs;

/**
 * Makes the container of an instance out of its service: what Portolan injects, placeholders, labels, ports, mounts.
 * Pure.
 *
 * @param labels those that all of the release's containers carry: installation, release, source
 * @param network the deployment's network
 * @param images what to run, by service: a reference that the engine resolves to the version's very content
 * @param dataRoot where named volumes live; empty where the engine does not share this machine's files
 * @param joined by deployment, the engine's name of a network that services join
 */
public record InstanceFactory(
        DesiredRelease goal,
        Map<String, String> labels,
        String network,
        HostAddresses addresses,
        Map<String, String> images,
        Optional<Path> dataRoot,
        SortedMap<String, String> joined) {

    /** One for services that join no network of another deployment. */
    public InstanceFactory(
            DesiredRelease goal,
            Map<String, String> labels,
            String network,
            HostAddresses addresses,
            Map<String, String> images,
            Optional<Path> dataRoot) {
        this(goal, labels, network, addresses, images, dataRoot, new TreeMap<>());
    }

    /** The container to make, with the kept volumes of that number. */
    public ContainerSpec container(InstanceId id, SortedMap<String, Published> ports) {
        return container(id, ports, id.n());
    }

    /**
     * The container to make.
     *
     * @param slot which of the kept volumes that its image declares it continues with
     */
    public ContainerSpec container(InstanceId id, SortedMap<String, Published> ports, int slot) {
        ServiceGoal service = service(id.service());
        ServiceSpec spec = service.spec();
        Map<String, String> injected = injected(ports, spec.mainPort());
        Map<String, String> known = known(injected);
        SortedMap<String, String> env = new TreeMap<>(injected);
        put(env, spec.inheritedEnv(), known);
        put(env, spec.env(), known);
        boolean own = spec.ownNetwork();
        List<ContainerSpec.Publish> publish = new ArrayList<>();
        for (Published pair : ports.values()) {
            publish.add(new ContainerSpec.Publish(addresses.publish(), pair.host(), pair.container()));
        }
        return new ContainerSpec(
                id.name(),
                spec,
                images.getOrDefault(id.service(), spec.image()),
                env,
                fill(spec.command(), known),
                spec.entrypoint().map(words -> fill(words, known)),
                labels(service, id, ports),
                own ? network : "",
                own ? aliases(spec) : List.of(),
                own ? publish : List.of(),
                mounts(slot, spec),
                spec.trustedAtOnce() ? spec.restart() : "no");
    }

    /**
     * What to put into an instance's container before it starts: by the folder where the engine is to begin, the files.
     *
     * @param ports those of its container
     */
    public SortedMap<String, List<ContainerFile>> files(InstanceId id, SortedMap<String, Published> ports) {
        ServiceSpec spec = service(id.service()).spec();
        return LiveContent.marked(spec, files(spec, id.name(), id.version(), ports));
    }

    /** Those of them that a running instance reloads. */
    public SortedMap<String, List<ContainerFile>> live(InstanceId id, SortedMap<String, Published> ports) {
        ServiceSpec spec = service(id.service()).spec();
        return LiveContent.of(spec, files(spec, id.name(), id.version(), ports));
    }

    /** What to put into the container of a job, or of a single command, before it starts. */
    public SortedMap<String, List<ContainerFile>> files(String service, String name) {
        ServiceSpec spec = service(service).spec();
        return files(spec, name, service(service).version(), declared(spec));
    }

    /** The ports that a service declares, published nowhere. */
    private static SortedMap<String, Published> declared(ServiceSpec spec) {
        SortedMap<String, Published> ports = new TreeMap<>();
        for (ServiceSpec.Port port : spec.ports()) {
            if (!port.assigned()) {
                ports.put(port.name(), new Published(0, port.container()));
            }
        }
        return ports;
    }

    private SortedMap<String, List<ContainerFile>> files(
            ServiceSpec spec, String name, int version, SortedMap<String, Published> ports) {
        SortedMap<String, List<ContainerFile>> files = new TreeMap<>();
        if (spec.files().isEmpty()) {
            return files;
        }
        Map<String, String> known = known(injected(ports, spec.mainPort()));
        known.put("INSTANCE", name);
        known.put("VERSION", Integer.toString(version));
        for (ServiceFile file : spec.files().values()) {
            files.computeIfAbsent(spec.filesFolder(file.path()), key -> new ArrayList<>())
                    .add(new ContainerFile(file.path(), file.mode(), file.user(), file.group(), file.bytes(known)));
        }
        return files;
    }

    private ServiceGoal service(String name) {
        ServiceGoal service = goal.services().get(name);
        if (service == null) {
            throw new IllegalArgumentException("no such service in the goal: " + name);
        }
        return service;
    }

    /** What names in braces stand for. */
    private Map<String, String> known(Map<String, String> injected) {
        Map<String, String> known = new TreeMap<>(injected);
        known.put("HOST", addresses.publish());
        return known;
    }

    /**
     * The container of a job's attempt: the service's version with another command. It publishes no port, has no name in the
     * network, is never restarted, and names no instance.
     */
    public ContainerSpec job(DueJobs.Due job, String name, int attempt) {
        Map<String, String> own = new TreeMap<>();
        own.put(Labels.JOB, job.name());
        own.put(Labels.ATTEMPT, Integer.toString(attempt));
        if (job.spec().once()) {
            own.put(Labels.JOB_ONCE, "true");
        }
        if (job.spec().released()) {
            own.put(Labels.JOB_RELEASED, "true");
        }
        return beside(job.service(), name, job.spec().command(), job.spec().env(), own);
    }

    /**
     * The container of a single command with a service's version, as {@link #job}.
     *
     * @param owner the process that it runs for
     */
    public ContainerSpec run(String service, String name, List<String> command, String owner) {
        return beside(service, name, command, Map.of(), Map.of(Labels.RUN, owner));
    }

    private ContainerSpec beside(
            String name,
            String container,
            List<String> command,
            Map<String, ServiceSpec.EnvValue> more,
            Map<String, String> labelled) {
        ServiceGoal service = service(name);
        ServiceSpec spec = service.spec();
        Map<String, String> injected = injected(declared(spec), spec.mainPort());
        Map<String, String> known = known(injected);
        SortedMap<String, String> env = new TreeMap<>(injected);
        put(env, spec.inheritedEnv(), known);
        put(env, spec.env(), known);
        put(env, more, known);
        SortedMap<String, String> own = new TreeMap<>(spec.options().labels());
        own.putAll(labels);
        own.put(Labels.DEPLOYMENT, goal.deployment());
        own.put(Labels.SERVICE, name);
        own.put(Labels.VERSION, Integer.toString(service.version()));
        own.put(Labels.HASH, service.hash());
        own.putAll(labelled);
        return new ContainerSpec(
                container,
                spec,
                images.getOrDefault(name, spec.image()),
                env,
                fill(command, known),
                spec.entrypoint().map(words -> fill(words, known)),
                own,
                spec.ownNetwork() ? network : "",
                List.of(),
                List.of(),
                mounts(1, spec),
                "no");
    }

    /** The names that a service's instances are known by in the deployment's network. */
    public static List<String> aliases(ServiceSpec spec) {
        List<String> aliases = new ArrayList<>(List.of(spec.name()));
        aliases.addAll(spec.options().networkAliases());
        return aliases;
    }

    /** The further networks that a service's containers are attached to before they start, with their names there. */
    public SortedMap<String, List<String>> joins(String service) {
        SortedMap<String, List<String>> networks = new TreeMap<>();
        for (String other : service(service).spec().options().joins()) {
            String name = joined.get(other);
            if (name != null) {
                networks.put(name, List.of(JoinedNetworks.alias(goal.deployment(), service)));
            }
        }
        return networks;
    }

    private static void markFiles(ServiceSpec spec, Map<String, String> labels) {
        SortedMap<String, ServiceFile> files = spec.files();
        if (!files.isEmpty()) {
            labels.put(Labels.FILES, InstanceLabels.files(files.keySet(), ServiceFile.folders(files.values())));
        }
    }

    private SortedMap<String, String> labels(ServiceGoal service, InstanceId id, SortedMap<String, Published> ports) {
        SortedMap<String, String> all = new TreeMap<>(service.spec().options().labels());
        all.putAll(labels);
        all.put(Labels.DEPLOYMENT, id.deployment());
        all.put(Labels.SERVICE, id.service());
        all.put(Labels.VERSION, Integer.toString(id.version()));
        all.put(Labels.INSTANCE, Integer.toString(id.n()));
        all.put(Labels.HASH, service.hash());
        all.put(Labels.CHECK_HOST, service.keptHost());
        all.put(Labels.PORTS, InstanceLabels.ports(ports));
        if (!ports.isEmpty()) {
            all.put(Labels.ADDRESS, addresses.publish());
        }
        SortedMap<String, Integer> mesh = new TreeMap<>();
        for (String name : ports.keySet()) {
            Integer port = goal.meshPorts().get(id.service() + "/" + name);
            if (port != null) {
                mesh.put(name, port);
            }
        }
        all.put(Labels.MESH, InstanceLabels.mesh(mesh));
        markFiles(service.spec(), all);
        return all;
    }

    /** {@code PORT}, {@code PORT_<NAME>}, {@code DEPLOY_ID}, and {@code <SERVICE>_HOST}, {@code _PORT}, {@code _URL} of all. */
    private Map<String, String> injected(SortedMap<String, Published> ports, String main) {
        Map<String, String> env = new TreeMap<>();
        env.put("DEPLOY_ID", goal.deployment());
        for (Map.Entry<String, Published> port : ports.entrySet()) {
            String number = Integer.toString(port.getValue().container());
            if (port.getKey().equals(main)) {
                env.put("PORT", number);
            }
            if (!port.getKey().isEmpty()) {
                env.put("PORT_" + Placeholders.variable(port.getKey()), number);
            }
        }
        for (ServiceGoal service : goal.services().values()) {
            boolean first = true;
            for (ServiceSpec.Port port : service.spec().ports()) {
                Integer mesh = goal.meshPorts().get(service.name() + "/" + port.name());
                if (mesh == null) {
                    continue;
                }
                String prefix = Placeholders.variable(service.name());
                if (first) {
                    env.put(prefix + "_HOST", addresses.meshHost());
                    env.put(prefix + "_PORT", Integer.toString(mesh));
                    String scheme = RouteSetBuilder.http(service.spec(), port.name()) ? "http" : "tcp";
                    env.put(prefix + "_URL", scheme + "://" + addresses.meshHost() + ":" + mesh);
                    first = false;
                }
                if (!port.name().isEmpty()) {
                    env.put(prefix + "_PORT_" + Placeholders.variable(port.name()), Integer.toString(mesh));
                }
            }
        }
        return env;
    }

    private static void put(
            Map<String, String> env, Map<String, ServiceSpec.EnvValue> written, Map<String, String> known) {
        written.forEach(
                (name, value) -> env.put(Placeholders.fill(name, known), Placeholders.fill(value.text(), known)));
    }

    private static List<String> fill(List<String> words, Map<String, String> known) {
        return words.stream().map(word -> Placeholders.fill(word, known)).toList();
    }

    private List<ContainerSpec.Mount> mounts(int slot, ServiceSpec spec) {
        String deployment = goal.deployment();
        List<ContainerSpec.Mount> mounts = new ArrayList<>();
        for (ServiceSpec.Volume volume : spec.volumes()) {
            mounts.add(
                    switch (volume.kind()) {
                        case NAMED, SHARED, DRIVER, EXTERNAL ->
                            new ContainerSpec.Mount(
                                    true,
                                    volume.engineName(deployment, spec.name()),
                                    volume.target(),
                                    volume.readOnly());
                        case BIND ->
                            new ContainerSpec.Mount(false, volume.source(), volume.target(), volume.readOnly());
                        case IMAGE -> {
                            Map<String, String> own = volumeLabels(spec, volume);
                            own.put(Labels.INSTANCE, Integer.toString(slot));
                            yield new ContainerSpec.Mount(
                                    true, goal.volume(spec.name(), slot, volume.target()), volume.target(), false, own);
                        }
                    });
        }
        for (String folder : spec.fileVolumes()) {
            mounts.add(new ContainerSpec.Mount(true, "", folder, false));
        }
        return mounts;
    }

    /** The volumes that must exist before the service's containers are made. */
    public List<VolumeSpec> volumes(ServiceSpec spec) {
        List<VolumeSpec> volumes = new ArrayList<>();
        for (ServiceSpec.Volume volume : spec.volumes()) {
            if (!volume.made()) {
                continue;
            }
            Map<String, String> options = new TreeMap<>(volume.options());
            folder(spec.name(), volume).ifPresent(folder -> {
                options.put("type", "none");
                options.put("o", "bind");
                options.put("device", folder.toString());
            });
            volumes.add(new VolumeSpec(
                    volume.engineName(goal.deployment(), spec.name()),
                    volumeLabels(spec, volume),
                    volume.driver(),
                    options));
        }
        return volumes;
    }

    private Map<String, String> volumeLabels(ServiceSpec spec, ServiceSpec.Volume volume) {
        Map<String, String> own = new TreeMap<>(labels);
        own.remove(Labels.RELEASE);
        own.put(Labels.DEPLOYMENT, goal.deployment());
        if (!volume.owner(spec.name()).isEmpty()) {
            own.put(Labels.SERVICE, spec.name());
        }
        own.put(Labels.VOLUME, volume.name());
        return own;
    }

    /** A volume's folder on the host; empty where Portolan makes no folder for its data. */
    public Optional<Path> folder(String service, ServiceSpec.Volume volume) {
        String owner = volume.owner(service);
        return dataRoot.filter(root -> volume.inFolder()).map(root -> root.resolve(goal.deployment())
                .resolve(owner.isEmpty() ? Labels.SHARED_FOLDER : owner)
                .resolve(volume.name()));
    }
}
