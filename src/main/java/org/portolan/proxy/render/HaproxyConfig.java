package org.portolan.proxy.render;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.portolan.proxy.DeploymentRoutes.State;
import org.portolan.proxy.ProxySettings;

/**
 * HAProxy's file.
 *
 * @param text the whole file; its second line holds the structure's hash
 * @param structure hash of all but the servers: while it stays the same, the runtime API suffices
 * @param skipped listeners left out because their address is none of this machine's now
 */
public record HaproxyConfig(String text, String structure, List<String> skipped) {
    private static final String TEMPLATE = "haproxy.cfg.mustache";

    /** Renders the file. */
    public static HaproxyConfig render(RoutingTable table, ProxySettings settings, Local local, Templates templates) {
        List<String> skipped = new ArrayList<>();
        List<Listener> listeners = new ArrayList<>();
        Predicate<Frontend.Bind> present =
                bind -> bind.any() || local.addresses().contains(bind.bare());
        for (Frontend frontend : table.frontends()) {
            List<String> binds = new ArrayList<>();
            for (Frontend.Bind bind : frontend.binds()) {
                if (present.test(bind)) {
                    binds.add(bind.toString());
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
                        binds.getFirst(),
                        binds,
                        frontend.pool()));
            }
        }
        List<Backend> full = new ArrayList<>();
        List<Backend> bare = new ArrayList<>();
        for (Pool pool : table.pools().values()) {
            full.add(Backend.of(pool, local, true));
            bare.add(Backend.of(pool, local, false));
        }
        String structure = Hashes.hex(templates.render(TEMPLATE, Model.of(settings, local, "", listeners, bare)));
        String text = templates.render(TEMPLATE, Model.of(settings, local, structure, listeners, full));
        return new HaproxyConfig(text, structure, skipped);
    }

    /** The structure that a file was written for; "" when it is not one of ours. */
    public static String structureOf(String text) {
        String mark = "# structure ";
        int at = text.indexOf(mark);
        int end = at < 0 ? -1 : text.indexOf('\n', at);
        return end < 0 ? "" : text.substring(at + mark.length(), end).strip();
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

    /** A backend, as the template sees it. */
    record Backend(
            String name,
            boolean http,
            boolean sticky,
            String cookie,
            String cookieKey,
            boolean httpCheck,
            String checkPath,
            long checkTimeout,
            List<ServerLine> servers) {
        static Backend of(Pool pool, Local local, boolean servers) {
            Pool.Check check = pool.checkOrConnect();
            List<ServerLine> lines = new ArrayList<>();
            if (servers) {
                for (Pool.Entry entry : pool.servers()) {
                    boolean out = pool.takenOut(entry);
                    lines.add(new ServerLine(
                            entry.name(),
                            entry.address() + ":" + entry.listen(),
                            entry.state() == State.READY ? entry.weight() : 0,
                            pool.checkWords(),
                            out));
                }
            }
            return new Backend(
                    pool.name(),
                    pool.http(),
                    pool.sticky(),
                    "portolan-" + Hashes.shortHex(pool.name()),
                    Hashes.shortHex(local.edgeToken() + pool.name()),
                    !check.path().isEmpty(),
                    check.path(),
                    check.timeout(),
                    lines);
        }
    }

    /** A server's line. */
    record ServerLine(String name, String address, int weight, String check, boolean disabled) {}

    /** All that the template may name. */
    record Model(
            String structure,
            boolean standalone,
            boolean asOther,
            String user,
            String group,
            String pages,
            String routes,
            String connect,
            String answer,
            String tunnel,
            String keepAlive,
            String oldWorker,
            int routerPort,
            String edgeToken,
            String statistics,
            String statisticsUser,
            String statisticsHash,
            List<Listener> frontends,
            List<Backend> backends) {
        static Model of(
                ProxySettings settings,
                Local local,
                String structure,
                List<Listener> frontends,
                List<Backend> backends) {
            ProxySettings.Timeouts timeouts = settings.timeouts();
            ProxySettings.Statistics statistics = settings.statistics();
            return new Model(
                    structure,
                    !settings.haproxy().system(),
                    local.worker().isPresent(),
                    local.worker().map(worker -> Checked.name(worker.user())).orElse(""),
                    local.worker().map(worker -> Checked.name(worker.group())).orElse(""),
                    Checked.file(local.pages().toString()),
                    Checked.file(local.routes().toString()),
                    timeouts.connect().toMillis() + "ms",
                    timeouts.answer().toMillis() + "ms",
                    timeouts.tunnel().toMillis() + "ms",
                    timeouts.keepAlive().toMillis() + "ms",
                    timeouts.oldWorker().toSeconds() + "s",
                    Checked.port(local.routerPort()),
                    Checked.name(local.edgeToken()),
                    Checked.address(statistics.address()) + ":" + Checked.port(statistics.port()),
                    Checked.user(statistics.user()),
                    local.statisticsHash(),
                    frontends,
                    backends);
        }
    }
}
