package org.portolan.importer.kamal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.EnvDrafts;
import org.portolan.importer.draft.FileDrafts;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.draft.Mounts;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.RunOptions;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.importer.draft.ShellWords;

/** Roles and accessories. */
final class KamalServices {
    private final Cursor root;
    private final String application;
    private final Draft draft;
    private final ImportOptions options;
    private final Map<String, String> secrets;
    private final InputFiles files;
    private final String path;
    private final EnvDrafts env;
    private final KamalProxy proxy;
    private final int roles;

    KamalServices(
            Cursor root,
            String application,
            Draft draft,
            ImportOptions options,
            Map<String, String> secrets,
            InputFiles files,
            String path,
            int roles) {
        this.roles = roles;
        this.root = root;
        this.application = application;
        this.draft = draft;
        this.options = options;
        this.secrets = secrets;
        this.files = files;
        this.path = path;
        this.env = new EnvDrafts(draft, options);
        this.proxy = new KamalProxy(root, draft);
    }

    void role(String name, Optional<Cursor> body, String image) {
        ServiceDraft service = draft.service(
                Naming.free(Naming.name(name, "web"), draft.services().keySet()));
        service.keys().put("image", image);
        PortDrafts ports = new PortDrafts();
        Cursor role = body.filter(Cursor::isMap).orElse(null);
        hosts(role == null ? body.orElse(null) : role.get("hosts"), service);
        variables(root.get("env"), service);
        if (role != null) {
            variables(role.get("env"), service);
            command(role.get("cmd"), service);
            runOptions(role.get("options"), ports, service);
        }
        labels(root.get("labels"), service);
        labels(role == null ? null : role.get("labels"), service);
        logging(role != null && role.get("logging") != null ? role.get("logging") : root.get("logging"), service);
        KamalImport.texts(root.get("volumes")).forEach(mount -> {
            Mounts.write(mount, root, service);
            if (roles > 1 && mount.matches("[A-Za-z0-9][A-Za-z0-9_.-]*:.*")) {
                draft.section("Volumes").map(Naming.name(mount.substring(0, mount.indexOf(':')), "data"));
            }
        });
        times(role, service);
        String primary = KamalImport.text(root, "primary_role", "web");
        Cursor own = role == null ? null : role.get("proxy");
        boolean off = own != null && own.peek().equals("false");
        Cursor named = root.get("primary_role");
        if (named != null && own != null && name.equals(primary)) {
            named.lost("the role itself says whether the proxy leads to it");
        }
        boolean proxied = own != null ? !off : name.equals(primary);
        if (own != null && !own.isMap()) {
            own.use();
        }
        if (proxied) {
            proxy.route(own != null && own.isMap() ? own : root.get("proxy"), service, ports, name.equals(primary));
        } else {
            Cursor delay = root.get("readiness_delay");
            if (delay != null) {
                service.keys().map("rollout").put("min_healthy", KamalImport.seconds(delay.text()));
            }
        }
        ports.write(service);
    }

    void accessory(String name, Cursor body) {
        ServiceDraft service = draft.service(
                Naming.free(Naming.name(name, "accessory"), draft.services().keySet()));
        service.keys().put("image", MacroText.fill(KamalImport.text(body, "image", "missing")));
        String own = KamalImport.text(body, "service", application + "-" + name);
        if (!own.equals(service.name())) {
            service.keys().map("network").add("aliases", Part.text(own));
        }
        PortDrafts ports = new PortDrafts();
        for (String key : List.of("host", "hosts", "role", "roles", "tag", "tags")) {
            Cursor place = body.get(key);
            if (place != null) {
                place.lost("Portolan places on the engine that it drives");
            }
        }
        command(body.get("cmd"), service);
        Cursor port = body.get("port");
        if (port != null) {
            String text = port.text();
            new RunOptions(env, ports).publish(text.contains(":") ? text : text + ":" + text, port);
        }
        variables(body.get("env"), service);
        labels(body.get("labels"), service);
        logging(body.get("logging"), service);
        runOptions(body.get("options"), ports, service);
        Cursor volumes = body.get("volumes");
        if (volumes != null) {
            volumes.items().forEach(item -> Mounts.write(item.text(), item, service));
        }
        directories(body.get("directories"), service);
        accessoryFiles(body.get("files"), service);
        Cursor proxied = body.get("proxy");
        if (proxied != null) {
            proxy.route(proxied, service, ports, false);
        }
        ports.write(service);
    }

    private static void hosts(@Nullable Cursor hosts, ServiceDraft service) {
        if (hosts == null) {
            return;
        }
        int count = hosts.items().size();
        hosts.lost("Portolan places on the engine that it drives; a service has as many instances as it had servers");
        if (count > 1) {
            service.keys().put("scale", Part.plain(count));
        }
    }

    private void variables(@Nullable Cursor variables, ServiceDraft service) {
        if (variables == null) {
            return;
        }
        boolean parts =
                variables.get("clear") != null || variables.get("secret") != null || variables.get("tags") != null;
        Cursor clear = parts ? variables.get("clear") : variables;
        if (clear != null) {
            for (Cursor.Pair pair : clear.entries()) {
                env.put(service, pair.key(), pair.value(), pair.value().text());
            }
        }
        Cursor secret = variables.get("secret");
        if (!parts || secret == null) {
            return;
        }
        for (Cursor item : secret.items()) {
            String text = item.text();
            int colon = text.indexOf(':');
            String name = colon < 0 ? text : text.substring(0, colon);
            String source = colon < 0 ? text : text.substring(colon + 1);
            String known = secrets.get(source);
            if (known == null) {
                env.missing(service, name, item, source + " of .kamal/secrets");
            } else {
                env.secret(service, name, known);
            }
        }
    }

