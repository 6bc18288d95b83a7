package org.portolan.importer.running;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.importer.draft.Naming;

/**
 * What the containers of a project mount. A volume keeps its name on the engine, so that the data stays where it is: in the
 * Compose file that is made of it, it is an external one.
 */
final class RunningMounts {
    /** Options that say nothing; a volume has an SELinux label in any case. */
    private static final Set<String> NO_CHANGE = Set.of("", "rprivate", "rw", "ro");

    private final String project;
    private final Map<String, String> names = new LinkedHashMap<>();

    RunningMounts(String project) {
        this.project = project;
    }

    /**
     * The {@code volumes} of a service.
     *
     * @param only whether it is the service's only container: a volume without a name is one container's
     * @param lost gets what is not imported
     * @param changed gets what is said in another way
     */
    List<Object> of(RunningContainer container, boolean only, Report lost, Report changed) {
        Map<String, Facts> asked = new TreeMap<>();
        container
                .host()
                .at("Mounts")
                .items()
                .forEach(each -> asked.put(each.at("Target").text(), each));
        List<Object> mounts = new ArrayList<>();
        for (Facts mount : container.container().at("Mounts").items()) {
            String target = mount.at("Destination").text();
            String type = mount.at("Type").text();
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("type", type);
            written.put("target", target);
            if (mount.at("RW").exists() && !mount.at("RW").flag()) {
                written.put("read_only", "true");
            }
            switch (type) {
                case "volume" -> {
                    String name = mount.at("Name").text();
                    boolean unnamed = name.matches("[0-9a-f]{64}");
                    if (unnamed && !only) {
                        lost.say(
                                "Mounts." + target,
                                "the volume " + name + " is unnamed, and each container of the service has another:"
                                        + " copy its data");
                    } else {
                        written.put("source", named(name, unnamed, container.service(), target));
                        if (unnamed) {
                            changed.say(
                                    "Mounts." + target,
                                    "the volume is unnamed; `docker compose down -v` and `docker volume prune` can"
                                            + " remove it");
                        }
                    }
                }
                case "bind" -> {
                    written.put("source", mount.at("Source").text());
                    String below = container.label("project.working_dir");
                    if (!below.isEmpty() && mount.at("Source").text().startsWith(below + "/")) {
                        changed.say(
                                "Mounts." + target,
                                "a path beside the Compose file, mounted from this machine; it is not part of a"
                                        + " version (see files)");
                    }
                }
                case "tmpfs" -> memory(asked.getOrDefault(target, new Facts(null)), written);
                default -> {
                    // Reported by its type.
                }
            }
            mounts.add(written);
            unusual(mount, asked.getOrDefault(target, new Facts(null)), target, lost);
        }
        return mounts;
    }

    /** Receives a line of the report. */
    @FunctionalInterface
    interface Report {
        void say(String key, String text);
    }

    private static void memory(Facts asked, Map<String, Object> written) {
        Facts options = asked.at("TmpfsOptions");
        Map<String, Object> tmpfs = new LinkedHashMap<>();
        if (options.at("SizeBytes").says()) {
            tmpfs.put("size", options.at("SizeBytes").text());
        }
        if (options.at("Mode").says()) {
            tmpfs.put("mode", Long.toOctalString(options.at("Mode").number()));
        }
        written.put("tmpfs", tmpfs);
    }

    private static void unusual(Facts mount, Facts asked, String target, Report lost) {
        List<String> said = new ArrayList<>(List.of(mount.at("Mode").text().split(",", -1)));
        said.add(mount.at("Propagation").text());
        said.removeAll(NO_CHANGE);
        if (mount.at("Type").text().equals("volume")) {
            said.remove("z");
        }
        if (!said.isEmpty()) {
            lost.say("Mounts." + target, "the option " + String.join(", ", said) + " of a mount has no counterpart");
        }
        String subpath = asked.at("VolumeOptions").at("Subpath").text();
        if (!subpath.isEmpty()) {
            lost.say("Mounts." + target, "the whole volume is mounted, not its folder " + subpath);
        }
        if (asked.at("BindOptions").at("NonRecursive").flag()) {
            lost.say("Mounts." + target, "what is mounted below the folder is mounted, too");
        }
    }

    /** The key of a volume, by the engine's name. */
    private String named(String volume, boolean unnamed, String service, String target) {
        String known = names.get(volume);
        if (known != null) {
            return known;
        }
        String last = target.substring(target.lastIndexOf('/') + 1);
        String plain = unnamed
                ? service + "-" + last
                : volume.startsWith(project + "_") ? volume.substring(project.length() + 1) : volume;
        String name = Naming.free(Naming.name(plain, "data"), names.values());
        names.put(volume, name);
        return name;
    }

    /** The {@code volumes} of the whole project. */
    Map<String, Object> defined() {
        Map<String, Object> volumes = new LinkedHashMap<>();
        names.forEach((volume, name) -> volumes.put(name, Map.of("external", "true", "name", volume)));
        return volumes;
    }
}
