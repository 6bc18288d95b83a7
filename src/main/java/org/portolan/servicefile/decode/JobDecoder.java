package org.portolan.servicefile.decode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.JobSpec;
import org.portolan.servicefile.format.Fields;
import org.portolan.servicefile.format.JobKeys;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Reads the jobs of a file and adds each to the definition of its service, whose version it belongs to. */
public final class JobDecoder {
    private static final Fields JOB = new Fields("a job", JobKeys.ALL, true);
    private final Reading in;

    public JobDecoder(Reading in) {
        this.in = in;
    }

    /**
     * Reads the section.
     *
     * @param services get the jobs that are theirs
     * @param declared every service of the file, also those with a fault
     * @return the entries of all jobs by name, also those with a fault
     */
    public Map<String, YamlNode.Entry> read(
            @Nullable YamlNode section,
            SortedMap<String, DesiredService> services,
            Map<String, YamlNode.Entry> declared) {
        Map<String, YamlNode.Entry> jobs = new LinkedHashMap<>();
        if (section == null || YamlNode.isNull(section)) {
            return jobs;
        }
        if (!(section instanceof YamlNode.Mapping mapping)) {
            in.fault(
                    section,
                    "expected a map of jobs, found " + in.found(section),
                    "for example: Exec: {Schema: {service: web, cmd: ./manage migrate}}");
            return jobs;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            jobs.put(entry.key().text(), entry);
            job(entry, services, declared);
        }
        return jobs;
    }

    private void job(
            YamlNode.Entry entry, SortedMap<String, DesiredService> services, Map<String, YamlNode.Entry> declared) {
        String name = entry.key().text();
        String fault = Names.checkJob(name);
        YamlNode.Entry same = declared.get(name);
        if (fault != null) {
            in.fault(entry.key(), "invalid job name " + in.found(entry.key()) + ": " + fault);
        } else if (same != null) {
            in.fault(
                    entry.key(),
                    "a job and a service are both named " + Wording.quote(name),
                    "rename the job; the service: " + same.key().at());
            return;
        }
        SortedMap<String, Object> keys = JOB.read(entry.value(), in);
        if (keys == null || !(entry.value() instanceof YamlNode.Mapping body)) {
            if (YamlNode.isNull(entry.value())) {
                in.fault(entry.key(), "the job " + Wording.quote(name) + " has no service", example(name));
            }
            return;
        }
        if (body.get("cmd") == null || YamlNode.isNull(body.get("cmd"))) {
            in.fault(entry.key(), "the job " + Wording.quote(name) + " has no cmd", example(name));
        }
        YamlNode named = body.get(JobSpec.SERVICE);
        if (named == null || YamlNode.isNull(named)) {
            in.fault(entry.key(), "the job " + Wording.quote(name) + " has no service", example(name));
            return;
        }
        if (!(keys.remove(JobSpec.SERVICE) instanceof String service)) {
            return;
        }
        if (!declared.containsKey(service)) {
            in.fault(
                    named,
                    "the job " + Wording.quote(name) + " runs in " + Wording.quote(service)
                            + ", which is not a service of this deployment",
                    Wording.suggest(
                            service,
                            declared.keySet(),
                            declared.isEmpty()
                                    ? "declare it"
                                    : "known: " + Wording.either(new ArrayList<>(declared.keySet()))));
        }
        services.computeIfPresent(service, (key, found) -> with(found, name, keys));
    }

    private static String example(String name) {
        return "for example: " + Wording.clip(name) + ": {service: web, cmd: ./manage migrate}";
    }

    private static DesiredService with(DesiredService service, String name, SortedMap<String, Object> keys) {
        SortedMap<String, Object> jobs =
                new TreeMap<>(ServiceDecoder.tree(service.definition().get(JobSpec.JOBS)));
        jobs.put(name, keys);
        return service.with(service.definition().with(JobSpec.JOBS, jobs));
    }
}
