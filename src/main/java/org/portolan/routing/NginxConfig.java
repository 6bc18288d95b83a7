package org.portolan.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** nginx's file: the same for all domains, so that only settings and names of wildcard certificates change it. */
public final class NginxConfig {
    private static final String GENERATION = "# generation ";
    private static final String UNKNOWN_GENERATION = "generation-unknown";

    /** The access log's file, in the folder that nginx's workers reach. */
    public static final String ACCESS_LOG = "log/access.log";

    /** Some ASCII, or another character in UTF-8, as a regular expression on bytes. */
    private static final String UTF_8 = "(?:[\\x00-\\x7f]++|[\\xc2-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]"
            + "|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}|\\xed[\\x80-\\x9f][\\x80-\\xbf]|\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}"
            + "|[\\xf1-\\xf3][\\x80-\\xbf]{3}|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2})";

    private NginxConfig() {}

    /** How many connections a worker takes: a request has one to the client and one to HAProxy. */
    public static long connections(long openFiles) {
        return Math.clamp(openFiles / 2, 256, 16_384);
    }

    /** Renders the file; its first line holds the generation, by which its workers are known. */
    public static String render(RoutingTable table, ProxySettings settings, RenderContext local, Templates templates) {
        // Given by the text itself, so that it changes with whatever changes.
        String text = text(table, settings, local, templates);
        if (!text.contains(UNKNOWN_GENERATION)) {
            return text;
        }
        String generation = Hashes.shortHex(text);
        return GENERATION + generation + "\n" + text.replace(UNKNOWN_GENERATION, generation);
    }

    /** Which configuration a text is; empty for one that has no mark (an older one, or a user's own template). */
    public static Optional<String> generationOf(String text) {
        int end = text.startsWith(GENERATION) ? text.indexOf('\n') : -1;
        return end < 0 ? Optional.empty() : Optional.of(text.substring(GENERATION.length(), end));
    }

    private static String text(RoutingTable table, ProxySettings settings, RenderContext local, Templates templates) {
        ProxySettings.Edge edge = settings.edge();
        boolean http2Directive = local.nginxAtLeast(1, 25, 1);
        return templates.render(
                "nginx.conf.mustache",
                new Model(
                        !settings.nginx().system(),
                        local.worker().isPresent(),
                        local.worker()
                                .map(worker -> Sanitizer.name(worker.user()))
                                .orElse(""),
                        local.worker()
                                .map(worker -> Sanitizer.name(worker.group()))
                                .orElse(""),
                        Sanitizer.file(local.sites().toString()),
                        Sanitizer.file(local.pages().toString()),
                        Sanitizer.file(local.run().toString()),
                        connections(local.openFiles()),
                        local.openFiles(),
                        listens(edge.addresses(), edge.http()).getFirst(),
                        listens(edge.addresses(), edge.https()).getFirst(),
                        listens(edge.addresses(), edge.http()),
                        listens(edge.addresses(), edge.https()),
                        edge.https() == 443 ? "" : ":" + edge.https(),
                        !edge.trusted().isEmpty(),
                        edge.trusted().stream().map(Sanitizer::network).toList(),
                        edge.proxyProtocol(),
                        http2Directive,
                        !http2Directive,
                        local.nginxAtLeast(1, 27, 4),
                        edge.maxUpload(),
                        settings.timeouts().answer().toSeconds() + "s",
                        settings.timeouts().connect().toSeconds() + "s",
                        settings.timeouts().oldWorker().toSeconds() + "s",
                        FORWARDS,
                        Sanitizer.port(local.routerPort()),
                        Sanitizer.name(local.edgeToken()),
                        UNKNOWN_GENERATION,
                        table.logs(),
                        ACCESS_LOG,
                        UTF_8,
                        anyCertificate(table),
                        certificateNames(table)));
    }

    /** {@code ::} takes IPv4 too, unless IPv4 is named beside it; nginx's own default is IPv6 only. */
    private static List<String> listens(List<String> addresses, int port) {
        boolean four = addresses.stream().anyMatch(address -> address.indexOf(':') < 0);
        List<String> listens = new ArrayList<>();
        for (String address : addresses) {
            listens.add(Sanitizer.address(address) + ":" + Sanitizer.port(port)
                    + (address.equals("::") && !four ? " ipv6only=off" : ""));
        }
        return listens;
    }

    /** Whether {@code *} has a certificate: it serves every name without a certificate, so all of those are listed. */
    private static boolean anyCertificate(RoutingTable table) {
        Site any = table.sites().get("*");
        return any != null && any.certificate().isPresent();
    }

    /**
     * Names whose certificate is not simply the file with the same name: wildcards, and, because a wildcard would win over
     * them, the exact names under such a wildcard that have a certificate.
     */
    static List<CertificateName> certificateNames(RoutingTable table) {
        List<CertificateName> names = new ArrayList<>();
        for (Site site : table.sites().values()) {
            if (site.certificate().isEmpty()) {
                continue;
            }
            String host = site.host();
            int dot = host.indexOf('.');
            Site wildcard = dot < 0 ? null : table.sites().get("*" + host.substring(dot));
            boolean under = anyCertificate(table)
                    || (wildcard != null && wildcard.certificate().isPresent());
            if (host.startsWith("*.") || (under && !host.equals("*"))) {
                names.add(new CertificateName(host));
            }
        }
        return names;
    }

    /**
     * A module by which nginx asks HAProxy; both send the same headers.
     *
     * @param http1 whether it speaks HTTP/1.1, in which a connection can be upgraded
     */
    record Forward(String module, boolean http1) {}

    private static final List<Forward> FORWARDS = List.of(new Forward("proxy", true), new Forward("grpc", false));

    /** A name in the map of certificates. */
    record CertificateName(String name) {}

    /** All that the template may name; {@code http} and {@code https} are the first of the listeners. */
    record Model(
            boolean standalone,
            boolean asOther,
            String user,
            String group,
            String sites,
            String pages,
            String run,
            long connections,
            long openFiles,
            String http,
            String https,
            List<String> httpListeners,
            List<String> httpsListeners,
            String httpsSuffix,
            boolean behindProxies,
            List<String> trusted,
            boolean proxyProtocol,
            boolean http2Directive,
            boolean http2Listen,
            boolean keepaliveMinTimeout,
            long maxUpload,
            String answer,
            String connect,
            String oldWorker,
            List<Forward> forwards,
            int routerPort,
            String edgeToken,
            String generation,
            boolean accessLog,
            String accessLogFile,
            String utf8,
            boolean anyCertificate,
            List<CertificateName> certificates) {}
}
