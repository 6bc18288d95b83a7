package org.portolan.importer.compose;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.ServiceDraft;

/** {@code labels} of a service. Those by which Traefik finds its routes become domains; all others stay labels. */
final class ComposeLabels {
    private static final String TRAEFIK = "traefik.";
    private static final Pattern RULE =
            Pattern.compile("traefik\\.(?:http\\.routers\\.([^.]+)\\.rule|frontend\\.rule)");
    private static final Pattern PORT =
            Pattern.compile("traefik\\.(?:http\\.services\\.([^.]+)\\.loadbalancer\\.server\\.port|port)");
    private static final Pattern SERVICE = Pattern.compile("traefik\\.http\\.routers\\.[^.]+\\.service");

    private final ComposeContext context;

    ComposeLabels(ComposeContext context) {
        this.context = context;
    }

    void labels(Cursor labels, String name, ServiceDraft service) {
        Map<String, Cursor> values = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        for (Cursor.Pair pair : labels.entries()) {
            values.put(pair.key(), pair.value());
            texts.put(pair.key(), pair.value().peek());
        }
        if (!labels.isMap()) {
            for (Cursor item : labels.items()) {
                String text = item.peek();
                int equals = text.indexOf('=');
                String key = equals < 0 ? text : text.substring(0, equals);
                values.put(key, item);
                texts.put(key, equals < 0 ? "" : text.substring(equals + 1));
            }
        }
        Map<String, String> ports = ports(values, texts, name);
        values.forEach((key, at) -> {
            String text = String.valueOf(texts.get(key));
            Matcher rule = RULE.matcher(key);
            if (!key.startsWith(TRAEFIK)) {
                label(key, text, at, service);
            } else if (rule.matches()) {
                rule(rule.group(1), text, at, name, texts, ports);
            } else if (SERVICE.matcher(key).matches()
                    && ports.containsKey(context.variables().resolved(text))) {
                at.use();
            } else if (!PORT.matcher(key).matches() || ports.isEmpty()) {
                traefik(key, at);
            }
        });
    }

    private void label(String key, String text, Cursor at, ServiceDraft service) {
        at.use();
        if (key.startsWith("org.portolan.") || key.isEmpty()) {
            at.lost("the label is reserved");
        } else {
            service.keys()
                    .map("labels")
                    .put(Naming.literal(key), context.variables().fillVariable(at, text));
        }
    }

    /** The ports that Traefik's services lead to, by their names; "" of the old form. */
    private Map<String, String> ports(Map<String, Cursor> values, Map<String, String> texts, String name) {
        Map<String, String> ports = new LinkedHashMap<>();
        texts.forEach((key, written) -> {
            Matcher label = PORT.matcher(key);
            String text = context.variables().resolved(written);
            Cursor at = values.get(key);
            if (label.matches() && text.matches("[1-9][0-9]{0,4}") && at != null) {
                at.use();
                context.ports(name).listen(text);
                ports.put(label.group(1) == null ? "" : label.group(1), text);
            }
        });
        return ports;
    }

    private static void traefik(String key, Cursor at) {
        if (key.equals("traefik.enable") || key.equals("traefik.docker.network")) {
            at.lost("not needed: Domains leads to the service");
        } else if (key.startsWith("traefik.tcp.") || key.startsWith("traefik.udp.")) {
            at.lost("connections of TCP and UDP come in through wan_map: {\":1883\": …} or a TCP domain");
        } else if (key.contains(".tls")) {
            at.lost("TLS: give the domain cert: and key:");
        } else if (key.contains(".middlewares")) {
            at.lost("Traefik's middlewares have no counterpart, but domains have redirect_https, auth, sticky and"
                    + " maintenance");
        } else if (key.contains(".sticky")) {
            at.lost("sticky: true of a domain keeps a client on an instance");
        } else {
            at.lost("a setting of Traefik, which Portolan's edge does not read");
        }
    }

    private void rule(
            @Nullable String router,
            String text,
            Cursor at,
            String name,
            Map<String, String> texts,
            Map<String, String> ports) {
        String named = router == null
                ? ""
                : context.variables().resolved(texts.getOrDefault("traefik.http.routers." + router + ".service", ""));
        if (named.contains("@")) {
            at.lost("it leads to " + named + ", which is not a service of this file");
            return;
        }
        TraefikRule rule = TraefikRule.read(context.variables().resolved(text));
        if (rule.hosts().isEmpty()) {
            at.lost("a rule of Traefik without a host name that can be read: write it under Domains");
            return;
        }
        at.use();
        if (!rule.whole()) {
            at.changed("only the hosts and the paths of this rule are imported");
        } else if (rule.exact()) {
            at.changed("Path(…) means this path alone; in Domains a path leads to what is below it, too");
        }
        String first = ports.isEmpty() ? "" : ports.values().iterator().next();
        String port = ports.getOrDefault(named, first);
        for (String host : rule.hosts()) {
            for (String path : rule.paths()) {
                context.domain(at, host, path, name, port);
            }
        }
        if (text.contains("$")) {
            at.changed("variables in it are filled in as they are now");
        }
    }
}
