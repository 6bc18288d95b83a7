package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.InstanceId;
import org.portolan.process.AtomicFiles;
import org.portolan.process.ExclusiveLock;
import org.portolan.process.OpenFiles;
import org.portolan.proxy.Capacity;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.Proxy;
import org.portolan.proxy.ProxySettings;
import org.portolan.proxy.haproxy.Haproxy;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.proxy.render.HaproxyConfig;
import org.portolan.proxy.render.Local;
import org.portolan.proxy.render.NginxConfig;
import org.portolan.proxy.render.PasswordHash;
import org.portolan.proxy.render.Policy;
import org.portolan.proxy.render.RequiredWords;
import org.portolan.proxy.render.RouteMaps;
import org.portolan.proxy.render.RoutingTable;
import org.portolan.proxy.render.Templates;

/**
 * nginx and HAProxy of this machine behind one port.
 *
 * <p>A change goes: the lock; the mark {@code pending}; nginx's file, if it differs; policies of domains that come or
 * change; HAProxy, which knows routes by old and new policies then; nginx, which goes over and shows it; HAProxy, which
 * takes old policies from then on only for what was let in before; the part's file; the mark goes. A mark that is found
 * means that a change was broken off: then nothing on disk is taken for what runs, and HAProxy is reloaded.
 */
public final class LocalProxy implements Proxy {
    private static final Duration LOCK_WAIT = Duration.ofMinutes(2);

    private final ProxySettings settings;
    private final Ground ground;
    private final PartFiles parts;
    private final Templates templates;
    private final Haproxy haproxy;
    private @Nullable Nginx nginx;
    private @Nullable String nginxVersion;

    private LocalProxy(ProxySettings settings) {
        this.settings = settings;
        ground = new Ground(settings);
        parts = new PartFiles(ground.parts());
        templates = new Templates(settings.templates());
        haproxy = new Haproxy(settings.haproxy(), ground.folder(), ground.run());
    }

    /** The proxies of this machine; nothing is made, read or started yet. */
    public static LocalProxy open(ProxySettings settings) {
        return new LocalProxy(settings);
    }

    /** The proxies' files for people: what they would be for the parts, with secrets masked. */
    public record Texts(String haproxy, String routes, String nginx) {}

    /** Renders without touching anything; addresses that this machine lacks are taken for present. */
    public static Texts preview(ProxySettings settings, Collection<DeploymentRoutes> parts) {
        RoutingTable table = RoutingTable.of(parts, settings.edge().address());
        Ground ground = new Ground(settings);
        Templates templates = new Templates(settings.templates());
        Set<String> addresses = Ground.addresses();
        table.frontends().forEach(frontend -> frontend.binds().forEach(bind -> addresses.add(bind.bare())));
        Local local = new Local(
                ground.sites().resolve("pages"),
                ground.sites(),
                ground.run(),
                ground.folder().resolve("maps"),
                Ground.read(ground.folder().resolve("router-port"))
                        .filter(port -> port.matches("\\d{4,5}"))
                        .map(Integer::parseInt)
                        .orElse(14_000),
                "masked",
                "masked",
                addresses,
                ground.worker(),
                ground.knownOpenFiles().orElseGet(OpenFiles::decide),
                "1.22.1");
        StringBuilder routes = new StringBuilder();
        table.routes()
                .forEach((key, pool) ->
                        routes.append(key).append(' ').append(pool).append('\n'));
        return new Texts(
                HaproxyConfig.render(table, settings, local, templates).text(),
                routes.toString(),
                NginxConfig.render(table, settings, local, templates));
    }

    @Override
    public void ensureRunning() {
        Nginx.trimLogs(ground.run());
        if (healthy()) {
            return;
        }
        ground.prepare();
        locked(() -> {
            boolean suspicious = Files.exists(ground.pending());
            RoutingTable table = table(routes());
            Change change = start(table);
            boolean whole = current() && nginx().whole(table);
            return (suspicious || !whole || missingAddressIsBack()) && change.make(suspicious);
        });
    }

