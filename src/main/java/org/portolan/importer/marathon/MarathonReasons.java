package org.portolan.importer.marathon;

import java.util.Map;

/** Why a key of an app is not in the Servicefile. */
final class MarathonReasons {
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("args", "cmd is used instead"),
            Map.entry("constraints", "Portolan places on the engine that it drives"),
            Map.entry("acceptedResourceRoles", "Portolan places on the engine that it drives"),
            Map.entry("disk", "no counterpart: the engine does not limit disk space"),
            Map.entry("gpus", "docker: {HostConfig: {DeviceRequests: [{Count: 1, Capabilities: [[gpu]]}]}}"),
            Map.entry("uris", "put the file into the image, or into files"),
            Map.entry("fetch", "put the file into the image, or into files"),
            Map.entry("storeUrls", "put the file into the image, or into files"),
            Map.entry("servicePort", "Portolan chooses the mesh's ports; wan_map fixes one of the host"),
            Map.entry("requirePorts", "wan_map fixes a port of the host"),
            Map.entry("ports", "Portolan chooses the mesh's ports; wan_map fixes one of the host"),
            Map.entry("backoffSeconds", "the engine itself says how long it waits between restarts"),
            Map.entry("backoffFactor", "the engine itself says how long it waits between restarts"),
            Map.entry("maxLaunchDelaySeconds", "the engine itself says how long it waits between restarts"),
            Map.entry("ignoreHttp1xx", "an answer of 2xx or 3xx is healthy"),
            Map.entry("residency", "a volume stays on its host"),
            Map.entry("persistent", "a volume has no limit of its size"),
            Map.entry("external", "volumes: {NAME: {driver: …, target: /path}}"),
            Map.entry("secrets", "env files beside the Servicefile hold the secrets"),
            Map.entry("version", "a Servicefile has no version"));

    private MarathonReasons() {}

    static String of(String path) {
        String key = path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[[0-9]+\\]$", "");
        return KEYS.getOrDefault(key, "no counterpart");
    }
}
