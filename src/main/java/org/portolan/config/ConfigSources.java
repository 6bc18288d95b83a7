package org.portolan.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Nearest;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.source.GitAddress;

/**
 * Reads the section {@code sources}: names of one's choice, each with what an installation knows of one source. Whatever is
 * wrong is added to the faults of the other keys.
 */
final class ConfigSources {
    static final String SECTION = "sources";

    /** The whole section in a variable, written as in the file. */
    static final String VARIABLE = "PORTOLAN_SOURCES";

    private static final String BEGIN = SECTION + ".";
    private static final List<String> KEYS =
            List.of("url", "path", "ref", "branches", "poll", "sync", "env", "env_files", "webhook", "status");

    private static final Duration USUAL_POLL = Duration.ofSeconds(60);
    private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);

    /** Instead of an address: the repository is in the state directory and receives pushes. */
    private static final String PUSH = "push";

    private final Path base;
    private final Path home;
    private final ConfigFaults problems = new ConfigFaults();
    private final Map<String, Source> sources = new LinkedHashMap<>();

    /** One source, as far as it was read. */
    private static final class Source {
        private final Position at;
        private final SortedMap<String, Configuration.Secret> env = new TreeMap<>();
        private final List<Path> envFiles = new ArrayList<>();
        private Optional<String> location = Optional.empty();
        private Optional<String> path = Optional.empty();
        private Optional<String> url = Optional.empty();
        private Optional<String> ref = Optional.empty();
        private Optional<Duration> poll = Optional.empty();
        private Optional<Boolean> report = Optional.empty();
        private final SortedMap<String, SourceSettings.Branch> branches = new TreeMap<>();
        private boolean pushed;
        private final GitHostReader host;

        Source(Position at, Path base) {
            this.at = at;
            this.host = new GitHostReader(base);
        }

        /** One of which any of the controller's keys is there is followed. */
        Optional<SourceSettings.Watch> watch() {
            boolean followed =
                    pushed || ref.isPresent() || poll.isPresent() || report.isPresent() || !branches.isEmpty();
            return url.filter(address -> followed)
                    .map(address -> new SourceSettings.Watch(
                            new Configuration.Secret(address),
                            ref,
                            poll.orElse(USUAL_POLL),
                            report.orElse(false),
                            pushed,
                            branches));
        }
    }

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
        Source source = sources.computeIfAbsent(words[1], name -> new Source(entry.at(), base));
        boolean deep = words.length == 4;
        switch (words[2]) {
            case "url" -> {
                if (!deep && entry.items().equals(List.of(PUSH))) {
                    pushed(entry, words[1], source);
                    return;
                }
                source.location = deep ? unknown(entry, words[2]) : location(entry);
                source.url = source.location.isEmpty()
                        ? Optional.empty()
                        : problems.single(entry).map(this::address);
            }
            case "branches" -> branch(entry, deep ? words[3] : "", source);
            case "ref" -> source.ref = deep ? unknown(entry, words[2]) : problems.single(entry);
            case "poll" -> {
                if (deep) {
                    unknown(entry, words[2]);
                } else {
                    source.poll = interval(entry);
                }
            }
            case "sync" -> {
                if (deep) {
                    unknown(entry, words[2]);
                } else {
                    source.report = report(entry);
                }
            }
            case "path" ->
                source.path =
                        deep ? unknown(entry, words[2]) : problems.single(entry).map(ConfigSources::normal);
            case "env" -> variable(entry, deep ? words[3] : "", source);
            case "env_files" -> files(entry, source);
            case "webhook", "status" -> {
                if (!deep || !source.host.take(words[2], words[3], entry, problems)) {
                    unknown(entry, words[2]);
                }
            }
            default -> unknown(entry, words[2]);
        }
    }

    private void pushed(ConfigEntry entry, String name, Source source) {
        if (!PushRepositories.isName(name)) {
            problems.add(
                    entry,
                    "'" + name + "' is not a valid name of a source that receives pushes",
                    "use letters, digits, hyphens and _, at most 63");
            return;
        }
        Path repository = PushRepositories.repository(home, name);
        source.pushed = true;
        source.url = Optional.of(repository.toString());
        source.location = Optional.of(PushRepositories.location(home, name));
    }

    private void branch(ConfigEntry entry, String branch, Source source) {
        if (branch.isEmpty()) {
            problems.add(
                    entry,
                    "'" + entry.path() + "' should be a map of branches to deployments",
                    "for example: branches: {main: production, staging: staging}");
            return;
        }
        Optional<String> deployment = problems.single(entry);
        Optional<String> other = source.branches.entrySet().stream()
                .filter(known ->
                        deployment.filter(known.getValue().deployment()::equals).isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
        if (other.isPresent()) {
            problems.add(
                    entry,
                    entry.path() + ": the deployment " + deployment.orElse("") + " is already deployed from the branch "
                            + other.get(),
                    "use a different deployment for each branch");
        }
        deployment.ifPresent(name -> source.branches.put(branch, new SourceSettings.Branch(name)));
    }

    private Optional<String> location(ConfigEntry entry) {
        try {
            return problems.single(entry).map(url -> GitAddress.parse(url, base).normal());
        } catch (Failure invalid) {
            problems.add(
                    entry, entry.path() + ": " + invalid.what(), invalid.hint().orElse(""));
            return Optional.empty();
        }
    }

    /** As it is fetched from: a path is relative to the configuration, not to where the controller was started. */
    private String address(String url) {
        GitAddress address = GitAddress.parse(url, base);
        return address.isLocal() ? address.folder().toString() : url.strip();
    }

    private Optional<Duration> interval(ConfigEntry entry) {
        Optional<String> text = problems.single(entry);
        Optional<Duration> interval = text.flatMap(Durations::parse).filter(time -> time.compareTo(SHORTEST_POLL) >= 0);
        if (text.isPresent() && interval.isEmpty()) {
            problems.add(
                    entry,
                    entry.path() + " should be a duration of 1s or more, not '" + text.get() + "'",
                    "for example: poll: 60s");
        }
        return interval;
    }

    private Optional<Boolean> report(ConfigEntry entry) {
        Optional<String> text = problems.single(entry);
        if (text.filter(word -> word.equals("auto") || word.equals("report")).isEmpty()) {
            text.ifPresent(word -> problems.add(
                    entry,
                    entry.path() + " should be auto or report, not '" + word + "'",
                    "auto deploys what the source says; report only shows what differs"));
            return Optional.empty();
        }
        return text.map("report"::equals);
    }

    /** Without what says nothing: {@code ./deploy/} is {@code deploy}. */
    private static String normal(String path) {
        return Path.of("/").resolve(path).normalize().toString().substring(1);
    }

    private void variable(ConfigEntry entry, String name, Source source) {
        if (!isMacro(name)) {
            problems.add(
                    entry,
                    "'" + entry.path() + "' is not a valid variable name",
                    "use letters, digits and _, for example: env: {TAG: \"1.5\"}");
            return;
        }
        problems.single(entry).ifPresent(value -> source.env.put(name, new Configuration.Secret(value)));
    }

    private static boolean isMacro(String name) {
        for (int index = 0; index < name.length(); index++) {
            char c = name.charAt(index);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            if (!letter && !(index > 0 && c >= '0' && c <= '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private void files(ConfigEntry entry, Source source) {
        for (String file : entry.items()) {
            try {
                source.envFiles.add(base.resolve(file).toAbsolutePath().normalize());
            } catch (InvalidPathException noPath) {
                problems.add(
                        entry,
                        entry.path() + " should be paths, not '" + file + "'",
                        "for example: env_files: [shop.env]");
            }
        }
    }

    private Optional<String> unknown(ConfigEntry entry, String key) {
        problems.add(
                entry,
                "unknown key '" + entry.path() + "'",
                Nearest.of(key, KEYS)
                        .filter(near -> !near.equals(key))
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("a source has " + String.join(", ", KEYS) + "; its name cannot contain dots"));
        return Optional.empty();
    }

    private List<SourceSettings> settings() {
        List<SourceSettings> settings = new ArrayList<>();
        Map<String, SourceSettings> places = new TreeMap<>();
        sources.forEach((name, source) -> {
            if (source.location.isEmpty()) {
                if (problems.isEmpty()) {
                    problems.add(
                            Problem.error(source.at, "the source '" + name + "' has no url")
                                    .withHint(
                                            "add the repository, for example url: ssh://git@host/shop.git, or url: push for one that receives pushes"));
                }
                return;
            }
            if (source.ref.isPresent() && !source.branches.isEmpty()) {
                problems.add(Problem.error(source.at, "the source '" + name + "' has both ref and branches")
                        .withHint("remove ref: each branch of branches is followed"));
            }
            SourceSettings read = new SourceSettings(
                    name,
                    source.location.get(),
                    source.path,
                    source.env,
                    List.copyOf(source.envFiles),
                    source.at,
                    source.watch(),
                    source.host.settings(source.url, problems));
            settings.add(read);
            SourceSettings other =
                    places.putIfAbsent(read.location() + "\0" + read.path().orElse("\0"), read);
            if (other != null) {
                problems.add(Problem.error(
                                source.at,
                                "the source '" + name + "' is the same as '" + other.name() + "' at " + other.at())
                        .withHint("merge them, or give each the path of its Servicefile"));
            }
        });
        return settings;
    }
}
