package org.portolan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.sync.LoadedSource;

/** Shows what a Servicefile comes to: includes merged, templates expanded, parameters filled in, secrets masked. */
final class RenderCommand extends CliCommand {
    private final SourceOptions source = new SourceOptions(syntax());

    private final Syntax.Flag haproxy = syntax().flag("--haproxy", "Show HAProxy's configuration after a deploy.");
    private final Syntax.Flag nginx = syntax().flag("--nginx", "Show nginx's configuration after a deploy.");

    RenderCommand() {
        super("render", "Show a Servicefile with templates expanded and secrets masked.");
    }

    @Override
    int run(Context context) {
        LoadedSource read = source.load(context, false);
        Console console = context.console();
        console.problems(read.warnings());
        if (haproxy.given() || nginx.given()) {
            proxies(context, read);
            return ExitStatus.DONE.code();
        }
        Map<String, Object> deployments = new TreeMap<>();
        for (Desired desired : read.deployments()) {
            Map<String, Object> tree = tree(desired);
            deployments.put(desired.name(), tree);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", desired.name());
            fields.putAll(tree);
            console.record("deployment", fields);
        }
        console.text(YamlText.of(deployments));
        return ExitStatus.DONE.code();
    }

    /** The proxies' files for everything that they serve, with these deployments as they would be. */
    private void proxies(Context context, LoadedSource read) {
        List<String> names = new ArrayList<>();
        if (haproxy.given()) {
            names.add("haproxy");
        }
        if (nginx.given()) {
            names.add("nginx");
        }
        context.parts().proxyFiles(read, names, context.console()).forEach((name, text) -> {
            context.console().text(text);
            context.console().record("file", Map.of("name", name, "text", text));
        });
    }

    private static Map<String, Object> tree(Desired desired) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> services = new TreeMap<>();
        desired.services().forEach((name, service) -> {
            Map<String, Object> keys =
                    new TreeMap<>(service.definition().masked().keys());
            keys.put("scale", service.scale());
            keys.putAll(service.notes());
            services.put(name, keys);
        });
        tree.put("services", services);
        Map<String, Object> domains = new LinkedHashMap<>();
        for (Domain domain : desired.domains()) {
            domains.put(domain.host(), domain(domain));
        }
        tree.put("domains", domains);
        return tree;
    }

    private static Map<String, Object> domain(Domain domain) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> paths = new LinkedHashMap<>();
        domain.routes().forEach((path, route) -> {
            List<String> targets = new ArrayList<>();
            boolean shared = route.targets().size() > 1;
            route.targets().forEach(target -> targets.add(shared ? target + " " + target.weight() : target.toString()));
            paths.put(path, shared ? targets : targets.get(0));
        });
        if (!paths.isEmpty()) {
            tree.put("paths", paths);
        }
        domain.tcp().ifPresent(tcp -> tree.put("tcp", tcp.listen() + ", " + tcp.target()));
        if (!domain.aliases().isEmpty()) {
            tree.put("aliases", domain.aliases());
        }
        flag(tree, "cert", domain.certificate().isPresent());
        flag(tree, "redirect_https", domain.redirectHttps());
        flag(tree, "maintenance", domain.maintenance());
        flag(tree, "sticky", domain.sticky());
        if (domain.streamUploads()) {
            tree.put("uploads", "stream");
        }
        if (!domain.auth().isEmpty()) {
            Map<String, Object> users = new TreeMap<>();
            domain.auth().keySet().forEach(user -> users.put(user, "••••"));
            tree.put("auth", users);
            tree.put("auth_mode", domain.digestRealm().isPresent() ? "digest" : "basic");
            domain.digestRealm().ifPresent(realm -> tree.put("auth_realm", realm));
        }
        return tree;
    }

    private static void flag(Map<String, Object> tree, String name, boolean on) {
        if (on) {
            tree.put(name, true);
        }
    }
}
