package org.portolan.importer.compose;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.importer.draft.CheckCommand;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.model.Durations;

/** {@code healthcheck} of a service. */
final class ComposeHealth {
    private static final Map<String, String> TIMES = Map.of(
            "interval", "interval",
            "timeout", "timeout",
            "start_period", "start_period",
            "start_interval", "start_interval");
    private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(1);

    private final ComposeContext context;

    ComposeHealth(ComposeContext context) {
        this.context = context;
    }

    void translate(Cursor check, String name, ServiceDraft service) {
        Cursor disable = check.get("disable");
        Cursor test = check.get("test");
        boolean none = test != null
                && test.isList()
                && test.items().size() == 1
                && test.items().get(0).peek().equals("NONE");
        if (none || (disable != null && disable.text().equals("true"))) {
            check.use();
            service.keys().put("health", Part.text("none"));
            return;
        }
        if (disable != null && !disable.peek().equals("false")) {
            disable.lost("expected true or false");
        }
        if (test == null) {
            if (check.entries().stream().anyMatch(pair -> !pair.key().equals("disable"))) {
                check.lost("the times of the image's HEALTHCHECK: write the check itself under health");
            }
            return;
        }
        Part.Fields health = new Part.Fields();
        test(test, name, health);
        if (health.isEmpty()) {
            return;
        }
        for (String key : List.of("interval", "timeout", "start_period", "start_interval")) {
            Cursor time = check.get(key);
            if (time != null) {
                String text = context.variables().resolved(time);
                Optional<Duration> duration = duration(text);
                if (duration.isPresent() && !duration.get().isZero()) {
                    health.put(String.valueOf(TIMES.get(key)), Durations.format(duration.get()));
                } else {
                    time.lost("not a duration such as 10s: " + text);
                }
            }
        }
        Cursor retries = check.get("retries");
        if (retries != null) {
            String text = context.variables().fill(retries);
            if (text.equals("0")) {
                retries.lost("unhealthy is 1 to 100; the default is 3");
            } else if (text.matches("[0-9]{3,}") && !text.equals("100")) {
                retries.changed("unhealthy is at most 100, not " + text + "; deadline says how long a start may take");
                health.put("unhealthy", Part.plain(100));
            } else {
                health.put("unhealthy", Part.number(text));
            }
        }
        deadline(check, health);
        service.keys().put("health", health);
    }

    /** An instance may take as long to start as in Compose before the release fails. */
    private void deadline(Cursor check, Part.Fields health) {
        Duration interval = said(check, "interval", 30);
        Duration timeout = said(check, "timeout", 30);
        String retries = check.text("retries");
        long times = retries != null && retries.matches("[0-9]{1,3}") ? Long.parseLong(retries) : 3;
        Duration needed =
                said(check, "start_period", 0).plus(interval.plus(timeout).multipliedBy(times + 1));
        boolean slow = check.get("start_period") != null || check.get("retries") != null;
        if (slow && needed.compareTo(DEFAULT_DEADLINE) > 0) {
            health.put("deadline", Durations.format(needed));
        }
    }

    private Duration said(Cursor check, String key, long otherwise) {
        Cursor time = check.get(key);
        return time == null
                ? Duration.ofSeconds(otherwise)
                : duration(context.variables().resolved(time)).orElse(Duration.ofSeconds(otherwise));
    }

    private void test(Cursor test, String name, Part.Fields health) {
        ComposeVariables variables = context.variables();
        if (!test.isList()) {
            shell(test, name, health);
            return;
        }
        List<Cursor> items = test.items();
        String kind = items.isEmpty() ? "" : items.get(0).text();
        List<Cursor> rest = items.isEmpty() ? List.of() : items.subList(1, items.size());
        if (kind.equals("CMD-SHELL") && rest.size() == 1) {
            shell(rest.get(0), name, health);
        } else if (kind.equals("CMD") && !rest.isEmpty()) {
            List<String> words =
                    rest.stream().map(word -> variables.resolved(word.peek())).toList();
            Optional<CheckCommand> request = CheckCommand.of(words);
            boolean sh = words.size() == 3
                    && words.get(0).matches("(/bin/)?sh")
                    && words.get(1).equals("-c");
            if (request.isPresent() && http(request.get(), name, health)) {
                test.use();
                test.changed("Portolan makes the request itself, from outside the container");
            } else if (sh) {
                rest.get(0).use();
                rest.get(1).use();
                shell(rest.get(2), name, health);
            } else {
                health.put("exec", Part.texts(rest.stream().map(variables::fill).toList()));
            }
        } else {
            test.lost("expected CMD or CMD-SHELL before the command");
        }
    }

    private void shell(Cursor command, String name, Part.Fields health) {
        String line = context.variables().resolved(command.peek());
        Optional<CheckCommand> request = CheckCommand.of(line);
        if (request.isPresent() && http(request.get(), name, health)) {
            command.changed("Portolan makes the request itself, from outside the container");
        } else {
            health.put("exec", context.variables().fill(command));
        }
    }

    /** A request to a port that the service declares, or to its only one. */
    private boolean http(CheckCommand request, String name, Part.Fields health) {
        PortDrafts ports = context.ports(name);
        String port = request.port().isEmpty() ? "80" : request.port();
        if (!ports.has(port)) {
            if (!ports.isEmpty()) {
                return false;
            }
            ports.listen(port);
        }
        health.put("http", Naming.literal(request.path()));
        if (!ports.main().equals(port) && !ports.name(port).isEmpty()) {
            health.put("port", ports.name(port));
        }
        return true;
    }

    /** A duration as Go writes it. */
    static Optional<Duration> duration(String text) {
        if (text.matches("[0-9]+\\.[0-9]+s")) {
            return Optional.of(
                    Duration.ofMillis((long) (Double.parseDouble(text.substring(0, text.length() - 1)) * 1000)));
        }
        if (text.matches("[0-9]{1,9}d")) {
            return Optional.of(Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))));
        }
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        return Durations.parse(text);
    }
}
