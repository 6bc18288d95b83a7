package org.portolan.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.model.Problem;

/**
 * Reads the section {@code sources}: names of one's choice, each with what an installation knows of one source. Whatever is
 * wrong is added to the faults of the other keys.
 */
final class ConfigSources {
    static final String SECTION = "sources";

    /** The whole section in a variable, written as in the file. */
    static final String VARIABLE = "PORTOLAN_SOURCES";

    private static final String BEGIN = SECTION + ".";

    private final Path base;
    private final Path home;
    private final ConfigFaults problems = new ConfigFaults();
    private final Map<String, ConfigSource> sources = new LinkedHashMap<>();

    private ConfigSources(Path base, Path home) {
        this.base = base;
        this.home = home;
    }

    static boolean isIn(ConfigEntry entry) {
        return entry.path().startsWith(BEGIN) || entry.path().equals(SECTION);
    }

    /**
     * Reads the section.
     *
     * @param entries its own only
     * @param base what relative paths start at
     * @param home the state directory
     * @param faults what is wrong is added here
     */
    static List<SourceSettings> read(List<ConfigEntry> entries, Path base, Path home, Collection<Problem> faults) {
        ConfigSources reader = new ConfigSources(base, home);
        entries.forEach(reader::read);
        List<SourceSettings> settings = reader.settings();
        faults.addAll(reader.problems.all());
        return settings;
    }

    private void read(ConfigEntry entry) {
        String[] words = entry.path().split("\\.", 4);
        if (words.length < 3) {
            problems.add(entry, "'" + entry.path() + "' should be a map", "for example: shop: {url: /srv/shop.git}");
            return;
        }
        sources.computeIfAbsent(words[1], name -> new ConfigSource(name, entry.at(), base, home, problems))
                .read(entry, words[2], words.length == 4 ? words[3] : "");
    }

    private List<SourceSettings> settings() {
        List<SourceSettings> settings = new ArrayList<>();
        Map<String, SourceSettings> places = new TreeMap<>();
        Map<String, SourceSettings> logins = new TreeMap<>();
        for (ConfigSource source : sources.values()) {
            source.settings().ifPresent(read -> {
                settings.add(read);
                SourceSettings other =
                        places.putIfAbsent(read.location() + "\0" + read.path().orElse("\0"), read);
                if (other != null) {
                    problems.add(Problem.error(
                                    read.at(),
                                    "the source '" + read.name() + "' is the same as '" + other.name() + "' at "
                                            + other.at())
                            .withHint("merge them, or give each the path of its Servicefile"));
                }
                if (read.credentials().isPresent()) {
                    SourceSettings first = logins.putIfAbsent(read.location(), read);
                    if (first != null && !first.credentials().equals(read.credentials())) {
                        problems.add(Problem.error(
                                        read.at(),
                                        "the source '" + read.name()
                                                + "' has other credentials for the same repository than '"
                                                + first.name() + "' at " + first.at())
                                .withHint("a repository is fetched once for all its sources: use the same ones"));
                    }
                }
            });
        }
        return settings;
    }
}
