package org.portolan.importer.kamal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.servicefile.format.Names;

/** What kamal-proxy does for a role: its domains, its port and its check. */
final class KamalProxy {
    private static final String DEFAULT_PORT = "80";
    private static final String DEFAULT_PATH = "/up";

    private final Cursor root;
    private final Draft draft;

    KamalProxy(Cursor root, Draft draft) {
        this.root = root;
        this.draft = draft;
    }

    void route(@Nullable Cursor proxy, ServiceDraft service, PortDrafts ports, boolean primary) {
        Cursor old = primary ? root.get("healthcheck") : null;
        String port = KamalImport.text(proxy, "app_port", KamalImport.text(old, "port", DEFAULT_PORT));
        ports.listen(MacroText.fill(port), "http");
        health(proxy == null || proxy.get("healthcheck") == null ? old : proxy.get("healthcheck"), service);
        if (proxy == null) {
            if (primary) {
                draft.section("Domains").map("*").put("http", service.name());
            }
            return;
        }
        Cursor tls = proxy.get("ssl");
        if (tls != null && tls.peek().equals("false")) {
            tls.use();
        } else if (tls != null) {
            tls.lost("TLS: give the domain cert: and key:; certificates are not fetched");
        }
        List<String> hosts = new ArrayList<>();
        for (Cursor item : hosts(proxy)) {
            String host = MacroText.fill(item.text());
            if (MacroText.varies(item.text()) || Names.checkHost(host, true) == null) {
                hosts.add(host);
            } else {
                item.lost("not a valid host name: " + Names.checkHost(host, true));
            }
        }
        domains(hosts, paths(proxy), service, proxy);
    }

    private static List<Cursor> hosts(Cursor proxy) {
        List<Cursor> hosts = new ArrayList<>();
        for (String key : List.of("host", "hosts")) {
            Cursor some = proxy.get(key);
            if (some != null) {
                hosts.addAll(some.items());
            }
        }
        return hosts;
    }

    private static List<String> paths(Cursor proxy) {
        List<String> paths = new ArrayList<>();
        Cursor prefix = proxy.get("path_prefix");
        if (prefix != null) {
            paths.addAll(List.of(prefix.text().split("\\s*,\\s*")));
        }
        paths.addAll(KamalImport.texts(proxy.get("path_prefixes")));
        Cursor strip = proxy.get("strip_path_prefix");
        if (!paths.isEmpty() && (strip == null || !strip.peek().equals("false"))) {
            proxy.changed("kamal-proxy removes the path's prefix, Portolan passes paths on as they are");
        }
        if (strip != null && strip.peek().equals("false")) {
            strip.use();
        }
        return paths;
    }

    private void domains(List<String> hosts, List<String> paths, ServiceDraft service, Cursor proxy) {
        Part.Fields domains = draft.section("Domains");
        String first = hosts.isEmpty() ? "*" : hosts.get(0);
        Part.Fields domain = domains.map(first);
        if (paths.isEmpty()) {
            domain.put("http", service.name());
        }
        paths.forEach(path -> domain.map("paths").put(path, service.name()));
        if (hosts.size() > 1) {
            domain.put("aliases", Part.texts(hosts.subList(1, hosts.size())));
        }
        Cursor buffering = proxy.get("buffering");
        Cursor requests = buffering == null ? null : buffering.get("requests");
        if (requests != null && requests.text().equals("false")) {
            domain.put("uploads", "stream");
        }
    }

    private void health(@Nullable Cursor check, ServiceDraft service) {
        Part.Fields health =
                new Part.Fields().put("http", MacroText.fill(KamalImport.text(check, "path", DEFAULT_PATH)));
        for (String key : List.of("interval", "timeout")) {
            Cursor time = check == null ? null : check.get(key);
            if (time != null) {
                health.put(
                        key, time.peek().matches("[0-9]+") ? KamalImport.seconds(time.text()) : Part.text(time.text()));
            }
        }
        Cursor deadline = root.get("deploy_timeout");
        if (deadline != null) {
            health.put("deadline", KamalImport.seconds(deadline.text()));
        }
        service.keys().put("health", health);
    }
}