    private static void command(@Nullable Cursor command, ServiceDraft service) {
        if (command == null) {
            return;
        }
        Optional<List<String>> words = ShellWords.split(command.text());
        if (words.isPresent()) {
            List<String> filled = new ArrayList<>();
            words.get().forEach(word -> filled.add(Naming.unfilled(MacroText.fill(word))));
            service.keys().put("cmd", Part.texts(filled));
        } else {
            command.lost("a quote in it is not closed");
        }
    }

    private void runOptions(@Nullable Cursor given, PortDrafts ports, ServiceDraft service) {
        if (given == null) {
            return;
        }
        RunOptions run = new RunOptions(env, ports);
        for (Cursor.Pair pair : given.entries()) {
            for (Cursor value : pair.value().items()) {
                run.translate(pair.key(), value.text(), value, service);
            }
        }
    }

    private static void labels(@Nullable Cursor labels, ServiceDraft service) {
        if (labels != null) {
            for (Cursor.Pair pair : labels.entries()) {
                String value = pair.value().text();
                if (pair.key().startsWith("traefik.")) {
                    pair.value().lost("a setting of Traefik: write Domains");
                } else {
                    service.keys().map("labels").put(Naming.literal(pair.key()), MacroText.fill(value));
                }
            }
        }
    }

    private static void logging(@Nullable Cursor logging, ServiceDraft service) {
        if (logging == null) {
            return;
        }
        Part.Fields written = service.keys().map("logging");
        Cursor driver = logging.get("driver");
        if (driver != null) {
            written.put("driver", MacroText.fill(driver.text()));
        }
        Cursor given = logging.get("options");
        if (given != null) {
            given.entries().forEach(pair -> written.map("options")
                    .put(pair.key(), MacroText.fill(pair.value().text())));
        }
        if (written.isEmpty()) {
            service.keys().remove("logging");
        }
    }

    private void times(@Nullable Cursor role, ServiceDraft service) {
        Cursor stop =
                role != null && role.get("stop_timeout") != null ? role.get("stop_timeout") : root.get("stop_timeout");
        if (stop != null) {
            service.keys().map("stop").put("grace", KamalImport.seconds(stop.text()));
        }
        Cursor drain = root.get("drain_timeout");
        if (drain != null) {
            service.keys().map("stop").put("drain", KamalImport.seconds(drain.text()));
        }
        Cursor boot = root.get("boot");
        Cursor limit = boot == null ? null : boot.get("limit");
        if (limit != null && limit.peek().matches("[1-9][0-9]{0,2}")) {
            service.keys().map("rollout").put("max_surge", Part.number(limit.text()));
        }
    }

    /** Folders on a server, below its home directory: volumes that Portolan keeps. */
    private static void directories(@Nullable Cursor directories, ServiceDraft service) {
        if (directories == null) {
            return;
        }
        for (Cursor item : directories.items()) {
            String local = item.isMap() ? KamalImport.text(item, "local", "") : "";
            String mount = item.isMap() ? local + ":" + KamalImport.text(item, "remote", "") : item.text();
            String options = item.isMap() ? KamalImport.text(item, "options", "") : "";
            Mounts.write(options.isEmpty() ? mount : mount + ":" + options, item, service);
        }
    }

    private void accessoryFiles(@Nullable Cursor given, ServiceDraft service) {
        if (given == null) {
            return;
        }
        for (Cursor item : given.items()) {
            String[] parts = item.isMap() ? new String[0] : item.text().split(":", 3);
            String local = item.isMap() ? KamalImport.text(item, "local", "") : parts[0];
            String remote = item.isMap() ? KamalImport.text(item, "remote", "") : parts.length > 1 ? parts[1] : "";
            String inTree = beside(local);
            Optional<String> obstacle = local.endsWith(".erb")
                    ? Optional.of("it is a template of Ruby: write it as a file, with template: true")
                    : new FileDrafts(files).obstacle(inTree);
            if (!remote.startsWith("/") || obstacle.isPresent()) {
                item.lost("files: {" + remote + ": " + local + "}: " + obstacle.orElse("the path is not absolute"));
                continue;
            }
            Part.Fields file = new Part.Fields().put("from", Naming.literal(written(local)));
            String mode = item.isMap() ? KamalImport.text(item, "mode", "") : "";
            String owner = item.isMap() ? KamalImport.text(item, "owner", "") : "";
            if (mode.matches("0?[0-7]{3,4}")) {
                file.put("mode", mode);
            }
            if (owner.matches("[0-9]+(:[0-9]+)?")) {
                file.put("user", owner);
            } else if (!owner.isEmpty()) {
                item.changed("the owner " + owner + " of a file must be a number: user: \"999\"");
            }
            Part from = file.get("from");
            service.keys().map("files").put(remote, file.entries().size() == 1 && from != null ? from : file);
            if (!item.isMap() && parts.length == 3 && !parts[2].equals("ro")) {
                item.changed("the options " + parts[2] + " of the mount have no counterpart");
            }
        }
    }

    /** Files are relative to the application's folder, in which config/deploy.yml lies. */
    private @Nullable String beside(String local) {
        return InputFiles.resolve(
                path, written(local).substring(options.prefix().length()));
    }

    private String written(String local) {
        return options.prefix() + (path.endsWith("config/deploy.yml") ? "../" : "") + local;
    }
}
