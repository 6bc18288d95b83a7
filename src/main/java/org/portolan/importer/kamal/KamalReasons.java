package org.portolan.importer.kamal;

import java.util.Map;

/** Why a key of a deploy.yml is not in the Servicefile. */
final class KamalReasons {
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("registry", "log in with docker login on the engine's machine"),
            Map.entry("image", "no role runs it"),
            Map.entry("builder", "Portolan does not build: build and push the image with docker build"),
            Map.entry("ssh", "Portolan does not use ssh"),
            Map.entry("sshkit", "Portolan does not use ssh"),
            Map.entry("aliases", "no counterpart: exec runs a command in an instance"),
            Map.entry(
                    "hooks_path", "no counterpart: a gate runs a command, see rollout: {gates: [{command: ./smoke}]}"),
            Map.entry("hooks_output", "no counterpart"),
            Map.entry("secrets_path", "env files beside the Servicefile hold the secrets"),
            Map.entry(
                    "asset_path",
                    "no counterpart: assets of the old version are gone with it; serve them from a volume"),
            Map.entry("error_pages_path", "no counterpart: the maintenance page is one of the edge's templates"),
            Map.entry("require_destination", "one Servicefile for each destination, or a template"),
            Map.entry("retain_containers", "deploy: {keep_releases: 5} in portolan.yaml"),
            Map.entry("minimum_version", "no counterpart"),
            Map.entry("run_directory", "no counterpart"),
            Map.entry("allow_empty_roles", "no counterpart"),
            Map.entry("deploy_timeout", "only services with a check have a deadline: health: {deadline: 1m}"),
            Map.entry("readiness_delay", "services with a check need none; for others rollout: {min_healthy: 7s}"),
            Map.entry("boot", "rollout: {max_surge: 2}"),
            Map.entry("limit", "a number of instances: rollout: {max_surge: 2}"),
            Map.entry("wait", "no counterpart: see rollout: {min_healthy: 10s}"),
            Map.entry("parallel_roles", "services are rolled out at the same time"),
            Map.entry("tags", "no counterpart: tags belong to servers"),
            Map.entry("response_timeout", "edge: {timeout: 60s} in portolan.yaml"),
            Map.entry("forward_headers", "edge: {trusted_proxies: […]} in portolan.yaml"),
            Map.entry("ssl_redirect", "redirect_https: true of a domain with cert: and key:"),
            Map.entry("strip_path_prefix", "paths are not rewritten"),
            Map.entry("run", "of kamal-proxy's container; the edge's ports are in portolan.yaml"),
            Map.entry("logging", "of kamal-proxy; the edge writes its own log"),
            Map.entry("traefik", "Portolan's edge does this: write Domains"),
            Map.entry("network", "each deployment has a network"));

    private KamalReasons() {}

    static String of(String path) {
        String key = path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[[0-9]+\\]$", "");
        if (path.startsWith("registry") || path.contains(".registry")) {
            return String.valueOf(KEYS.get("registry"));
        }
        return KEYS.getOrDefault(key, path.startsWith("x-") ? "an extension of the file" : "no counterpart");
    }
}
