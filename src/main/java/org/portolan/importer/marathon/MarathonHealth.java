package org.portolan.importer.marathon;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.model.Durations;

/** {@code healthChecks} of an app. A service has one check: the first of HTTP, else the first. */
final class MarathonHealth {
    private final PortDrafts ports;
    private final List<String> byIndex;

    MarathonHealth(PortDrafts ports, List<String> byIndex) {
        this.ports = ports;
        this.byIndex = byIndex;
    }

    void translate(@Nullable Cursor checks, ServiceDraft service) {
        if (checks == null || checks.items().isEmpty()) {
            return;
        }
        Cursor chosen = checks.items().get(0);
        for (Cursor check : checks.items()) {
            if (protocol(check).endsWith("HTTP")) {
                chosen = check;
                break;
            }
        }
        for (Cursor check : checks.items()) {
            if (!check.path().equals(chosen.path())) {
                check.lost("a service has one check; this one is not needed beside " + protocol(chosen));
            }
        }
        Part.Fields health = new Part.Fields();
        check(chosen, health);
        if (!health.isEmpty()) {
            service.keys().put("health", health);
        }
    }

    private static String protocol(Cursor check) {
        Cursor protocol = check.get("protocol");
        return protocol == null ? "HTTP" : protocol.peek().replaceFirst("^MESOS_", "");
    }

    private void check(Cursor check, Part.Fields health) {
        String protocol = protocol(check);
        Cursor said = check.get("protocol");
        if (said != null) {
            said.use();
        }
        switch (protocol) {
            case "HTTP" -> {
                Cursor path = check.get("path");
                health.put("http", path == null ? "/" : MacroText.fill(path.text()));
            }
            case "TCP" -> health.put("tcp", Part.plain(true));
            case "COMMAND" -> {
                Cursor command = check.get("command");
                Cursor value = command == null || !command.isMap() ? command : command.get("value");
                if (value == null) {
                    check.lost("the check has no command");
                    return;
                }
                MarathonApp.unset(value);
                health.put("exec", MacroText.fill(value.text()));
            }
            default -> {
                check.lost("a check of the kind " + protocol + " has no counterpart: http, tcp or exec");
                return;
            }
        }
        port(check, protocol, health);
        time(check, "intervalSeconds", "interval", health);
        time(check, "timeoutSeconds", "timeout", health);
        time(check, "gracePeriodSeconds", "start_period", health);
        Cursor failures = check.get("maxConsecutiveFailures");
        if (failures != null && !failures.peek().equals("0")) {
            health.put("unhealthy", Part.number(MacroText.fill(failures.text())));
        }
        deadline(check, health);
    }

    private void port(Cursor check, String protocol, Part.Fields health) {
        Cursor index = check.get("portIndex");
        if (index == null || protocol.equals("COMMAND")) {
            return;
        }
        if (!index.peek().matches("[0-9]") || Integer.parseInt(index.peek()) >= byIndex.size()) {
            index.lost("there is no such port");
            return;
        }
        String port = byIndex.get(Integer.parseInt(index.text()));
        if (ports.size() > 1 && !ports.name(port).isEmpty()) {
            health.put("port", ports.name(port));
        }
    }

    private static void time(Cursor check, String key, String name, Part.Fields health) {
        Cursor time = check.get(key);
        if (time != null) {
            String text = MacroText.fill(time.text());
            boolean zero = text.equals("0") && !name.equals("start_period");
            if (zero) {
                time.lost("it must be more than 0");
            } else {
                health.put(name, Part.text(text + "s"));
            }
        }
    }

    /** An app may fail for its grace period, and then as often as it says. */
    private static void deadline(Cursor check, Part.Fields health) {
        long grace = number(check, "gracePeriodSeconds", 300);
        long interval = number(check, "intervalSeconds", 60);
        long failures = number(check, "maxConsecutiveFailures", 3);
        Duration needed = Duration.ofSeconds(grace + (failures + 1) * interval);
        if (needed.compareTo(Duration.ofMinutes(1)) > 0) {
            health.put("deadline", Durations.format(needed));
        }
    }

    private static long number(Cursor check, String key, long otherwise) {
        Cursor value = check.get(key);
        return value != null && value.peek().matches("[0-9]{1,6}") ? Long.parseLong(value.peek()) : otherwise;
    }
}
