package org.portolan.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Nearest;
import org.portolan.model.Position;
import org.portolan.model.Problem;

/** Reads the section {@code notifications}: names of one's choice, each with a target and what it gets. */
final class ConfigNotifications {
    static final String SECTION = "notifications";

    /** The whole section in a variable, written as in the file. */
    static final String VARIABLE = "PORTOLAN_NOTIFICATIONS";

    /** What there is to be notified of. */
    static final List<String> EVENTS =
            List.of("started", "succeeded", "failed", "rolled-back", "pending-approval", "drift");

    private static final List<String> KEYS = List.of("url", "events", "deployments", "format", "template", "secret");
    private static final String BEGIN = SECTION + ".";

    private final Path base;
    private final ConfigFaults problems = new ConfigFaults();
    private final Map<String, Target> targets = new LinkedHashMap<>();

    private static final class Target {
        private final Position at;
        private NotificationSettings.@Nullable Address address;
        private Set<String> events = Set.copyOf(EVENTS);
        private Set<String> deployments = Set.of();
        private NotificationSettings.Format format = NotificationSettings.Format.JSON;
        private @Nullable Path template;
        private @Nullable SecretReference secret;

        Target(Position at) {
            this.at = at;
        }
    }

    private ConfigNotifications(Path base) {
        this.base = base;
    }

    static boolean isIn(ConfigEntry entry) {
        return entry.path().startsWith(BEGIN) || entry.path().equals(SECTION);
    }

    /**
     * Reads the section.
     *
     * @param entries its own only
     * @param base what relative paths start at
     * @param faults what is wrong is added here
     */
    static List<NotificationSettings> read(List<ConfigEntry> entries, Path base, Collection<Problem> faults) {
        ConfigNotifications reader = new ConfigNotifications(base);
        entries.forEach(reader::read);
        List<NotificationSettings> settings = reader.settings();
        faults.addAll(reader.problems.all());
        return settings;
    }

    private void read(ConfigEntry entry) {
        String[] words = entry.path().split("\\.", -1);
        if (words.length != 3) {
            problems.add(entry, "'" + entry.path() + "' should be a map", "for example: team: {url: env:TEAM_URL}");
            return;
        }
        Target target = targets.computeIfAbsent(words[1], name -> new Target(entry.at()));
        switch (words[2]) {
            case "url" -> target.address = address(entry);
            case "events" -> target.events = events(entry);
            case "deployments" -> target.deployments = new TreeSet<>(entry.words());
            case "format" -> target.format = format(entry);
            case "template" -> target.template = template(entry);
            case "secret" -> target.secret = reference(entry, single(entry));
            default ->
                problems.add(
                        entry,
                        "unknown key '" + entry.path() + "'",
                        Nearest.of(words[2], KEYS)
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("a notification has " + String.join(", ", KEYS)));
        }
    }

    private NotificationSettings.@Nullable Address address(ConfigEntry entry) {
        String text = single(entry);
        if (isUrl(text)) {
            return new NotificationSettings.Address.Plain(text);
        }
        SecretReference found = reference(entry, text);
        return found == null ? null : new NotificationSettings.Address.Referred(found);
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private @Nullable SecretReference reference(ConfigEntry entry, String text) {
        Optional<SecretReference> found = SecretReference.parse(text, base, entry.path() + " (" + entry.at() + ")");
        if (found.isEmpty()) {
            boolean url = entry.path().endsWith(".url");
            problems.add(
                    entry,
                    entry.path() + " should be " + (url ? "an http:// or https:// address, " : "")
                            + SecretReference.FORM,
                    "for example: env:TEAM_URL");
        }
        return found.orElse(null);
    }

    private Set<String> events(ConfigEntry entry) {
        Set<String> events = new TreeSet<>(entry.words());
        for (String event : events) {
            if (!EVENTS.contains(event)) {
                problems.add(
                        entry,
                        "unknown event '" + event + "'",
                        Nearest.of(event, EVENTS)
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("use " + String.join(", ", EVENTS)));
            }
        }
        if (events.isEmpty()) {
            problems.add(entry, entry.path() + " names no event", "use " + String.join(", ", EVENTS));
        }
        return events;
    }

    private NotificationSettings.Format format(ConfigEntry entry) {
        String text = single(entry);
        for (NotificationSettings.Format each : NotificationSettings.Format.values()) {
            if (each.word().equals(text)) {
                return each;
            }
        }
        problems.add(entry, entry.path() + " should be json, slack or mustache, not '" + text + "'", "");
        return NotificationSettings.Format.JSON;
    }

    private @Nullable Path template(ConfigEntry entry) {
        String text = single(entry);
        try {
            return base.resolve(text).toAbsolutePath().normalize();
        } catch (InvalidPathException notPath) {
            problems.add(entry, entry.path() + " should be a path, not '" + text + "'", "");
            return null;
        }
    }

    private String single(ConfigEntry entry) {
        return problems.single(entry).map(String::strip).orElse("");
    }

    private List<NotificationSettings> settings() {
        List<NotificationSettings> settings = new ArrayList<>();
        targets.forEach((name, target) -> {
            NotificationSettings.Address address = target.address;
            boolean templated = target.format == NotificationSettings.Format.MUSTACHE;
            if (address == null) {
                if (problems.isEmpty()) {
                    problems.add(Problem.error(target.at, "the notification '" + name + "' has no url")
                            .withHint("add where it goes, for example url: env:TEAM_URL"));
                }
            } else if (templated != (target.template != null)) {
                problems.add(Problem.error(
                                target.at, "the notification '" + name + "': mustache and template need each other")
                        .withHint("add format: mustache and template: FILE, or neither"));
            } else {
                settings.add(new NotificationSettings(
                        name,
                        address,
                        target.events,
                        target.deployments,
                        target.format,
                        Optional.ofNullable(target.template),
                        Optional.ofNullable(target.secret),
                        target.at));
            }
        });
        return settings;
    }
}
