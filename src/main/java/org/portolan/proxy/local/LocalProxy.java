package org.portolan.proxy.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.ProxyText;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.model.routing.ControllerEntry;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.routing.ProxyObservation;
import org.portolan.model.routing.ProxyObservation.Condition;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.process.ExclusiveLock;
import org.portolan.proxy.Proxy;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.routing.ControllerClaims;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RenderContext;
import org.portolan.routing.RoutingTable;

/**
 * nginx and HAProxy of this machine behind one port.
 *
 * <p>A change is made under the lock of the proxies ({@link ProxyChange}).
 */
public final class LocalProxy implements Proxy {
    private static final Duration LOCK_WAIT = Duration.ofSeconds(90);

    private final LocalPrograms programs;
    private final ProxyLayout layout;
    private final RouteSetFiles parts;
    private final DefectFinder defects;
    private final ProxyReport report;
    private final ProxyFileWatch.Changes changes = new ProxyFileWatch.Changes();

    private LocalProxy(ProxySettings settings) {
        programs = new LocalPrograms(settings);
        layout = programs.layout;
        parts = new RouteSetFiles(layout.parts(), programs::table);
        defects = new DefectFinder(programs, parts);
        report = new ProxyReport(programs);
    }

    /** The proxies of this machine; nothing is made, read or started yet. */
    public static LocalProxy open(ProxySettings settings) {
        LocalProxy proxy = new LocalProxy(settings);
        String folder = proxy.layout.folder().toString();
        String fault = ProxyText.FILE.fault(folder);
        if (fault != null) {
            throw new Failure(Kind.INVALID, "the proxies cannot use the folder \"" + folder + "\": " + fault)
                    .withHint("set PORTOLAN_HOME to a path with these characters only");
        }
        return proxy;
    }

