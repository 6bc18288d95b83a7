package org.portolan.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.CheckRequest;

/**
 * HAProxy's file.
 *
 * @param text the whole file; its first line holds the structure's hash
 * @param structure hash of all but the servers: while it stays the same, the runtime API suffices
 * @param script the Lua script that the file names, with this installation's key; secret
 * @param skipped listeners left out because their address is none of this machine's now
 */
public record HaproxyConfig(String text, String structure, String script, List<String> skipped) {
    /** The maps' files; {@link RouteMaps} says what is in them. */
    public static final String NAMES = "names.map";

    public static final String ROUTES = "routes.map";
    public static final String RETIRED = "retired.map";
    public static final String CREDENTIALS = "digest.map";

    /** The Lua script that checks HTTP Digest; it lies beside the maps. */
    public static final String SCRIPT = "digest.lua";

    private static final String TEMPLATE = "haproxy.cfg.mustache";
    private static final String MARK = "# structure ";

    /**
     * How many connections HAProxy takes: each has one more to a server. An eighth of the files is for checks, listeners and
     * sockets.
     */
    public static long connections(long openFiles) {
        return Math.max(100, openFiles * 7 / 16);
    }

    /** Renders the file. */
    public static HaproxyConfig render(
            RoutingTable table, ProxySettings settings, RenderContext local, Templates templates) {
        List<String> skipped = new ArrayList<>();
        List<Listener> listeners = new ArrayList<>();
        Predicate<Frontend.Bind> present =
                bind -> bind.any() || local.addresses().contains(bind.bare());
        for (Frontend frontend : table.frontends()) {
            List<Frontend.Bind> binds = new ArrayList<>();
            for (Frontend.Bind bind : frontend.binds()) {
                if (present.test(bind)) {
                    binds.add(bind);
                } else {
                    skipped.add(bind.toString());
                }
            }
            if (!binds.isEmpty()) {
                boolean outside = frontend.kind() == Frontend.Kind.OUTSIDE;
                listeners.add(new Listener(
                        frontend.name(),
                        frontend.http(),
                        outside && frontend.http(),
                        !outside && frontend.http(),
                        binds.getFirst().toString(),
                        Frontend.Bind.words(binds),
                        frontend.pool()));
            }
        }
        List<Backend> backends = new ArrayList<>();
        for (MeshBackend pool : table.pools().values()) {
            backends.add(Backend.of(pool, local, table.logs()));
        }
        String script = script(local);
        String text = templates.render(
                TEMPLATE, Model.of(settings, local, Hashes.shortHex(script), table, listeners, backends));
        String structure = structure(text);
        return new HaproxyConfig(MARK + structure + "\n" + text, structure, script, skipped);
    }

    /** The shipped script: what protects is nothing that a folder of templates changes. */
    private static String script(RenderContext local) {
        return Templates.shipped()
                .text(SCRIPT)
                .replace(
                        "{{file}}",
                        Sanitizer.file(local.maps().resolve(CREDENTIALS).toString()))
                .replace(
                        "{{page}}",
                        Sanitizer.file(local.pages().resolve("401.html").toString()))
                .replace("{{key}}", local.digestKey());
    }

