package org.portolan.proxy.local;

import java.util.Collection;
import java.util.Set;
import org.portolan.model.routing.RouteSet;
import org.portolan.process.OpenFiles;
import org.portolan.routing.HaproxyConfig;
import org.portolan.routing.NginxConfig;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RenderContext;
import org.portolan.routing.RoutingTable;
import org.portolan.routing.Templates;

/** Renders the proxies' files without proxies. */
public final class Preview {
    private Preview() {}

    /** The proxies' files for people: what they would be for the parts, with secrets masked. */
    public record Texts(String haproxy, String routes, String nginx) {}

    /** Renders without touching anything; addresses that this machine lacks are taken for present. */
    public static Texts of(ProxySettings settings, Collection<RouteSet> parts) {
        RoutingTable table = RoutingTable.of(parts, settings.edge().addresses());
        ProxyLayout layout = new ProxyLayout(settings);
        Templates templates = TemplateFiles.in(settings.templates());
        Set<String> addresses = ProxyLayout.addresses();
        table.frontends().forEach(frontend -> frontend.binds().forEach(bind -> addresses.add(bind.bare())));
        RenderContext local = new RenderContext(
                layout.sites().resolve("pages"),
                layout.sites(),
                layout.run(),
                layout.folder().resolve("maps"),
                layout.knownRouterPort().orElse(14_000),
                "masked",
                "masked",
                "masked",
                addresses,
                layout.worker(),
                layout.knownOpenFiles().orElseGet(OpenFiles::decide),
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
}