    @Override
    public List<String> ensureRunning() {
        keepLogs();
        if (!programs.brokenOff() && defects.repairs(false).isEmpty() && programs.current()) {
            return List.of();
        }
        layout.prepare();
        List<String> done = new ArrayList<>();
        locked(() -> {
            boolean suspicious = programs.brokenOff();
            List<ProxyDefect> seen = defects.repairs(true);
            seen.forEach(
                    defect -> done.add(defect.found() + ": " + defect.repair().orElse("")));
            RouteSetFiles.Applied applied = parts.all();
            parts.setAside(applied);
            ProxyChange.start(programs, applied.table());
            List<ProxyDefect> left = defects.repairs(true);
            // What just did not run is whole once it is started; the start may have repaired only a part of the rest.
            boolean change = suspicious
                    || !left.isEmpty()
                    || !programs.current()
                    || !seen.stream().allMatch(ProxyDefect::down);
            return change
                    && new ProxyChange(programs, applied.table())
                            .make(suspicious || haproxyLacks(left), true, () -> {});
        });
        List<ProxyDefect> left = defects.repairs(false);
        if (!left.isEmpty()) {
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "the proxies do not match the configuration: "
                                    + left.getFirst().found())
                    .withDetails(left.stream().map(ProxyDefect::found).toList())
                    .withRemedy(Remedy.of(Call.of(Verb.DOCTOR))
                            .and(" shows more; ")
                            .and(Call.of(Verb.SYSTEM_DOWN))
                            .and(" and ")
                            .and(Call.of(Verb.SYSTEM_UP))
                            .and(" restart them from scratch"));
        }
        return done;
    }

    /** The file may name a listener that HAProxy could not have: then the same file is to be loaded again. */
    private static boolean haproxyLacks(List<ProxyDefect> left) {
        return left.stream().anyMatch(defect -> defect.about() == ProxyDefect.Subject.MESH);
    }

    @Override
    public List<ProxyDefect> defects() {
        boolean any = Files.isDirectory(layout.folder())
                && (!parts.none() || published().isPresent());
        return any ? defects.found(parts.all(), false) : List.of();
    }

    @Override
    public void keepLogs() {
        programs.looker().keepLogs(layout.run(), programs.accessLog(), Instant.now());
    }

    @Override
    public Optional<Path> accessLog() {
        return parts.all().table().logs() ? Optional.of(programs.accessLog().file()) : Optional.empty();
    }

    @Override
    public AccessLogPage accessLog(AccessLogQuery query) {
        return new AccessLogReader(programs.accessLog()).read(query);
    }

    @Override
    public ProxyObservation look(Set<String> deployments) {
        RouteSetFiles.Applied all = parts.all();
        SortedMap<String, RouteSet> applied = byDeployment(all);
        if (Collections.disjoint(applied.keySet(), deployments)) {
            return new ProxyObservation(applied, published(), () -> Condition.NOT_LOOKED);
        }
        keepLogs();
        Asked<Condition> condition = Asked.of("proxies", () -> condition(all));
        return new ProxyObservation(applied, published(), condition::answer);
    }

    private Condition condition(RouteSetFiles.Applied applied) {
        List<ProxyDefect> found = defects.found(applied, false);
        boolean well = !ProxyDefect.anyRepairable(found) && !programs.brokenOff() && programs.current();
        return new Condition(found, well);
    }

    @Override
    public List<ProxyListener> own() {
        return report.own();
    }

    @Override
    public Optional<String> obstacle(String address, int port) {
        return programs.check().obstacle(address, port);
    }

    private boolean locked(BooleanSupplier work) {
        ExclusiveLock lock = ExclusiveLock.hold(layout.lock(), LOCK_WAIT);
        changes.begin();
        try {
            return work.getAsBoolean();
        } finally {
            changes.end();
            lock.close();
        }
    }

    @Override
    public AutoCloseable watch(Runnable altered) {
        return ProxyFileWatch.open(programs, changes, altered);
    }

    @Override
    public Optional<String> renewal() {
        boolean earlier = Files.isDirectory(layout.folder())
                && programs.nginx().running()
                && !programs.nginx().current();
        return earlier
                ? Optional.of(
                        "the proxies still have the configuration of an earlier version of Portolan and are updated now: nginx"
                                + " is reloaded once, which closes idle connections of clients")
                : Optional.empty();
    }

    @Override
    public boolean apply(RouteSet routes) {
        if (applied(routes.deployment()).equals(Optional.of(routes)) && !programs.brokenOff()) {
            return false;
        }
        // Checked before the lock and before any file: a value that is refused changes nothing.
        programs.table(List.of(routes));
        layout.prepare();
        return locked(() -> {
            Optional<ControllerRoute> led = published();
            if (led.isPresent()) {
                ControllerClaims.requireKept(led.get(), routes);
            }
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
            return change(applied.table(), programs.table(union), () -> parts.write(written));
        });
    }

    @Override
    public void remove(String deployment) {
        if (applied(deployment).isEmpty() && !parts.damaged(deployment)) {
            parts.delete(deployment);
            return;
        }
        layout.prepare();
        locked(() -> {
            RouteSetFiles.Applied applied = parts.all();
            List<RouteSet> union = new ArrayList<>(RouteSetFiles.routes(applied.parts()));
            union.removeIf(part -> part.deployment().equals(deployment));
            return change(applied.table(), programs.table(union), () -> parts.delete(deployment));
        });
    }

    @Override
    public boolean publish(Optional<ControllerRoute> route) {
        if (published().equals(route) && !programs.brokenOff()) {
            return false;
        }
        programs.table(List.of(), route);
        layout.prepare();
        return locked(() -> {
            RouteSetFiles.Applied applied = parts.all();
            parts.setAside(applied);
            List<RouteSet> union = RouteSetFiles.routes(applied.parts());
            route.ifPresent(asked -> ControllerClaims.requireFree(asked, union));
            change(applied.table(), programs.table(union, route), () -> programs.controller.write(route));
            return true;
        });
    }

    @Override
    public Optional<ControllerRoute> published() {
        return programs.controller.read();
    }

    @Override
    public ControllerEntry controllerEntry() {
        if (programs.settings.haproxy().system()) {
            throw new Failure(
                            Kind.REFUSED,
                            "api.domain is not served with proxy.haproxy.driver: system, which may be confined")
                    .withHint("let Portolan start HAProxy, or set api.address, api.cert and api.key instead");
        }
        layout.prepare();
        programs.nginx().prepare(programs.templates);
        return new ControllerEntry(
                RenderContext.controllerSocket(layout.run(), layout.sites(), layout.worker()),
                layout.secret("edge"),
                layout.worker().map(RenderContext.Worker::group));
    }

    private boolean change(RoutingTable before, RoutingTable table, Runnable record) {
        boolean suspicious = programs.brokenOff();
        ProxyChange.start(programs, before);
        try {
            return new ProxyChange(programs, table).make(suspicious, false, record);
        } catch (Failure failed) {
            undo(before, failed);
            throw failed;
        }
    }

    /** Goes back to what was served; where that fails too, the mark stays and the next change starts from scratch. */
    private void undo(RoutingTable before, Failure failed) {
        try {
            new ProxyChange(programs, before).make(false, false, () -> {});
        } catch (Failure again) {
            failed.addSuppressed(again);
        }
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
        return part.isEmpty() ? Map.of() : programs.haproxy.observe(part.get());
    }

    @Override
    public List<String> describe() {
        return report.describe();
    }

    @Override
    public List<ProxyCapacity> capacities() {
        return report.capacities();
    }

    /**
     * Ends both (those that Portolan started); requests in flight are cut off. Files stay for the next start, but for those
     * outside of the state directory, which nobody would find again; the system's own proxies continue reading them.
     */
    public void stop() {
        Nginx seen = programs.looker();
        if (!Files.isDirectory(layout.folder())) {
            // The lock went with the files; what runs is known by its command line.
            seen.stop();
            programs.haproxy.stop();
            clearOutside();
            return;
        }
        locked(() -> {
            seen.stop();
            programs.haproxy.stop();
            clearOutside();
            return true;
        });
    }

    private void clearOutside() {
        if (!programs.settings.nginx().system() && !programs.settings.haproxy().system()) {
            layout.clearOutside();
        }
    }

    /** The folder that holds the proxies' files. */
    public Path folder() {
        return layout.folder();
    }

    @Override
    public void close() {}
}