    /** Hash of all lines but the servers'. */
    private static String structure(String text) {
        StringBuilder rest = new StringBuilder(text.length());
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            int word = from;
            while (word < end && text.charAt(word) == ' ') {
                word++;
            }
            if (!text.startsWith("server ", word)) {
                rest.append(text, from, end).append('\n');
            }
            from = end + 1;
        }
        return Hashes.hex(rest.toString());
    }

    /** Whether a file gives a server a limit of connections. */
    public static boolean limited(String text) {
        return MeshBackend.limited(text);
    }

    /** The structure that a file was written for; "" when it is not one of ours. */
    public static String structureOf(String text) {
        int end = text.startsWith(MARK) ? text.indexOf('\n') : -1;
        return end < 0 ? "" : text.substring(MARK.length(), end).strip();
    }

    /**
     * A frontend, as the template sees it.
     *
     * @param relayed whether a worker of before a reload hands further requests to the present one; not from the outside,
     *     where the client's address would be lost
     * @param relay where the present one listens
     */
    record Listener(
            String name,
            boolean http,
            boolean outside,
            boolean relayed,
            String relay,
            List<String> binds,
            String pool) {}

    /**
     * A service of several that share a backend, as the template sees it.
     *
     * @param service {@code deployment:service}
     * @param servers what the names of its servers match
     */
    record Member(String service, String servers) {
        static Member of(MeshBackend.Member member) {
            String deployment = Sanitizer.name(member.deployment());
            String service = Sanitizer.name(member.service());
            String name = (deployment + "-" + service).replace(".", "[.]");
            return new Member(deployment + ":" + service, "^" + name + "-[0-9]+-[0-9]+(:|$)");
        }
    }

    /**
     * A backend, as the template sees it; each of its servers is all that follows that word in a line.
     *
     * @param members whose the servers are, where the access log asks and the backend's name does not tell
     */
    record Backend(
            String name,
            boolean http,
            boolean sticky,
            String cookie,
            String cookieKey,
            boolean httpCheck,
            String checkSend,
            long checkTimeout,
            List<Member> members,
            List<String> servers) {
        static Backend of(MeshBackend pool, RenderContext local, boolean logs) {
            MeshBackend.Check check = pool.checkOrConnect();
            List<String> lines = new ArrayList<>();
            for (MeshBackend.Entry entry : pool.servers()) {
                lines.add(entry.name() + " " + entry.address() + ":" + entry.listen() + " weight "
                        + (entry.state() == State.READY ? entry.weight() : 0)
                        + pool.words(entry)
                        + (pool.takenOut(entry) ? " disabled" : ""));
            }
            return new Backend(
                    pool.name(),
                    pool.http(),
                    pool.sticky(),
                    pool.sticky() ? "portolan-" + Hashes.shortHex(pool.name()) : "",
                    pool.sticky() ? Hashes.shortHex(local.edgeToken() + pool.name()) : "",
                    check.request().isPresent(),
                    check.request().map(Backend::send).orElse(""),
                    check.timeout(),
                    logs ? pool.members().stream().map(Member::of).toList() : List.of(),
                    lines);
        }

        /** The words after {@code http-check send}. */
        private static String send(CheckRequest request) {
            StringBuilder words = new StringBuilder();
            words.append("meth ").append(Sanitizer.name(request.method()));
            words.append(" uri ").append(Sanitizer.target(request.target())).append(" ver HTTP/1.1");
            for (CheckRequest.Header header : request.headers()) {
                words.append(" hdr ").append(Sanitizer.name(header.name()));
                words.append(' ').append(Sanitizer.headerValue(header.value()));
            }
            return words.toString();
        }
    }

    /** All that the template may name; {@code statistics} is the first of its listeners. */
    record Model(
            boolean standalone,
            boolean asOther,
            String user,
            String group,
            String pages,
            String names,
            String routes,
            String retired,
            String script,
            String scriptHash,
            String connect,
            String answer,
            String tunnel,
            String keepAlive,
            String oldWorker,
            int routerPort,
            String edgeToken,
            long maxConnections,
            long busyConnections,
            long fullConnections,
            String statistics,
            List<String> statisticsListeners,
            String statisticsUser,
            String statisticsHash,
            boolean accessLog,
            boolean controller,
            String controllerBackend,
            String controllerSocket,
            List<Listener> frontends,
            List<Backend> backends) {
        static Model of(
                ProxySettings settings,
                RenderContext local,
                String scriptHash,
                RoutingTable table,
                List<Listener> frontends,
                List<Backend> backends) {
            ProxySettings.Timeouts timeouts = settings.timeouts();
            ProxySettings.Statistics statistics = settings.statistics();
            long most = connections(local.openFiles());
            List<String> shown = Frontend.Bind.words(statistics.addresses().stream()
                    .map(address -> new Frontend.Bind(Sanitizer.address(address), Sanitizer.port(statistics.port())))
                    .toList());
            return new Model(
                    !settings.haproxy().system(),
                    local.worker().isPresent(),
                    local.worker().map(worker -> Sanitizer.name(worker.user())).orElse(""),
                    local.worker().map(worker -> Sanitizer.name(worker.group())).orElse(""),
                    Sanitizer.file(local.pages().toString()),
                    Sanitizer.file(local.maps().resolve(NAMES).toString()),
                    Sanitizer.file(local.maps().resolve(ROUTES).toString()),
                    Sanitizer.file(local.maps().resolve(RETIRED).toString()),
                    Sanitizer.file(local.maps().resolve(SCRIPT).toString()),
                    scriptHash,
                    timeouts.connect().toMillis() + "ms",
                    timeouts.answer().toMillis() + "ms",
                    timeouts.tunnel().toMillis() + "ms",
                    timeouts.keepAlive().toMillis() + "ms",
                    timeouts.oldWorker().toSeconds() + "s",
                    Sanitizer.port(local.routerPort()),
                    Sanitizer.name(local.edgeToken()),
                    most,
                    most - most / 8,
                    most - most / 16,
                    shown.getFirst(),
                    shown,
                    Sanitizer.user(statistics.user()),
                    local.statisticsHash(),
                    table.logs(),
                    table.controller().isPresent(),
                    RoutingTable.CONTROLLER,
                    Sanitizer.file(local.controllerSocket().toString()),
                    frontends,
                    backends);
        }
    }
}
