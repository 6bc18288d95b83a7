package org.portolan.model.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.portolan.model.service.ServiceSpec.EnvValue;

/**
 * A command that runs once in a container of a service's version, in the release that brings the version.
 *
 * @param name what {@code require} calls it
 * @param command the command, placeholders still in
 * @param env variables that win over the service's
 * @param require services and jobs that it waits for, besides those of its service
 * @param once whether it runs once in the deployment, whatever the version
 * @param released whether it runs after the release is good, and not before the version gets traffic
 * @param timeout how long one attempt may take
 * @param retries how many attempts follow a failed one
 */
public record JobSpec(
        String name,
        List<String> command,
        SortedMap<String, EnvValue> env,
        List<String> require,
        boolean once,
        boolean released,
        Duration timeout,
        int retries) {
    /** A definition's key for the jobs of a service, by name. */
    public static final String JOBS = "jobs";

    public static final String SERVICE = "service";
    public static final String TIMEOUT = "10m";
    public static final String EACH_VERSION = "each_version";
    public static final String ONCE = "once";
    public static final String RELEASED = "released";

    static List<JobSpec> of(Map<?, ?> jobs) {
        List<JobSpec> specs = new ArrayList<>();
        jobs.forEach((name, keys) -> {
            if (keys instanceof Map<?, ?> map) {
                specs.add(ServiceSpecs.job(String.valueOf(name), map));
            }
        });
        return List.copyOf(specs);
    }
}
