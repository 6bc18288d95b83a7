package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.servicefile.format.Names;

/** {@code labels} of a service. Those by which Traefik finds its routes become domains; all others stay labels. */
final class ComposeLabels {
    private static final String TRAEFIK = "traefik.";
    private static final Pattern RULE =
            Pattern.compile("traefik\\.(?:http\\.routers\\.([^.]+)\\.rule|frontend\\.rule)");
    private static final Pattern PORT =
            Pattern.compile("traefik\\.(?:http\\.services\\.[^.]+\\.loadbalancer\\.server\\.port|port)");
    private static final Pattern QUOTED = Pattern.compile("[`'\"]([^`'\"]+)[`'\"]");
    private static final Pattern HOST = Pattern.compile("Host\\(([^)]*)\\)");
    private static final Pattern PATH = Pattern.compile("PathPrefix\\(([^)]*)\\)");

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
        String port = port(values, texts, name);
        values.forEach((key, at) -> {
            String text = String.valueOf(texts.get(key));
            if (!key.startsWith(TRAEFIK)) {
                label(key, text, at, service);
            } else if (RULE.matcher(key).matches()) {
                rule(context.variables().resolved(text), at, name, port);
            } else if (!PORT.matcher(key).matches() || port.isEmpty()) {
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

    private String port(Map<String, Cursor> values, Map<String, String> texts, String name) {
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            String text = context.variables().resolved(entry.getValue());
            if (PORT.matcher(entry.getKey()).matches() && text.matches("[1-9][0-9]{0,4}")) {
                Cursor at = values.get(entry.getKey());
                if (at != null) {
                    at.use();
                }
                context.ports(name).listen(text);
                return text;
            }
        }
        return "";
    }

    private static void traefik(String key, Cursor at) {
        if (key.equals("traefik.enable") || key.equals("traefik.docker.network")) {
            at.lost("not needed: Domains leads to the service");
        } else if (key.contains(".tls")) {
            at.lost("TLS: give the domain cert: and key:");
        } else if (key.contains(".middlewares")) {
            at.lost("Traefik's middlewares have no counterpart, but domains have redirect_https, auth, sticky and"
                    + " maintenance");
        } else {
            at.lost("a setting of Traefik, which Portolan's edge does not read");
        }
    }

    private void rule(String rule, Cursor at, String name, String port) {
        List<String> hosts = new ArrayList<>();
        Matcher host = HOST.matcher(rule);
        while (host.find()) {
            Matcher word = QUOTED.matcher(host.group(1));
            while (word.find()) {
                hosts.add(word.group(1));
            }
        }
        Matcher old = Pattern.compile("^Host:([^;]+)$").matcher(rule);
        if (old.matches()) {
            hosts.addAll(List.of(old.group(1).split("\\s*,\\s*")));
        }
        hosts.removeIf(each -> Names.checkHost(each, true) != null);
        if (hosts.isEmpty()) {
            at.lost("a rule of Traefik without a host name that can be read: write it under Domains");
            return;
        }
        at.use();
        String path = "";
        Matcher prefix = PATH.matcher(rule);
        if (prefix.find()) {
            Matcher word = QUOTED.matcher(prefix.group(1));
            path = word.find() ? word.group(1) : "";
        }
        String rest = rule.replaceAll("Host\\([^)]*\\)|PathPrefix\\([^)]*\\)|Host:[^;]+|&&|\\|\\||[()\\s]", "");
        if (!rest.isEmpty()) {
            at.changed("only the hosts and the path of this rule are imported");
        }
        for (String each : hosts) {
            context.domain(each, path.equals("/") ? "" : path, name, port);
        }
        if (rule.contains("$")) {
            at.changed("variables in it are filled in as they are now");
        }
    }
}