    private boolean locked(BooleanSupplier work) {
        ExclusiveLock lock = ExclusiveLock.hold(ground.lock(), LOCK_WAIT);
        try {
            return work.getAsBoolean();
        } finally {
            lock.close();
        }
    }

    private boolean healthy() {
        return haproxy.running()
                && nginx().running()
                && !Files.exists(ground.pending())
                && !missingAddressIsBack()
                && current()
                && nginx().whole(table(routes()));
    }

    /** Whether what runs was configured by this version, and knows policies. */
    private boolean current() {
        return nginx().current() && haproxy.hasMaps();
    }

    private boolean missingAddressIsBack() {
        String skipped = Ground.read(ground.skipped()).orElse("");
        if (skipped.isEmpty()) {
            return false;
        }
        Set<String> addresses = Ground.addresses();
        for (String bind : skipped.split("\n", -1)) {
            int colon = bind.lastIndexOf(':');
            String address = colon < 0 ? bind : bind.substring(0, colon);
            if (addresses.contains(address.replace("[", "").replace("]", ""))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean apply(DeploymentRoutes routes) {
        if (applied(routes.deployment()).equals(Optional.of(routes)) && !Files.exists(ground.pending())) {
            return false;
        }
        // Checked before the lock and before any file: a value that is refused changes nothing.
        table(List.of(routes));
        ground.prepare();
        return locked(() -> {
            List<PartFiles.Part> kept = parts.all();
            long sequence = 0;
            List<DeploymentRoutes> union = new ArrayList<>();
            for (PartFiles.Part part : kept) {
                sequence = Math.max(sequence, part.sequence());
                if (!part.routes().deployment().equals(routes.deployment())) {
                    union.add(part.routes());
                }
            }
            union.add(routes);
            PartFiles.Part written = new PartFiles.Part(sequence + 1, routes);
            return change(union, () -> parts.write(written));
        });
    }

    @Override
    public void remove(String deployment) {
        if (applied(deployment).isEmpty()) {
            return;
        }
        ground.prepare();
        locked(() -> {
            List<DeploymentRoutes> union = new ArrayList<>();
            for (DeploymentRoutes part : routes()) {
                if (!part.deployment().equals(deployment)) {
                    union.add(part);
                }
            }
            return change(union, () -> parts.delete(deployment));
        });
    }

    private boolean change(List<DeploymentRoutes> union, Runnable record) {
        boolean suspicious = Files.exists(ground.pending());
        RoutingTable before = table(routes());
        RoutingTable table = table(union);
        start(before);
        try {
            return new Change(table).make(suspicious, record);
        } catch (Failure failed) {
            undo(before, failed);
            throw failed;
        }
    }

    /** Goes back to what was served; where that fails too, the mark stays and the next change starts from scratch. */
    private void undo(RoutingTable before, Failure failed) {
        try {
            new Change(before).make(false);
        } catch (Failure again) {
            failed.addSuppressed(again);
        }
    }

    /** Starts what does not run, with a table that is known to be good. */
    private Change start(RoutingTable table) {
        boolean haproxyDead = !haproxy.running() || !haproxy.configured();
        boolean nginxDead = !nginx().running();
        if (haproxyDead && !settings.haproxy().system() && !Ground.free(ground.routerPort())) {
            ground.chooseRouterPort();
        }
        nginx().prepare(templates);
        Change change = new Change(table);
        if (haproxyDead || nginxDead) {
            nginx().policies(table, true);
            nginx().lead(table);
        }
        if (haproxyDead) {
            haproxy.start(change.maps, change.config);
            change.rememberSkipped();
        }
        if (nginxDead) {
            nginx().start(change.nginxText);
        }
        if (haproxyDead || nginxDead) {
            nginx().apply(change.nginxText);
            nginx().certificates(table);
            nginx().verify(table);
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
            Local local = local();
            config = HaproxyConfig.render(table, settings, local, templates);
            nginxText = NginxConfig.render(table, settings, local, templates);
            RequiredWords.check(config.text(), nginxText, local);
            maps = RouteMaps.of(table, ground.key());
        }

        boolean make(boolean suspicious) {
            return make(suspicious, () -> {});
        }

        boolean make(boolean suspicious, Runnable record) {
            AtomicFiles.write(ground.pending(), new byte[0], AtomicFiles.PRIVATE);
            upgrade();
            nginx().apply(nginxText);
            Set<Policy> changed = new LinkedHashSet<>(nginx().policies(table, false));
            nginx().certificates(table);
            RouteMaps before = haproxy.maps();
            boolean reloaded =
                    haproxy.apply(table, before.during(maps, System.currentTimeMillis()), config, suspicious);
            changed.addAll(nginx().lead(table));
            nginx().verify(changed);
            RouteMaps settled = before.settled(maps, System.currentTimeMillis());
            haproxy.settle(settled);
            nginx().forget(table, settled.tokens());
            record.run();
            rememberSkipped();
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
                nginx().lead(table);
                nginx().apply(nginxText);
                nginx().awaitPolicies();
            }
        }

        void rememberSkipped() {
            if (config.skipped().isEmpty()) {
                delete(ground.skipped());
            } else {
                AtomicFiles.write(
                        ground.skipped(),
                        String.join("\n", config.skipped()).getBytes(StandardCharsets.UTF_8),
                        AtomicFiles.PRIVATE);
            }
        }
    }

    private Local local() {
        String password = settings.statistics().password().orElseGet(() -> ground.secret("statistics"));
        return new Local(
                ground.sites().resolve("pages"),
                ground.sites(),
                ground.run(),
                haproxy.mapFolder(),
                ground.routerPort(),
                ground.secret("edge"),
                PasswordHash.of(password, ground.key(), "statistics"),
                Ground.addresses(),
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

    private RoutingTable table(Collection<DeploymentRoutes> union) {
        return RoutingTable.of(union, settings.edge().address());
    }

    private List<DeploymentRoutes> routes() {
        return parts.all().stream().map(PartFiles.Part::routes).toList();
    }

    @Override
    public Optional<DeploymentRoutes> applied(String deployment) {
        return parts.read(deployment).map(PartFiles.Part::routes);
    }

    @Override
    public SortedMap<String, DeploymentRoutes> applied() {
        SortedMap<String, DeploymentRoutes> all = new TreeMap<>();
        routes().forEach(part -> all.put(part.deployment(), part));
        return all;
    }

    @Override
    public Map<InstanceId, List<ServerView>> observe(String deployment) {
        Optional<DeploymentRoutes> part = applied(deployment);
        return part.isEmpty() ? Map.of() : haproxy.observe(part.get());
    }

    @Override
    public List<String> describe() {
        if (!Files.isDirectory(ground.folder())) {
            return List.of("haproxy  never started", "nginx    never started");
        }
        ProxySettings.Statistics statistics = settings.statistics();
        String password = statistics.password().isPresent()
                ? "the configured password"
                : "the password in " + ground.folder().resolve("secret-statistics");
        List<String> lines = new ArrayList<>(List.of(
                haproxy.describe(),
                nginx().describe(),
                "statistics  http://" + statistics.address() + ":" + statistics.port() + "/ and /metrics, user "
                        + statistics.user() + ", " + password));
        for (Capacity capacity : capacities()) {
            lines.add("capacity  " + capacity.text());
            capacity.troubles().forEach(trouble -> lines.add("warning   " + trouble));
        }
        return lines;
    }

    @Override
    public List<Capacity> capacities() {
        List<Capacity> all = new ArrayList<>();
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
        if (Files.isDirectory(ground.folder())) {
            locked(() -> {
                nginx().stop();
                haproxy.stop();
                if (!settings.nginx().system() && !settings.haproxy().system()) {
                    ground.clearOutside();
                }
                return true;
            });
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
            throw new Failure(ExitStatus.UNAVAILABLE, "cannot delete " + file + ": " + problem.getMessage())
                    .withCause(problem);
        }
    }
}
