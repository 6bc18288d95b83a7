package org.portolan.importer.marathon;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.EnvDrafts;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.ServiceDraft;

/** One app. */
final class MarathonApp {
    private static final Pattern SET_BY_MARATHON =
            Pattern.compile("\\$\\{?(PORT[0-9]+|PORTS|HOST|MESOS_[A-Z_]+|MARATHON_[A-Z_]+)\\b");
    private static final Pattern LOAD_BALANCER = Pattern.compile("HAPROXY_(?:([0-9]+)_)?([A-Z_]+)");

    private final Draft draft;
    private final ImportOptions options;
    private final MarathonTags tags;
    private final EnvDrafts env;
    private final Map<String, String> names = new LinkedHashMap<>();

    MarathonApp(Draft draft, ImportOptions options, MarathonTags tags) {
        this.draft = draft;
        this.options = options;
        this.tags = tags;
        this.env = new EnvDrafts(draft, options);
    }

    void name(String id) {
        String last = id.substring(id.lastIndexOf('/') + 1);
        names.put(id, Naming.free(Naming.name(last, "app"), names.values()));
    }

    void translate(Cursor app, String id) {
        ServiceDraft service = draft.service(names.getOrDefault(id, "app"));
        PortDrafts ports = new PortDrafts();
        List<String> byIndex = new ArrayList<>();
        command(app, service);
        MarathonContainer container = new MarathonContainer(env, ports, byIndex);
        container.translate(app.get("container"), app, service);
        container.portDefinitions(app);
        Cursor written = app.get("id");
        String path = written == null ? id : written.text();
        variables(app.get("env"), id, path.substring(path.lastIndexOf('/') + 1), service, ports);
        limits(app, service);
        labels(app.get("labels"), service, ports, byIndex);
        dependencies(app.get("dependencies"), service);
        upgrade(app, service);
        new MarathonHealth(ports, byIndex).translate(app.get("healthChecks"), service);
        Cursor user = app.get("user");
        if (user != null) {
            service.keys().put("user", MacroText.fill(user.text()));
        }
        Cursor tty = app.get("tty");
        if (tty != null && tty.peek().equals("true")) {
            tty.use();
            service.keys().put("tty", Part.plain(true));
        }
        Cursor kill = app.get("taskKillGracePeriodSeconds");
        if (kill != null) {
            service.keys().map("stop").put("grace", MacroText.fill(kill.text()) + "s");
        }
        if (service.keys().get("image") == null) {
            service.keys().put("image", "missing");
            service.comment("the app has no Docker image: Mesos runs its command on the agent");
            app.toDo("write an image for " + service.name() + ": the app has none");
        }
        ports.write(service);
    }

    private static void command(Cursor app, ServiceDraft service) {
        Cursor args = app.get("args");
        Cursor command = app.get("cmd");
        if (command != null) {
            unset(command);
            service.keys().put("cmd", Naming.unfilled(MacroText.fill(command.text())));
        } else if (args != null && !args.items().isEmpty()) {
            List<String> words = new ArrayList<>();
            args.items().forEach(item -> {
                unset(item);
                words.add(Naming.unfilled(MacroText.fill(item.text())));
            });
            service.keys().put("cmd", Part.texts(words));
        }
    }

    /** Reports a variable that Marathon sets and Portolan does not. */
    static void unset(Cursor command) {
        Matcher found = SET_BY_MARATHON.matcher(command.peek());
        if (found.find()) {
            command.changed("nothing sets " + found.group(1)
                    + " here: Portolan sets PORT, the container's main port, and PORT_<NAME> for each named one");
        }
    }

    private void variables(
            @Nullable Cursor variables, String id, String named, ServiceDraft service, PortDrafts ports) {
        String plain = id.substring(id.lastIndexOf('/') + 1);
        if (variables != null) {
            tags.read(variables, plain, service.name(), ports);
            for (Cursor.Pair pair : variables.entries()) {
                if (MarathonTags.isRegistration(pair.key())) {
                    continue;
                }
                if (pair.value().isList()) {
                    pair.value().lost("the value of a variable is a text");
                } else if (pair.value().isMap()) {
                    Cursor secret = pair.value().get("secret");
                    env.missing(
                            service,
                            pair.key(),
                            pair.value(),
                            "the secret " + (secret == null ? "" : secret.text()) + " of Marathon");
                } else {
                    env.put(service, pair.key(), pair.value(), pair.value().text());
                }
            }
        }
        options.environment().forEach((name, value) -> {
            if (name.startsWith("MARATHON_DEPLOY_")) {
                String variable = name.substring("MARATHON_DEPLOY_".length());
                service.keys().map("env").put(variable, Naming.unfilled(Naming.literal(value)));
                service.keys().map("env").comment(variable, "from " + name);
            }
        });
        if (options.variant().isPresent()) {
            String name = options.variant().get().toUpperCase(java.util.Locale.ROOT);
            service.keys()
                    .map("env")
                    .put("APPLICATION_NAME", MacroText.fill(named))
                    .put("ENVIRONMENT", name);
        }
    }

