package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.proxy.haproxy.Haproxy;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.routing.HaproxyConfig;
import org.portolan.routing.NginxConfig;
import org.portolan.routing.Policy;
import org.portolan.routing.RenderContext;
import org.portolan.routing.RequiredWords;
import org.portolan.routing.RouteMaps;
import org.portolan.routing.RoutingTable;

/**
 * A change of both proxies to a table; the lock is held.
 *
 * <p>It goes: the mark {@code pending}; nginx's file, if it differs; policies of domains that come or change; HAProxy, which
 * knows routes by old and new policies then; nginx, which goes over and shows it; HAProxy, which takes old policies from
 * then on only for what was let in before; the part's file; the mark goes. A mark that is found means that a change was
 * broken off: then nothing on disk is taken for what runs, and HAProxy is reloaded.
 */
final class ProxyChange {
    private final LocalPrograms programs;
    private final ProxyLayout layout;
    private final Haproxy haproxy;
    private final Nginx nginx;
    private final RoutingTable table;
    private final HaproxyConfig config;
    private final String nginxText;
    private final RouteMaps maps;

    ProxyChange(LocalPrograms programs, RoutingTable table) {
        this.programs = programs;
        layout = programs.layout;
        haproxy = programs.haproxy;
        nginx = programs.nginx();
        this.table = table;
        RenderContext local = programs.context(table);
        config = HaproxyConfig.render(table, programs.settings, local, programs.templates);
        nginxText = NginxConfig.render(table, programs.settings, local, programs.templates);
        RequiredWords.check(
                config.text(),
                nginxText,
                local,
                table.digest(),
                table.logs(),
                table.controller().isPresent());
        maps = RouteMaps.of(table, layout.key());
    }

    /** Starts what does not run, with a table that is known to be good. */
    static void start(LocalPrograms programs, RoutingTable table) {
        ProxyLayout layout = programs.layout;
        Haproxy haproxy = programs.haproxy;
        Nginx nginx = programs.nginx();
        boolean haproxyDead = !haproxy.running() || !haproxy.configured();
        boolean nginxDead = !nginx.running();
        if (haproxyDead) {
            haproxy.dismissLost();
        }
        if (haproxyDead && !programs.settings.haproxy().system() && !ProxyLayout.free(layout.routerPort())) {
            layout.chooseRouterPort();
        }
        nginx.prepare(programs.templates);
        if (table.logs()) {
            programs.accessLog().prepare();
        }
        if (!haproxyDead && !nginxDead) {
            return;
        }
        ProxyChange change = new ProxyChange(programs, table);
        nginx.policies(table, true);
        nginx.lead(table, false);
        change.start(haproxyDead, nginxDead);
        nginx.apply(change.nginxText);
        nginx.certificates(table, false);
        nginx.verify(table);
        layout.applied(programs.settings);
        layout.reserve().keep();
    }

    /** Starts both as far as they are dead, each also when the other one fails: both have valid files of before. */
    private void start(boolean haproxyDead, boolean nginxDead) {
        Runnable first = () -> haproxy.start(maps, config);
        Runnable second = () -> nginx.start(nginxText);
        Optional<Failure> haproxyFailed = haproxyDead ? attempt(first) : Optional.empty();
        Optional<Failure> nginxFailed = nginxDead ? attempt(second) : Optional.empty();
        boolean perhapsNoRoom = Stream.of(haproxyFailed, nginxFailed)
                .flatMap(Optional::stream)
                .anyMatch(failed -> failed.kind() == Kind.UNAVAILABLE);
        if (perhapsNoRoom && layout.reserve().release()) {
            haproxyFailed = haproxyFailed.flatMap(failed -> attempt(first));
            nginxFailed = nginxFailed.flatMap(failed -> nginx.running() ? Optional.empty() : attempt(second));
        }
        List<Failure> left =
                Stream.of(haproxyFailed, nginxFailed).flatMap(Optional::stream).toList();
        if (!left.isEmpty()) {
            throw left.getFirst();
        }
    }

    private static Optional<Failure> attempt(Runnable start) {
        try {
            start.run();
            return Optional.empty();
        } catch (Failure failed) {
            return Optional.of(failed);
        }
    }

    /**
     * Makes it.
     *
     * @param suspicious whether HAProxy is reloaded in any case
     * @param rewrite whether nginx's files by domain are compared and linked again
     * @param record done once both serve by the table
     */
    boolean make(boolean suspicious, boolean rewrite, Runnable record) {
        AtomicFiles.mark(layout.pending());
        if (table.logs()) {
            programs.accessLog().prepare();
        }
        upgrade();
        nginx.apply(nginxText);
        Set<Policy> changed = new LinkedHashSet<>(nginx.policies(table, rewrite));
        nginx.certificates(table, rewrite);
        RouteMaps before = haproxy.maps();
        RouteMaps during = before.during(maps, System.currentTimeMillis());
        boolean reloaded = haproxy.apply(table, during, config, suspicious);
        changed.addAll(nginx.lead(table, rewrite));
        nginx.verify(changed);
        RouteMaps settled = before.settled(maps, System.currentTimeMillis());
        if (!settled.equals(during)) {
            haproxy.settle(settled);
        }
        nginx.forget(table, settled.tokens());
        record.run();
        layout.applied(programs.settings);
        // The map of before there were policies.
        delete(layout.folder().resolve("routes.map"));
        delete(layout.pending());
        layout.reserve().keep();
        return reloaded;
    }

    /**
     * Brings an nginx of before there were policies to its new file first: the HAProxy of then does not ask for marks,
     * while the present one would refuse every request without.
     */
    private void upgrade() {
        if (!nginx.current()) {
            nginx.policies(table, false);
            nginx.lead(table, false);
            nginx.apply(nginxText);
            nginx.awaitPolicies();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot delete " + file + ": " + problem.getMessage())
                    .withCause(problem);
        }
    }
}
