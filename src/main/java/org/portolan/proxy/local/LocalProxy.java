package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.ProxyText;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.routing.ProxyObservation;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.process.AtomicFiles;
import org.portolan.process.ExclusiveLock;
import org.portolan.process.Listeners;
import org.portolan.proxy.Proxy;
import org.portolan.proxy.haproxy.Haproxy;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.routing.Frontend;
import org.portolan.routing.HaproxyConfig;
import org.portolan.routing.NginxConfig;
import org.portolan.routing.PasswordHash;
import org.portolan.routing.Policy;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RenderContext;
import org.portolan.routing.RequiredWords;
import org.portolan.routing.RouteMaps;
import org.portolan.routing.RoutingTable;
import org.portolan.routing.Templates;

/**
 * nginx and HAProxy of this machine behind one port.
 *
 * <p>A change goes: the lock; the mark {@code pending}; nginx's file, if it differs; policies of domains that come or
 * change; HAProxy, which knows routes by old and new policies then; nginx, which goes over and shows it; HAProxy, which
 * takes old policies from then on only for what was let in before; the part's file; the mark goes. A mark that is found
 * means that a change was broken off: then nothing on disk is taken for what runs, and HAProxy is reloaded.
 */
public final class LocalProxy implements Proxy {
    private static final Duration LOCK_WAIT = Duration.ofSeconds(90);
    private static final Duration REST = Duration.ofSeconds(3);

    private final ProxySettings settings;
    private final ProxyLayout ground;
    private final RouteSetFiles parts;
    private final Templates templates;
    private final Haproxy haproxy;
    private @Nullable Nginx nginx;
    private @Nullable String nginxVersion;

    private LocalProxy(ProxySettings settings) {
        this.settings = settings;
        ground = new ProxyLayout(settings);
        parts = new RouteSetFiles(ground.parts(), this::table);
        templates = TemplateFiles.in(settings.templates());
        haproxy = new Haproxy(settings.haproxy(), ground.folder(), ground.run());
    }

    /** The proxies of this machine; nothing is made, read or started yet. */
    public static LocalProxy open(ProxySettings settings) {
        LocalProxy proxy = new LocalProxy(settings);
        String folder = proxy.ground.folder().toString();
        String fault = ProxyText.FILE.fault(folder);
        if (fault != null) {
            throw new Failure(Kind.INVALID, "the proxies cannot use the folder \"" + folder + "\": " + fault)
                    .withHint("set PORTOLAN_HOME to a path with these characters only");
        }
        return proxy;
    }