    private static void limits(Cursor app, ServiceDraft service) {
        Cursor instances = app.get("instances");
        if (instances != null) {
            service.keys().put("scale", Part.number(MacroText.fill(instances.text())));
        }
        Cursor memory = app.get("mem");
        if (memory != null) {
            String text = MacroText.fill(memory.text());
            service.keys().map("resources").put("memory", text.replaceFirst("\\.0+$", "") + "m");
        }
        Cursor cpus = app.get("cpus");
        if (cpus != null && cpus.peek().matches("[0-9]{1,4}(\\.[0-9]{1,9})?")) {
            long shares = new BigDecimal(cpus.text())
                    .multiply(BigDecimal.valueOf(1024))
                    .longValue();
            service.keys().map("resources").put("cpu_shares", Part.plain(Math.max(2, shares)));
            cpus.changed("cpus of Marathon are a share, not a limit: cpu_shares; a limit is cpus: " + cpus.text());
        } else if (cpus != null) {
            cpus.lost("a share that is not a number: write resources: {cpu_shares: 512}");
        }
    }

    private void labels(@Nullable Cursor labels, ServiceDraft service, PortDrafts ports, List<String> byIndex) {
        if (labels == null) {
            return;
        }
        for (Cursor.Pair pair : labels.entries()) {
            Matcher known = LOAD_BALANCER.matcher(pair.key());
            String key = known.matches() ? known.group(2) : "";
            if (key.equals("VHOST") && known.group(1) != null) {
                String prefix = "HAPROXY_" + known.group(1) + "_";
                Cursor path = labels.get(prefix + "PATH");
                int index = Integer.parseInt(known.group(1));
                String port = index < byIndex.size() ? byIndex.get(index) : "";
                for (String host : MacroText.fill(pair.value().text()).split(",", -1)) {
                    tags.domain(
                            host.strip(),
                            path == null ? "" : MacroText.fill(path.text()),
                            service.name(),
                            port,
                            ports,
                            pair.value());
                }
            } else if (key.equals("PATH") && labels.get("HAPROXY_" + known.group(1) + "_VHOST") != null) {
                pair.value().use();
            } else if (key.equals("GROUP")) {
                pair.value().lost("not needed: Domains leads to the service");
            } else if (key.equals("REDIRECT_TO_HTTPS")) {
                pair.value().lost("redirect_https: true of a domain with cert: and key:");
            } else if (key.equals("STICKY")) {
                pair.value().lost("sticky: true of a domain");
            } else if (known.matches()) {
                pair.value().lost("a setting of marathon-lb, which Portolan's edge does not read");
            } else {
                service.keys()
                        .map("labels")
                        .put(
                                Naming.literal(pair.key()),
                                MacroText.fill(pair.value().text()));
            }
        }
    }

    private void dependencies(@Nullable Cursor dependencies, ServiceDraft service) {
        if (dependencies == null) {
            return;
        }
        for (Cursor item : dependencies.items()) {
            String text = item.text();
            String last = text.substring(text.lastIndexOf('/') + 1);
            String found = null;
            for (Map.Entry<String, String> name : names.entrySet()) {
                if (name.getKey().equals(text)
                        || name.getKey().endsWith("/" + last)
                        || name.getKey().equals(last)) {
                    found = name.getValue();
                }
            }
            if (found == null || found.equals(service.name())) {
                item.lost("there is no app " + text + " in this file");
            } else {
                service.keys().add("require", Part.text(found));
            }
        }
    }

    private static void upgrade(Cursor app, ServiceDraft service) {
        Cursor upgrade = app.get("upgradeStrategy");
        if (upgrade == null) {
            return;
        }
        Cursor least = upgrade.get("minimumHealthCapacity");
        Cursor over = upgrade.get("maximumOverCapacity");
        Cursor instances = app.get("instances");
        int count =
                instances != null && instances.peek().matches("[0-9]{1,3}") ? Integer.parseInt(instances.peek()) : 1;
        Part.Fields rollout = service.keys().map("rollout");
        if (least != null && least.peek().matches("[01](\\.[0-9]+)?")) {
            double share = Double.parseDouble(least.text());
            rollout.put("max_unavailable", Part.plain((int) Math.floor((1 - share) * count)));
            least.changed("a share of " + count + " instances, as a number");
        }
        if (over != null && over.peek().matches("[01](\\.[0-9]+)?")) {
            double share = Double.parseDouble(over.text());
            rollout.put("max_surge", Part.plain((int) Math.floor(share * count)));
            over.changed("a share of " + count + " instances, as a number");
        }
        if (Part.plain(0).equals(rollout.get("max_unavailable"))
                && Part.plain(0).equals(rollout.get("max_surge"))) {
            rollout.put("max_surge", Part.plain(1));
        }
        if (rollout.isEmpty()) {
            service.keys().remove("rollout");
        }
    }
}
