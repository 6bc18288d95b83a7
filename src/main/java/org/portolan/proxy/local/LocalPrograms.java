package org.portolan.proxy.local;

import java.nio.file.Files;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.RouteSet;
import org.portolan.proxy.haproxy.Haproxy;
import org.portolan.proxy.nginx.AccessLogFiles;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.routing.Frontend;
import org.portolan.routing.PasswordHash;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RenderContext;
import org.portolan.routing.RoutingTable;
import org.portolan.routing.Templates;

/** HAProxy and nginx of this machine with their files, as far as they are needed; nothing is made before it is. */
final class LocalPrograms {
    final ProxySettings settings;
    final ProxyLayout layout;
    final Haproxy haproxy;
    final Templates templates;
    final ControllerRouteFile controller;
    private @Nullable Nginx nginx;
    private Optional<Remembered> statistics = Optional.empty();

    LocalPrograms(ProxySettings settings) {
        this.settings = settings;
        layout = new ProxyLayout(settings);
        templates = TemplateFiles.in(settings.templates());
        controller = new ControllerRouteFile(layout.folder().resolve("controller.json"));
        haproxy = new Haproxy(settings.haproxy(), layout.folder(), layout.run());
    }

    /** What a hash was made of. */
    private record Remembered(String password, String key, String hash) {}

    /** nginx, whose folders are made when it is asked for first. */
    synchronized Nginx nginx() {
        if (nginx == null) {
            layout.prepare();
            nginx = new Nginx(
                    settings, layout.run(), layout.sites(), layout.worker(), layout.key(), layout.secret("edge"));
        }
        return nginx;
    }

    /** nginx to look at: where nothing was made yet, or all of it was lost, looking makes nothing. */
    Nginx looker() {
        return Files.isDirectory(layout.folder())
                ? nginx()
                : new Nginx(settings, layout.run(), layout.sites(), layout.worker(), new byte[0], "");
    }

    /** The edge's access log; nothing is made. */
    AccessLogFiles accessLog() {
        return new AccessLogFiles(
                layout.sites(), layout.run(), layout.worker(), settings.edge().log());
    }

    ProxyCheck check() {
        return new ProxyCheck(settings, haproxy, looker(), layout.knownRouterPort());
    }

    /** Whether what runs was configured by this version, and knows policies. */
    boolean current() {
        return nginx().current() && haproxy.hasMaps();
    }

    RoutingTable table(Collection<RouteSet> union) {
        return table(union, controller.read());
    }

    RoutingTable table(Collection<RouteSet> union, Optional<ControllerRoute> led) {
        return RoutingTable.of(union, settings.edge().addresses(), led);
    }

    /** Whether a change was broken off. */
    boolean brokenOff() {
        return Files.exists(layout.pending());
    }

    /** What a table is rendered with on this machine. */
    RenderContext context(RoutingTable table) {
        Set<String> addresses = ProxyLayout.addresses();
        for (Frontend frontend : table.frontends()) {
            for (Frontend.Bind bind : frontend.binds()) {
                if (ProxyLayout.isHere(bind.bare(), addresses)) {
                    addresses.add(bind.bare());
                }
            }
        }
        return new RenderContext(
                layout.sites().resolve("pages"),
                layout.sites(),
                layout.run(),
                haproxy.mapFolder(),
                layout.routerPort(),
                layout.secret("edge"),
                layout.digestKey(),
                statisticsPassword(),
                addresses,
                layout.worker(),
                layout.openFiles(nginx()::pid),
                nginx().version());
    }

    /** A hash of a thousand rounds; it is the same for every change. */
    private synchronized String statisticsPassword() {
        String password = settings.statistics().password().orElseGet(() -> layout.secret("statistics"));
        byte[] key = layout.key();
        String known = HexFormat.of().formatHex(key);
        Remembered remembered = statistics
                .filter(last -> last.password().equals(password) && last.key().equals(known))
                .orElseGet(() -> new Remembered(password, known, PasswordHash.of(password, key, "statistics")));
        statistics = Optional.of(remembered);
        return remembered.hash();
    }
}
