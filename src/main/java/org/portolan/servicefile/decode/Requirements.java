package org.portolan.servicefile.decode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Checks that what services require is there, and that no service waits for itself. */
public final class Requirements {
    private Requirements() {}

    public static void check(
            SortedMap<String, DesiredService> services, Map<String, YamlNode.Entry> entries, Reading in) {
        boolean known = true;
        for (DesiredService service : services.values()) {
            for (String required : required(service)) {
                if (!entries.containsKey(required)) {
                    known = false;
                    in.fault(
                            place(entries.get(service.name()), required, service),
                            "the service " + Wording.quote(service.name()) + " requires " + Wording.quote(required)
                                    + ", which is not a service of this deployment",
                            Wording.suggest(
                                    required,
                                    entries.keySet(),
                                    "known: " + Wording.either(new ArrayList<>(entries.keySet()))));
                }
            }
        }
        if (known) {
            Set<String> done = new HashSet<>();
            for (String name : services.keySet()) {
                List<String> cycle = cycle(name, services, done, new ArrayList<>());
                if (cycle != null) {
                    DesiredService start = services.get(cycle.get(0));
                    if (start != null) {
                        in.fault(
                                place(entries.get(start.name()), cycle.get(1), start),
                                "dependency cycle: " + String.join(" → ", cycle),
                                "remove one require; services find each other without it");
                    }
                    return;
                }
            }
        }
    }

    private static List<String> required(DesiredService service) {
        List<String> names = new ArrayList<>();
        if (service.definition().get("require") instanceof List<?> list) {
            list.forEach(name -> names.add(String.valueOf(name)));
        }
        return names;
    }

    /** A circle that begins and ends with the same service, or null. */
    private static @Nullable List<String> cycle(
            String name, Map<String, DesiredService> services, Set<String> done, List<String> path) {
        int seen = path.indexOf(name);
        if (seen >= 0) {
            List<String> circle = new ArrayList<>(path.subList(seen, path.size()));
            circle.add(name);
            return circle;
        }
        DesiredService service = services.get(name);
        if (service == null || done.contains(name)) {
            return null;
        }
        path.add(name);
        for (String required : required(service)) {
            List<String> circle = cycle(required, services, done, path);
            if (circle != null) {
                return circle;
            }
        }
        path.remove(path.size() - 1);
        done.add(name);
        return null;
    }

    /** Where a service says that it requires another. */
    private static YamlNode place(YamlNode.@Nullable Entry entry, String required, DesiredService service) {
        YamlNode require = entry != null && entry.value() instanceof YamlNode.Mapping body ? body.get("require") : null;
        if (require instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                if (item instanceof YamlNode.Scalar scalar && scalar.text().equals(required)) {
                    return item;
                }
            }
        }
        return require != null ? require : YamlNode.Scalar.of(service.name(), service.at());
    }
}
