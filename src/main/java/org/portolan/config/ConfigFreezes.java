package org.portolan.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Cron;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.FreezeWindow;
import org.portolan.model.Nearest;
import org.portolan.model.Position;
import org.portolan.model.Problem;

/** Reads the section {@code freeze}: names of one's choice, each with a time in which nothing new is deployed. */
final class ConfigFreezes {
    static final String SECTION = "freeze";

    private static final String BEGIN = SECTION + ".";
    private static final List<String> KEYS = List.of("from", "for", "zone", "deployments", "reason");
    private static final String EXAMPLE = "for example: weekend: {from: \"0 18 * * 5\", for: 62h, zone: Europe/Berlin}";
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private final ConfigFaults problems = new ConfigFaults();
    private final Map<String, Window> windows = new LinkedHashMap<>();

    /** One, as far as it was read. */
    private static final class Window {
        private final Position at;
        private Optional<Cron> from = Optional.empty();
        private Optional<Duration> lasts = Optional.empty();
        private ZoneId zone = ZoneOffset.UTC;
        private List<String> deployments = List.of("*");
        private String reason = "";
        private boolean wrong;

        Window(Position at) {
            this.at = at;
        }
    }

    private ConfigFreezes() {}

    static boolean isIn(ConfigEntry entry) {
        return entry.path().startsWith(BEGIN) || entry.path().equals(SECTION);
    }

    /**
     * Reads the section.
     *
     * @param entries its own only
     * @param faults what is wrong is added here
     */
    static List<FreezeWindow> read(List<ConfigEntry> entries, Collection<Problem> faults) {
        ConfigFreezes reader = new ConfigFreezes();
        entries.forEach(reader::read);
        List<FreezeWindow> windows = reader.all();
        faults.addAll(reader.problems.all());
        return windows;
    }

    private void read(ConfigEntry entry) {
        String[] words = entry.path().split("\\.", 3);
        if (words.length < 3) {
            problems.add(entry, "'" + entry.path() + "' should be a map", EXAMPLE);
            return;
        }
        Window window = windows.computeIfAbsent(words[1], name -> new Window(entry.at()));
        int before = problems.count();
        switch (words[2]) {
            case "from" -> window.from = problems.single(entry).flatMap(text -> cron(entry, text));
            case "for" -> window.lasts = problems.single(entry).flatMap(text -> lasts(entry, text));
            case "zone" ->
                problems.single(entry).flatMap(text -> zone(entry, text)).ifPresent(zone -> window.zone = zone);
            case "deployments" -> window.deployments = entry.words();
            case "reason" -> problems.single(entry).ifPresent(text -> window.reason = text.strip());
            default ->
                problems.add(
                        entry,
                        "unknown key '" + entry.path() + "'",
                        Nearest.of(words[2], KEYS)
                                .map(near -> "did you mean '" + near + "'?")
                                .orElse("a freeze window has " + String.join(", ", KEYS)
                                        + "; its name cannot contain dots"));
        }
        window.wrong |= problems.count() > before;
    }

    private Optional<Cron> cron(ConfigEntry entry, String text) {
        try {
            return Optional.of(Cron.parse(text));
        } catch (Failure invalid) {
            problems.add(
                    entry,
                    entry.path() + " should be a time as cron writes it: '" + text + "' " + invalid.what(),
                    "for example, on Fridays at 18:00: from: \"0 18 * * 5\"");
            return Optional.empty();
        }
    }

    private Optional<Duration> lasts(ConfigEntry entry, String text) {
        Optional<Duration> lasts = Durations.parse(text)
                .filter(time -> time.compareTo(SHORTEST) >= 0 && time.compareTo(FreezeWindow.LONGEST) <= 0);
        if (lasts.isEmpty()) {
            problems.add(
                    entry,
                    entry.path() + " should be a duration from 1m to " + FreezeWindow.LONGEST.toHours() + "h, not '"
                            + text + "'",
                    "for example: for: 62h");
        }
        return lasts;
    }

    private Optional<ZoneId> zone(ConfigEntry entry, String text) {
        try {
            return Optional.of(ZoneId.of(text.strip()));
        } catch (DateTimeException unknown) {
            problems.add(
                    entry, entry.path() + ": unknown time zone '" + text + "'", "for example: zone: Europe/Berlin");
            return Optional.empty();
        }
    }

    private List<FreezeWindow> all() {
        List<FreezeWindow> all = new ArrayList<>();
        windows.forEach((name, window) -> {
            if (window.from.isPresent() && window.lasts.isPresent()) {
                all.add(new FreezeWindow(
                        name, window.from.get(), window.lasts.get(), window.zone, window.deployments, window.reason));
            } else if (!window.wrong) {
                problems.add(Problem.error(window.at, "the freeze window '" + name + "' needs from and for")
                        .withHint(EXAMPLE));
            }
        });
        return all;
    }
}