    @Override
    public List<String> ensureRunning() {
        Nginx.trimLogs(ground.run());
        if (!Files.exists(ground.pending()) && repairs(false).isEmpty() && current()) {
            return List.of();
        }
        ground.prepare();
        List<String> done = new ArrayList<>();
        locked(() -> {
            boolean suspicious = Files.exists(ground.pending());
            List<ProxyDefect> seen = repairs(true);
            seen.forEach(
                    defect -> done.add(defect.found() + ": " + defect.repair().orElse("")));
            RouteSetFiles.Applied applied = parts.all();
            parts.setAside(applied);
            Change started = start(applied.table());
            List<ProxyDefect> left = repairs(true);
            // What just did not run is whole once it is started; of all else the start may have mended a part only.
            boolean change = suspicious
                    || !left.isEmpty()
                    || !current()
                    || !seen.stream().allMatch(ProxyDefect::down);
            return change && started.make(suspicious || haproxyLacks(left), true, () -> {});
        });
        List<ProxyDefect> left = repairs(false);
        if (!left.isEmpty()) {
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "the proxies do not match the configuration: "
                                    + left.getFirst().found())
                    .withDetails(left.stream().map(ProxyDefect::found).toList())
                    .withHint("portolan doctor shows more; portolan system down and up restart them from scratch");
        }
        return done;
    }

    /** The file may name a listener that HAProxy could not have: then the same file is to be loaded again. */
    private static boolean haproxyLacks(List<ProxyDefect> defects) {
        return defects.stream().anyMatch(defect -> defect.found().startsWith("HAProxy "));
    }

    private List<ProxyDefect> repairs(boolean locked) {
        return found(parts.all(), locked).stream()
                .filter(defect -> defect.repair().isPresent())
                .toList();
    }

    @Override
    public List<ProxyDefect> defects() {
        return Files.isDirectory(ground.folder()) && !parts.none() ? found(parts.all(), false) : List.of();
    }

    @Override
    public ProxyObservation look(Set<String> deployments) {
        RouteSetFiles.Applied all = parts.all();
        SortedMap<String, RouteSet> applied = byDeployment(all);
        if (Collections.disjoint(applied.keySet(), deployments)) {
            return new ProxyObservation(applied, List.of(), false);
        }
        Nginx.trimLogs(ground.run());
        ProxyObservation seen = new ProxyObservation(applied, found(all, false), false);
        boolean whole = !seen.repairable() && !Files.exists(ground.pending()) && current();
        return new ProxyObservation(applied, seen.defects(), whole);
    }

    /** @param locked whether the caller holds the lock */
    private List<ProxyDefect> found(RouteSetFiles.Applied applied, boolean locked) {
        boolean made = Files.isDirectory(ground.folder());
        RoutingTable table = applied.table();
        List<ProxyDefect> found = check().find(table, made ? ground.changed(settings) : List.of());
        found.addAll(parts.defects(applied));
        // What an earlier version made has other files; it is brought to the present ones without a word.
        if (made && haproxy.running() && nginx().running() && current()) {
            found.addAll(locked ? serving(table) : servingAtRest(table));
        }
        return found;
    }

    /**
     * While another process changes the proxies they are ahead of what is written: what differs then is looked at again
     * when it has ended. One that takes long has not, and brings about itself what it changes.
     */
    private List<ProxyDefect> servingAtRest(RoutingTable table) {
        if (serving(table).isEmpty()) {
            return List.of();
        }
        Optional<ExclusiveLock> rest = ExclusiveLock.tryHold(ground.lock(), REST);
        try {
            return rest.isPresent() ? serving(parts.all().table()) : List.of();
        } finally {
            rest.ifPresent(ExclusiveLock::close);
        }
    }

    private List<ProxyDefect> serving(RoutingTable table) {
        List<ProxyDefect> found = new ArrayList<>();
        if (Files.exists(ground.pending())) {
            found.add(new ProxyDefect(
                    "a change of the proxies was interrupted",
                    Optional.of("reload them with the routes applied last")));
        }
        found.addAll(new ServingCheck(haproxy, nginx()).find(table, RouteMaps.of(table, ground.key())));
        return found;
    }

    private ProxyCheck check() {
        return new ProxyCheck(settings, haproxy, looker(), ground.knownRouterPort());
    }

    /** nginx to look at: where nothing was made yet, or all of it was lost, looking makes nothing. */
    private Nginx looker() {
        return Files.isDirectory(ground.folder())
                ? nginx()
                : new Nginx(settings, ground.run(), ground.sites(), ground.worker(), new byte[0], "");
    }

    @Override
    public List<ProxyListener> own() {
        List<ProxyListener> own = new ArrayList<>();
        for (String address : settings.edge().addresses()) {
            own.add(new ProxyListener(address, settings.edge().http(), "the edge's HTTP port", "edge.http"));
            own.add(new ProxyListener(address, settings.edge().https(), "the edge's HTTPS port", "edge.https"));
        }
        for (String address : settings.statistics().addresses()) {
            own.add(new ProxyListener(address, settings.statistics().port(), "HAProxy's statistics", "stats.port"));
        }
        ground.knownRouterPort()
                .ifPresent(port ->
                        own.add(new ProxyListener("127.0.0.1", port, "the port between nginx and HAProxy", "")));
        return own;
    }

    @Override
    public Optional<String> obstacle(String address, int port) {
        return check().obstacle(address, port);
    }

    private boolean locked(BooleanSupplier work) {
        ExclusiveLock lock = ExclusiveLock.hold(ground.lock(), LOCK_WAIT);
        try {
            return work.getAsBoolean();
        } finally {
            lock.close();
        }
    }

    @Override
    public Optional<String> renewal() {
        boolean earlier = Files.isDirectory(ground.folder()) && nginx().running() && !nginx().current();
        return earlier
                ? Optional.of(
                        "the proxies still have the configuration of an earlier version of Portolan and are updated now: nginx"
                                + " is reloaded once, which closes idle connections of clients")
                : Optional.empty();
    }

    /** Whether what runs was configured by this version, and knows policies. */
    private boolean current() {
        return nginx().current() && haproxy.hasMaps();
    }

    @Override
    public boolean apply(RouteSet routes) {
        if (applied(routes.deployment()).equals(Optional.of(routes)) && !Files.exists(ground.pending())) {
            return false;
        }
        // Checked before the lock and before any file: a value that is refused changes nothing.
        table(List.of(routes));
        ground.prepare();
        return locked(() -> {
            RouteSetFiles.Applied applied = parts.all();
            parts.setAside(applied);
            long sequence = 0;
            List<RouteSet> union = new ArrayList<>();
            for (RouteSetFiles.Part part : applied.parts()) {
                sequence = Math.max(sequence, part.sequence());
                if (!part.routes().deployment().equals(routes.deployment())) {
                    union.add(part.routes());
                }
            }
            union.add(routes);
            RouteSetFiles.Part written = new RouteSetFiles.Part(sequence + 1, routes);
            return change(applied.table(), union, () -> parts.write(written));
        });
    }

    @Override
    public void remove(String deployment) {
        if (applied(deployment).isEmpty() && !parts.damaged(deployment)) {
            parts.delete(deployment);
            return;
        }
        ground.prepare();
        locked(() -> {
            RouteSetFiles.Applied applied = parts.all();
            List<RouteSet> union = new ArrayList<>(RouteSetFiles.routes(applied.parts()));
            union.removeIf(part -> part.deployment().equals(deployment));
            return change(applied.table(), union, () -> parts.delete(deployment));
        });
    }

    private boolean change(RoutingTable before, List<RouteSet> union, Runnable record) {
        boolean suspicious = Files.exists(ground.pending());
        RoutingTable table = table(union);
        start(before);
        try {
            return new Change(table).make(suspicious, false, record);
        } catch (Failure failed) {
            undo(before, failed);
            throw failed;
        }
    }

    /** Goes back to what was served; where that fails too, the mark stays and the next change starts from scratch. */
    private void undo(RoutingTable before, Failure failed) {
        try {
            new Change(before).make(false, false, () -> {});
        } catch (Failure again) {
            failed.addSuppressed(again);
        }
    }

    /** Starts what does not run, with a table that is known to be good. */
    private Change start(RoutingTable table) {
        boolean haproxyDead = !haproxy.running() || !haproxy.configured();
        boolean nginxDead = !nginx().running();
        if (haproxyDead) {
            haproxy.dismissLost();
        }
        if (haproxyDead && !settings.haproxy().system() && !ProxyLayout.free(ground.routerPort())) {
            ground.chooseRouterPort();
        }
        nginx().prepare(templates);
        Change change = new Change(table);
        if (haproxyDead || nginxDead) {
            nginx().policies(table, true);
            nginx().lead(table, false);
        }
        if (haproxyDead) {
            haproxy.start(change.maps, change.config);
        }
        if (nginxDead) {
            nginx().start(change.nginxText);
        }
        if (haproxyDead || nginxDead) {
            nginx().apply(change.nginxText);
            nginx().certificates(table, false);
            nginx().verify(table);
            ground.applied(settings);
        }
        return change;
    }

    /** A change to a table; the lock is held. */
    private final class Change {
        private final RoutingTable table;
        private final HaproxyConfig config;
        private final String nginxText;
        private final RouteMaps maps;

        Change(RoutingTable table) {
            this.table = table;
            RenderContext local = local(table);
            config = HaproxyConfig.render(table, settings, local, templates);
            nginxText = NginxConfig.render(table, settings, local, templates);
            RequiredWords.check(config.text(), nginxText, local, table.digest());
            maps = RouteMaps.of(table, ground.key());
        }

        /**
         * Makes it.
         *
         * @param suspicious whether HAProxy is reloaded in any case
         * @param anew whether nginx's files by domain are compared and led to anew
         * @param record done once both serve by the table
         */
        boolean make(boolean suspicious, boolean anew, Runnable record) {
            AtomicFiles.write(ground.pending(), new byte[0], AtomicFiles.PRIVATE);
            upgrade();
            nginx().apply(nginxText);
            Set<Policy> changed = new LinkedHashSet<>(nginx().policies(table, anew));
            nginx().certificates(table, anew);
            RouteMaps before = haproxy.maps();
            RouteMaps during = before.during(maps, System.currentTimeMillis());
            boolean reloaded = haproxy.apply(table, during, config, suspicious);
            changed.addAll(nginx().lead(table, anew));
            nginx().verify(changed);
            RouteMaps settled = before.settled(maps, System.currentTimeMillis());
            if (!settled.equals(during)) {
                haproxy.settle(settled);
            }
            nginx().forget(table, settled.tokens());
            record.run();
            ground.applied(settings);
            // The map of before there were policies.
            delete(ground.folder().resolve("routes.map"));
            delete(ground.pending());
            return reloaded;
        }

        /**
         * Brings an nginx of before there were policies to its new file first: the HAProxy of then does not ask for marks,
         * while the present one would refuse every request without.
         */
        private void upgrade() {
            if (!nginx().current()) {
                nginx().policies(table, false);
                nginx().lead(table, false);
                nginx().apply(nginxText);
                nginx().awaitPolicies();
            }
        }
    }

    private RenderContext local(RoutingTable table) {
        Set<String> addresses = ProxyLayout.addresses();
        for (Frontend frontend : table.frontends()) {
            for (Frontend.Bind bind : frontend.binds()) {
                if (ProxyLayout.isHere(bind.bare(), addresses)) {
                    addresses.add(bind.bare());
                }
            }
        }
        String password = settings.statistics().password().orElseGet(() -> ground.secret("statistics"));
        return new RenderContext(
                ground.sites().resolve("pages"),
                ground.sites(),
                ground.run(),
                haproxy.mapFolder(),
                ground.routerPort(),
                ground.secret("edge"),
                ground.digestKey(),
                PasswordHash.of(password, ground.key(), "statistics"),
                addresses,
                ground.worker(),
                ground.openFiles(nginx().pid()),
                nginxVersion());
    }

    private String nginxVersion() {
        if (nginxVersion == null) {
            nginxVersion = nginx().version();
        }
        return nginxVersion;
    }

    private Nginx nginx() {
        if (nginx == null) {
            ground.prepare();
            nginx = new Nginx(
                    settings, ground.run(), ground.sites(), ground.worker(), ground.key(), ground.secret("edge"));
        }
        return nginx;
    }

    private RoutingTable table(Collection<RouteSet> union) {
        return RoutingTable.of(union, settings.edge().addresses());
    }

    @Override
    public Optional<RouteSet> applied(String deployment) {
        return parts.read(deployment).map(RouteSetFiles.Part::routes);
    }

    @Override
    public SortedMap<String, RouteSet> applied() {
        return byDeployment(parts.all());
    }

    private static SortedMap<String, RouteSet> byDeployment(RouteSetFiles.Applied applied) {
        SortedMap<String, RouteSet> all = new TreeMap<>();
        RouteSetFiles.routes(applied.parts()).forEach(part -> all.put(part.deployment(), part));
        return all;
    }

    @Override
    public Map<InstanceId, List<ServerView>> observe(String deployment) {
        Optional<RouteSet> part = applied(deployment);
        return part.isEmpty() ? Map.of() : haproxy.observe(part.get());
    }

    @Override
    public List<String> describe() {
        Nginx seen = looker();
        boolean started = Files.isDirectory(ground.folder());
        if (!started && haproxy.anyProcess().isEmpty() && seen.pid().isEmpty()) {
            return List.of("haproxy  not started yet", "nginx    not started yet");
        }
        List<String> lines = new ArrayList<>(List.of(haproxy.describe(), seen.describe()));
        if (!started) {
            lines.add(ground.folder() + " is missing while they are running; portolan system up replaces them");
        } else if (haproxy.running()) {
            lines.add(statistics());
        }
        for (ProxyCapacity capacity : capacities()) {
            lines.add("capacity  " + capacity.text());
            capacity.troubles().forEach(trouble -> lines.add("warning   " + trouble));
        }
        return lines;
    }

    private String statistics() {
        ProxySettings.Statistics statistics = settings.statistics();
        if (check().missing(statistics.addresses(), statistics.port())) {
            return "statistics  not listening";
        }
        String password = statistics.password().isPresent()
                ? "the configured password"
                : "the password in " + ground.folder().resolve("secret-statistics");
        return "statistics  http://" + Listeners.shown(statistics.nearest(), statistics.port())
                + "/ and /metrics, user " + statistics.user() + ", " + password;
    }

    @Override
    public List<ProxyCapacity> capacities() {
        List<ProxyCapacity> all = new ArrayList<>();
        ground.knownOpenFiles().ifPresent(decided -> {
            haproxy.capacity(decided).ifPresent(all::add);
            nginx().capacity(decided).ifPresent(all::add);
        });
        return all;
    }

    /**
     * Ends both (those that Portolan started); requests in flight are cut off. Files stay for the next start, but for those
     * outside of the state directory, which nobody would find again; the system's own proxies go on reading them.
     */
    public void stop() {
        Nginx seen = looker();
        if (!Files.isDirectory(ground.folder())) {
            // The lock went with the files; what runs is known by its command line.
            seen.stop();
            haproxy.stop();
            clearOutside();
            return;
        }
        locked(() -> {
            seen.stop();
            haproxy.stop();
            clearOutside();
            return true;
        });
    }

    private void clearOutside() {
        if (!settings.nginx().system() && !settings.haproxy().system()) {
            ground.clearOutside();
        }
    }

    /** The folder that holds the proxies' files. */
    public Path folder() {
        return ground.folder();
    }

    @Override
    public void close() {}

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot delete " + file + ": " + problem.getMessage())
                    .withCause(problem);
        }
    }
}
