package org.portolan.proxy.local;

import java.util.Collection;
import java.util.Set;
import org.portolan.process.OpenFiles;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.ProxySettings;
import org.portolan.proxy.render.HaproxyConfig;
import org.portolan.proxy.render.Local;
import org.portolan.proxy.render.NginxConfig;
import org.portolan.proxy.render.RoutingTable;
import org.portolan.proxy.render.Templates;

/** Renders the proxies' files without proxies. */
public final class Preview {
    private Preview() {}

    /** The proxies' files for people: what they would be for the parts, with secrets masked. */
    public record Texts(String haproxy, String routes, String nginx) {}

    /** Renders without touching anything; addresses that this machine lacks are taken for present. */
    public static Texts of(ProxySettings settings, Collection<DeploymentRoutes> parts) {
        RoutingTable table = RoutingTable.of(parts, settings.edge().addresses());
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
}
