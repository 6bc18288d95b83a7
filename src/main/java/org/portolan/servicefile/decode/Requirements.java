package org.portolan.servicefile.decode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Nearest;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.JobSpec;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Checks what services and jobs require: that no name is a slip, that nothing waits for itself, and that nothing waits in a
 * release for what follows it.
 */
public final class Requirements {
    private final SortedMap<String, DesiredService> services;
    private final Map<String, YamlNode.Entry> entries;
    private final Map<String, YamlNode.Entry> jobEntries;
    private final Collection<String> databases;
    private final Reading in;
    /** By job: its keys, and its service. */
    private final Map<String, Map<String, Object>> jobs = new HashMap<>();

    private final Map<String, String> serviceOf = new HashMap<>();

    /**
     * @param entries the file's services by name
     * @param jobEntries the file's jobs by name
     * @param databases the names of the file's databases, which stand in no requirement any more
     */
    public Requirements(
            SortedMap<String, DesiredService> services,
            Map<String, YamlNode.Entry> entries,
            Map<String, YamlNode.Entry> jobEntries,
            Collection<String> databases,
            Reading in) {
        this.services = services;
        this.entries = entries;
        this.jobEntries = jobEntries;
        this.databases = databases;
        this.in = in;
        services.values().forEach(service -> jobs(service).forEach((name, keys) -> {
            jobs.put(name, ServiceDecoder.tree(keys));
            serviceOf.put(name, service.name());
        }));
    }

    public void check() {
        boolean known = true;
        for (DesiredService service : services.values()) {
            known &= known("service", service.name(), required(service), entries.get(service.name()));
        }
        for (Map.Entry<String, Map<String, Object>> job : jobs.entrySet()) {
            known &= known("job", job.getKey(), required(job.getValue()), jobEntries.get(job.getKey()));
        }
        if (!known) {
            return;
        }
        Set<String> done = new HashSet<>();
        Set<String> all = new TreeSet<>(services.keySet());
        all.addAll(jobs.keySet());
        for (String name : all) {
            List<String> cycle = cycle(name, done, new ArrayList<>());
            if (cycle != null) {
                YamlNode.Entry start = entry(cycle.get(0));
                if (start != null) {
                    in.fault(
                            place(start, cycle.get(1)),
                            "dependency cycle: " + String.join(" → ", cycle),
                            cycle.stream().anyMatch(jobs::containsKey)
                                    ? "remove one require; a service waits for its own jobs, and a job for what its service"
                                            + " requires"
                                    : "remove one require; services find each other without it");
                }
                return;
            }
        }
    }

    /** What is not there holds the service until it is; what looks like a slip is one. */
    private boolean known(String kind, String name, List<String> required, YamlNode.@Nullable Entry entry) {
        boolean known = true;
        for (String other : required) {
            if (entry == null) {
                continue;
            }
            String says = "the " + kind + " " + Wording.quote(name) + " requires " + Wording.quote(other);
            Map<String, Object> job = jobs.get(other);
            if (job != null && job.containsKey("after") && !follows(name)) {
                known = false;
                in.fault(
                        place(entry, other),
                        says + ", which runs only when the release is good",
                        "remove it, or take after: released from the job");
            } else if (!entries.containsKey(other) && !jobEntries.containsKey(other)) {
                List<String> all = new ArrayList<>(entries.keySet());
                all.addAll(jobEntries.keySet());
                all.addAll(databases);
                String missing = says + ", which is not a service or job of this deployment";
                if (Nearest.of(other, all).isPresent()) {
                    known = false;
                    in.fault(place(entry, other), missing, Wording.suggest(other, all, ""));
                } else {
                    String held = kind.equals("job") ? serviceOf.getOrDefault(name, name) : name;
                    in.problems()
                            .warning(
                                    place(entry, other).at(),
                                    missing,
                                    Wording.quote(held) + " is held until a deploy brings " + Wording.clip(other));
                }
            }
        }
        return known;
    }

    /** Whether it is itself a job that runs after the release. */
    private boolean follows(String name) {
        Map<String, Object> job = jobs.get(name);
        return job != null && job.containsKey("after");
    }

    private static Map<String, Object> jobs(DesiredService service) {
        return ServiceDecoder.tree(service.definition().get(JobSpec.JOBS));
    }

    private static List<String> required(DesiredService service) {
        return texts(service.definition().get("require"));
    }

    private static List<String> required(Map<String, Object> job) {
        return texts(job.get("require"));
    }

    private static List<String> texts(@Nullable Object node) {
        List<String> names = new ArrayList<>();
        if (node instanceof List<?> list) {
            list.forEach(name -> names.add(String.valueOf(name)));
        }
        return names;
    }

    /** What must be there before a service or a job: a service waits for its jobs, and a job for what its service requires. */
    private Set<String> before(String name) {
        Set<String> before = new LinkedHashSet<>();
        DesiredService service = services.get(name);
        Map<String, Object> job = jobs.get(name);
        if (service != null) {
            before.addAll(required(service));
            jobs(service).keySet().stream().filter(own -> !follows(own)).forEach(before::add);
        } else if (job != null) {
            before.addAll(required(job));
            DesiredService own = services.get(serviceOf.getOrDefault(name, ""));
            if (own != null && !follows(name)) {
                required(own).stream()
                        .filter(other -> !jobs(own).containsKey(other))
                        .forEach(before::add);
            }
        }
        return before;
    }

    /** A circle that begins and ends with the same name, or null. */
    private @Nullable List<String> cycle(String name, Set<String> done, List<String> path) {
        int seen = path.indexOf(name);
        if (seen >= 0) {
            List<String> circle = new ArrayList<>(path.subList(seen, path.size()));
            circle.add(name);
            return circle;
        }
        if (done.contains(name)) {
            return null;
        }
        path.add(name);
        for (String required : before(name)) {
            List<String> circle = cycle(required, done, path);
            if (circle != null) {
                return circle;
            }
        }
        path.remove(path.size() - 1);
        done.add(name);
        return null;
    }

    private YamlNode.@Nullable Entry entry(String name) {
        YamlNode.Entry job = jobEntries.get(name);
        return job == null ? entries.get(name) : job;
    }

    /** Where something says that it requires another. */
    private static YamlNode place(YamlNode.Entry entry, String required) {
        YamlNode require = entry.value() instanceof YamlNode.Mapping body ? body.get("require") : null;
        if (require instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                if (item instanceof YamlNode.Scalar scalar && scalar.text().equals(required)) {
                    return item;
                }
            }
        }
        return require != null ? require : entry.key();
    }
}
