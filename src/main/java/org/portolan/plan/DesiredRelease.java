package org.portolan.plan;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ImageVolumes;
import org.portolan.model.service.ServiceSpec;

/**
 * What a release is to reach, with every version decided.
 *
 * @param services by name
 * @param removed services that leave
 * @param meshPorts {@code service/port} to the port on the mesh: every port that was ever given in this deployment, and
 *     those that {@code services} need
 * @param volumes {@link ImageVolumes#key} to the engine's name of a volume that an image declares and no file names
 * @param jobs the jobs that it has to run, and what becomes of those that ran
 */
public record DesiredRelease(
        String deployment,
        SortedMap<String, ServiceGoal> services,
        SortedSet<String> removed,
        SortedMap<String, Integer> meshPorts,
        SortedMap<String, String> volumes,
        DueJobs jobs) {
    /** One that has no job to run. */
    public DesiredRelease(
            String deployment,
            SortedMap<String, ServiceGoal> services,
            SortedSet<String> removed,
            SortedMap<String, Integer> meshPorts,
            SortedMap<String, String> volumes) {
        this(deployment, services, removed, meshPorts, volumes, DueJobs.NONE);
    }

    /** The same with these jobs. */
    public DesiredRelease with(DueJobs due) {
        return new DesiredRelease(deployment, services, removed, meshPorts, volumes, due);
    }

    public DesiredRelease(
            String deployment,
            SortedMap<String, ServiceGoal> services,
            SortedSet<String> removed,
            SortedMap<String, Integer> meshPorts) {
        this(deployment, services, removed, meshPorts, new TreeMap<>());
    }

    /** The engine's name of a service's volume that its image declares at a path. */
    public String volume(String service, int slot, String path) {
        return volumes.getOrDefault(
                ImageVolumes.key(service, slot, path), ImageVolumes.name(deployment, service, slot, path));
    }

    /** The slots of a service that have a volume at a path. */
    public SortedSet<Integer> slots(String service, String path) {
        SortedSet<Integer> slots = new TreeSet<>();
        for (String key : volumes.keySet()) {
            if (key.startsWith(service + "/") && key.endsWith(path)) {
                String number = key.substring(service.length() + 1, key.length() - path.length());
                if (!number.isEmpty() && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    slots.add(Integer.parseInt(number));
                }
            }
        }
        return slots;
    }

    /** Which of them a volume is, by the engine's name. */
    public OptionalInt slot(String service, String path, String name) {
        for (int slot : slots(service, path)) {
            if (name.equals(volumes.get(ImageVolumes.key(service, slot, path)))) {
                return OptionalInt.of(slot);
            }
        }
        return ImageVolumes.slot(deployment, service, path, name);
    }

    /** Whether containers of a service are made: instances, or those of jobs. */
    public boolean makes(ServiceGoal service) {
        return service.scale() > 0
                || jobs.due().stream().anyMatch(job -> job.service().equals(service.name()));
    }

    /** How many instances of a service shall run. */
    int scale(String service) {
        ServiceGoal goal = services.get(service);
        return goal == null ? 0 : goal.scale();
    }

    /**
     * One service to reach.
     *
     * @param version the version's number
     * @param fresh whether the version is made by this release
     * @param hash of {@code definition}
     * @param definition image content included, where it is known
     * @param spec of {@code definition}, with the port that the image exposes when the file names none
     * @param scale how many instances run; 0 for one that a person stopped
     * @param keptHost the {@code Host} that the version's HTTP checks send, unless its definition names one
     * @param held why it is not started, and how many instances wait to be; {@code scale} is 0 then
     */
    public record ServiceGoal(
            String name,
            int version,
            boolean fresh,
            String hash,
            Definition definition,
            ServiceSpec spec,
            int scale,
            String keptHost,
            Optional<Held> held) {
        public ServiceGoal {
            spec = spec.withCheckHost(keptHost);
        }

        /** One that waits for nothing. */
        public ServiceGoal(
                String name,
                int version,
                boolean fresh,
                String hash,
                Definition definition,
                ServiceSpec spec,
                int scale,
                String keptHost) {
            this(name, version, fresh, hash, definition, spec, scale, keptHost, Optional.empty());
        }

        /**
         * Why a service is registered and not started.
         *
         * @param why for people: {@code requires postgres, which is not there}
         * @param scale how many instances it is to have
         */
        public record Held(String why, int scale) {}

        /** The same, registered and not started. */
        public ServiceGoal held(String why) {
            return new ServiceGoal(
                    name,
                    version,
                    fresh,
                    hash,
                    definition,
                    spec,
                    0,
                    keptHost,
                    Optional.of(new Held(why, held.map(Held::scale).orElse(scale))));
        }

        /** How many instances it is to have, held or not. */
        public int wanted() {
            return held.map(Held::scale).orElse(scale);
        }

        /** The {@code Host} that its HTTP checks and gates send. */
        public String checkHost() {
            return spec.health()
                    .map(ServiceSpec.Health::host)
                    .filter(host -> !host.isEmpty())
                    .orElse(keptHost);
        }

        /** The further headers that they send. */
        public SortedMap<String, ServiceSpec.EnvValue> checkHeaders() {
            return spec.health().map(ServiceSpec.Health::headers).orElseGet(TreeMap::new);
        }
    }
}
