package org.portolan.routing;

import java.util.List;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * What both proxies' files must say for a domain to be protected, also when the template is the user's own: a template of
 * before there were policies would leave every domain unreachable, so it is refused before anything is loaded.
 */
public final class RequiredWords {
    private RequiredWords() {}

    /**
     * Refuses files that do not mark requests, or do not ask for the mark.
     *
     * @param digest whether there is a domain with HTTP Digest, which a template of before there was any does not check
     * @param logs whether there is a domain with an access log, of which such a template writes nothing
     */
    public static void check(String haproxy, String nginx, RenderContext local, boolean digest, boolean logs) {
        check(haproxy, nginx, local, digest, logs, false);
    }

    /**
     * As {@link #check(String, String, RenderContext, boolean, boolean)}.
     *
     * @param controller whether a name leads to the controller, of which a template of before there was any knows nothing
     */
    public static void check(
            String haproxy, String nginx, RenderContext local, boolean digest, boolean logs, boolean controller) {
        if (controller) {
            require(
                    "haproxy.cfg.mustache",
                    haproxy,
                    List.of(
                            "backend " + RoutingTable.CONTROLLER,
                            local.controllerSocket().toString(),
                            "set-header X-Portolan-Client %[req.fhdr(x-real-ip)]"),
                    "api.domain");
        }
        if (logs) {
            require("nginx.conf.mustache", nginx, List.of(NginxConfig.ACCESS_LOG), "domains with access_log");
            require("haproxy.cfg.mustache", haproxy, List.of("X-Portolan-Served"), "domains with access_log");
        }
        if (digest) {
            require("nginx.conf.mustache", nginx, List.of("digest)[-.]\" $http_authorization"));
            require(
                    "haproxy.cfg.mustache",
                    haproxy,
                    List.of(
                            local.maps().resolve(HaproxyConfig.SCRIPT).toString(),
                            "lua.portolan_digest",
                            "%[var(txn.challenge)]",
                            "del-header Authorization"));
        }
        require("nginx.conf.mustache", nginx, List.of("X-Portolan-Policy", "X-Portolan-Domain", "X-Portolan-Time"));
        require(
                "haproxy.cfg.mustache",
                haproxy,
                List.of(
                        local.maps().resolve(HaproxyConfig.NAMES).toString(),
                        local.maps().resolve(HaproxyConfig.ROUTES).toString(),
                        local.maps().resolve(HaproxyConfig.RETIRED).toString()));
    }

    private static void require(String template, String text, List<String> words) {
        require(template, text, words, "protected domains");
    }

    private static void require(String template, String text, List<String> words, String who) {
        for (String word : words) {
            if (!text.contains(word)) {
                throw new Failure(
                                Kind.INVALID,
                                "the proxy template " + template + " does not contain " + word + ", which " + who
                                        + (who.equals("api.domain") ? " needs" : " need"))
                        .withHint("start again from a copy of the built-in template; see \"Custom templates\" in"
                                + " docs/proxies.md");
            }
        }
    }
}
