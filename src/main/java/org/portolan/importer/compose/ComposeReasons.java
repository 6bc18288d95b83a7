package org.portolan.importer.compose;

import java.util.Map;
import org.portolan.servicefile.format.ComposeKeys;

/** Why a key of a Compose file is not in the Servicefile, and what to write instead. */
final class ComposeReasons {
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("version", "a Servicefile has no version"),
            Map.entry("develop", "for development with Compose only"),
            Map.entry("placement", "Portolan places on the engine that it drives"),
            Map.entry("endpoint_mode", "the mesh leads to all instances"),
            Map.entry("rollback_config", "a failed release is rolled back in any case"),
            Map.entry("failure_action", "a failed release is rolled back in any case"),
            Map.entry("max_failure_ratio", "a failed instance fails the release"),
            Map.entry(
                    "delay",
                    "an instance must be healthy before the next one is replaced; see rollout: {min_healthy: 10s}"),
            Map.entry("bind", "no counterpart: mounts are private, and the host labels its folders"),
            Map.entry("volume", "no counterpart: the whole volume is mounted, with what the image has there"),
            Map.entry("propagation", "no counterpart: mounts are private"),
            Map.entry("selinux", "no counterpart: label the folder on the host"),
            Map.entry("nocopy", "no counterpart"),
            Map.entry("subpath", "no counterpart: mount the whole volume"),
            Map.entry("uid", "the file is mounted, not in files: it has the owner that it has on the host"),
            Map.entry("gid", "the file is mounted, not in files: it has the group that it has on the host"),
            Map.entry("mode", "the file is mounted, not in files: it has the mode that it has on the host"),
            Map.entry("cache_from", "of the build, which Portolan does not run"),
            Map.entry("name", "Portolan names it"),
            Map.entry("attachable", "no counterpart: each deployment has a network"));

    private ComposeReasons() {}

    /** The reason for a key, by its path. */
    static String of(String path) {
        String key = path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[[0-9]+\\]$", "");
        String[] parts = path.split("\\.", -1);
        if (path.matches("volumes(\\..*)?")) {
            return "no service mounts the volume, or Portolan makes it without this";
        }
        if (path.matches("(secrets|configs)(\\..*)?")) {
            return "no counterpart: files, texts and variables that a service uses are in its files";
        }
        if (path.contains(".build.")) {
            return "of the build, which Portolan does not run: add it to the command that builds the image";
        }
        if (path.contains(".restart_policy.")) {
            return "the engine itself says how long it waits between restarts";
        }
        String known = KEYS.get(key);
        if (known != null) {
            return known;
        }
        if (path.startsWith("x-")) {
            return "an extension of the file that no service uses";
        }
        if (parts.length == 3 && key.startsWith("x-")) {
            return "an extension; in a Servicefile write it under meta";
        }
        return parts.length == 3 ? ComposeKeys.advice("a service", key).orElse("no counterpart") : "no counterpart";
    }
}
