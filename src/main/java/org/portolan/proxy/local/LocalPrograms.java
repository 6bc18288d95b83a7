package org.portolan.proxy.local;

import java.nio.file.Files;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.routing.RouteSet;
import org.portolan.proxy.haproxy.Haproxy;
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
    final ProxyLayout ground;
    final Haproxy haproxy;
    final Templates templates;
    private @Nullable Nginx nginx;
    private @Nullable String nginxVersion;
    private @Nullable String statisticsPassword;

    LocalPrograms(ProxySettings settings) {
        this.settings = settings;
        ground = new ProxyLayout(settings);
        templates = TemplateFiles.in(settings.templates());
        haproxy = new Haproxy(settings.haproxy(), ground.folder(), ground.run());
    }

    /** nginx, whose folders are made when it is asked for first. */
    Nginx nginx() {
        if (nginx == null) {
            ground.prepare();
            nginx = new Nginx(
                    settings, ground.run(), ground.sites(), ground.worker(), ground.key(), ground.secret("edge"));
        }
        return nginx;
    }

    /** nginx to look at: where nothing was made yet, or all of it was lost, looking makes nothing. */
    Nginx looker() {
        return Files.isDirectory(ground.folder())
                ? nginx()
                : new Nginx(settings, ground.run(), ground.sites(), ground.worker(), new byte[0], "");
    }

    ProxyCheck check() {
        return new ProxyCheck(settings, haproxy, looker(), ground.knownRouterPort());
    }

    /** Whether what runs was configured by this version, and knows policies. */
    boolean current() {
        return nginx().current() && haproxy.hasMaps();
    }

    RoutingTable table(Collection<RouteSet> union) {
        return RoutingTable.of(union, settings.edge().addresses());
    }

    /** Whether a change was broken off. */
    boolean brokenOff() {
        return Files.exists(ground.pending());
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
                ground.sites().resolve("pages"),
                ground.sites(),
                ground.run(),
                haproxy.mapFolder(),
                ground.routerPort(),
                ground.secret("edge"),
                ground.digestKey(),
                statisticsPassword(),
                addresses,
                ground.worker(),
                ground.openFiles(nginx()::pid),
                nginxVersion());
    }

    /** A hash of a thousand rounds; it is the same for every change. */
    private String statisticsPassword() {
        if (statisticsPassword == null) {
            String password = settings.statistics().password().orElseGet(() -> ground.secret("statistics"));
            statisticsPassword = PasswordHash.of(password, ground.key(), "statistics");
        }
        return statisticsPassword;
    }

    private String nginxVersion() {
        if (nginxVersion == null) {
            nginxVersion = nginx().version();
        }
        return nginxVersion;
    }
}
