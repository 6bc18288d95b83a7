package org.portolan.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Nearest;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.source.BranchPattern;
import org.portolan.source.GitAddress;
import org.portolan.source.PathPattern;

/** Reads one source of the configuration, as far as its entries go. */
final class ConfigSource {
    private static final List<String> KEYS = List.of(
            "url",
            "path",
            "ref",
            "branches",
            "poll",
            "sync",
            "env",
            "env_files",
            "parameters",
            "credentials",
            "webhook",
            "status");

    private static final Duration USUAL_POLL = Duration.ofSeconds(60);
    private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);

    /** Instead of an address: the repository is in the state directory and receives pushes. */
    private static final String PUSH = "push";

    private final String name;
    private final Position at;
    private final Path base;
    private final Path home;
    private final ConfigFaults problems;
    private final SortedMap<String, Configuration.Secret> env = new TreeMap<>();
    private final SortedMap<String, String> parameters = new TreeMap<>();
    private final List<Path> envFiles = new ArrayList<>();
    private final ConfigBranches branches;
    private final GitHostReader host;
    private final CredentialsReader credentials;
    private Optional<GitAddress> address = Optional.empty();
    private Optional<String> location = Optional.empty();
    private Optional<String> path = Optional.empty();
    private Optional<String> url = Optional.empty();
    private Optional<String> ref = Optional.empty();
    private Optional<Duration> poll = Optional.empty();
    private Optional<Boolean> report = Optional.empty();
    private boolean pushed;

    /**
     * Nothing is read yet.
     *
     * @param base what relative paths start at
     * @param home the state directory
     * @param problems what is wrong is added here
     */
    ConfigSource(String name, Position at, Path base, Path home, ConfigFaults problems) {
        this.name = name;
        this.at = at;
        this.base = base;
        this.home = home;
        this.problems = problems;
        this.branches = new ConfigBranches(problems);
        this.host = new GitHostReader(base);
        this.credentials = new CredentialsReader(base, problems);
    }

    /** Takes one value: its first key, and the rest of its path, "" for none. */
    void read(ConfigEntry entry, String key, String rest) {
        boolean deep = !rest.isEmpty();
        switch (key) {
            case "branches" -> branches.read(entry, rest);
            case "env" -> variable(entry, rest);
            case "parameters" -> parameter(entry, rest);
            case "env_files" -> files(entry);
            case "credentials" -> {
                if (!deep || !credentials.take(rest, entry)) {
                    unknown(entry, key);
                }
            }
            case "webhook", "status" -> {
                if (!deep || !host.take(key, rest, entry, problems)) {
                    unknown(entry, key);
                }
            }
            default -> {
                if (deep || !single(entry, key)) {
                    unknown(entry, key);
                }
            }
        }
    }

    /** Takes a key with a single value; false when there is no such key. */
    private boolean single(ConfigEntry entry, String key) {
        switch (key) {
            case "url" -> url(entry);
            case "ref" -> ref = problems.single(entry).filter(text -> isRef(entry, text));
            case "path" -> path = problems.single(entry).flatMap(text -> path(entry, text));
            case "poll" -> poll = interval(entry);
            case "sync" -> report = report(entry);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void url(ConfigEntry entry) {
        if (entry.items().equals(List.of(PUSH))) {
            pushed(entry);
            return;
        }
        try {
            address = problems.single(entry).map(text -> GitAddress.parse(text, base));
            location = address.map(GitAddress::normal);
            // A path is relative to the configuration, not to where the controller was started.
            url = address.map(own -> own.isLocal()
                    ? own.folder().toString()
                    : entry.items().getFirst().strip());
        } catch (Failure invalid) {
            problems.add(
                    entry, entry.path() + ": " + invalid.what(), invalid.hint().orElse(""));
        }
    }

    private void pushed(ConfigEntry entry) {
        if (!PushRepositories.isName(name)) {
            problems.add(
                    entry,
                    "'" + name + "' is not a valid name of a source that receives pushes",
                    "use letters, digits, hyphens and _, at most 63");
            return;
        }
        pushed = true;
        url = Optional.of(PushRepositories.repository(home, name).toString());
        location = Optional.of(PushRepositories.location(home, name));
    }

    private boolean isRef(ConfigEntry entry, String text) {
        boolean valid =
                !BranchPattern.isPattern(text) || BranchPattern.parse(text).isPresent();
        if (!valid) {
            problems.add(entry, entry.path() + " should have one *, not '" + text + "'", "for example: ref: release/*");
        }
        return valid;
    }

    private Optional<String> path(ConfigEntry entry, String text) {
        if (PathPattern.isPattern(text) && PathPattern.parse(text).isEmpty()) {
            problems.add(
                    entry,
                    entry.path() + ": '" + text + "' is not a valid pattern",
                    "use * in a name, and ** for any folders: hosts/*/Servicefile");
            return Optional.empty();
        }
        return Optional.of(normal(text));
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

    private void variable(ConfigEntry entry, String variable) {
        if (!isMacro(variable)) {
            problems.add(
                    entry,
                    "'" + entry.path() + "' is not a valid variable name",
                    "use letters, digits and _, for example: env: {TAG: \"1.5\"}");
            return;
        }
        problems.single(entry).ifPresent(value -> env.put(variable, new Configuration.Secret(value)));
    }

    private void parameter(ConfigEntry entry, String parameter) {
        if (parameter.isEmpty()) {
            problems.add(
                    entry,
                    "'" + entry.path() + "' should be a map of parameters to values",
                    "for example: parameters: {size: small}");
            return;
        }
        problems.single(entry).ifPresent(value -> parameters.put(parameter, value));
    }

    static boolean isMacro(String name) {
        for (int index = 0; index < name.length(); index++) {
            char c = name.charAt(index);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            if (!letter && !(index > 0 && c >= '0' && c <= '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private void files(ConfigEntry entry) {
        for (String file : entry.items()) {
            try {
                envFiles.add(base.resolve(file).toAbsolutePath().normalize());
            } catch (InvalidPathException noPath) {
                problems.add(
                        entry,
                        entry.path() + " should be paths, not '" + file + "'",
                        "for example: env_files: [shop.env]");
            }
        }
    }

    private void unknown(ConfigEntry entry, String key) {
        problems.add(
                entry,
                "unknown key '" + entry.path() + "'",
                Nearest.of(key, KEYS)
                        .filter(near -> !near.equals(key))
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("a source has " + String.join(", ", KEYS) + "; its name cannot contain dots"));
    }

    /** What was read; empty when it cannot be used. */
    Optional<SourceSettings> settings() {
        if (location.isEmpty()) {
            if (problems.isEmpty()) {
                problems.add(
                        Problem.error(at, "the source '" + name + "' has no url")
                                .withHint(
                                        "add the repository, for example url: ssh://git@host/shop.git, or url: push for one that receives pushes"));
            }
            return Optional.empty();
        }
        check();
        return Optional.of(new SourceSettings(
                name,
                location.get(),
                path,
                env,
                List.copyOf(envFiles),
                at,
                watch(),
                host.settings(url, problems),
                parameters,
                credentials.read(address, at)));
    }

    private void check() {
        if (ref.isPresent() && !branches.isEmpty()) {
            problems.add(Problem.error(at, "the source '" + name + "' has both ref and branches")
                    .withHint("remove ref: each branch of branches is followed"));
        }
        boolean paths = path.filter(PathPattern::isPattern).isPresent();
        if (paths && !branches.isEmpty()) {
            problems.add(Problem.error(at, "the source '" + name + "' has both branches and a pattern as path")
                    .withHint("branches deploys one Servicefile: name it in path, or use ref instead of branches"));
        }
        branches.check(at);
    }

    /** One of which any of the controller's keys is there is followed. */
    private Optional<SourceSettings.Watch> watch() {
        boolean followed = pushed || ref.isPresent() || poll.isPresent() || report.isPresent() || !branches.isEmpty();
        return url.filter(own -> followed)
                .map(own -> new SourceSettings.Watch(
                        new Configuration.Secret(own),
                        ref,
                        poll.orElse(USUAL_POLL),
                        report.orElse(false),
                        pushed,
                        branches.rules()));
    }
}
