package org.portolan.controller;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.portolan.config.Configuration;
import org.portolan.config.GitHostSettings;
import org.portolan.config.PushRepositories;
import org.portolan.config.SourceSettings;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Position;
import org.portolan.model.service.SourceId;
import org.portolan.source.BranchPattern;
import org.portolan.source.PushedBranches;
import org.portolan.sync.BranchInputs;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceInputs;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;

/**
 * The sources that are followed, read as an automatic deploy reads them: those of the configuration, and every repository of the
 * state directory that receives pushes. Each branch that has a rule is followed by itself, as {@code source@branch}.
 */
public final class FollowedSources implements SourceReader {
    static final String AT = "@";

    private static final Duration USUAL_POLL = Duration.ofSeconds(60);

    private final Supplier<List<SourceSettings>> configured;
    private final Path home;
    private final SourceLoader loader;
    private final PatternParts parts;

    /**
     * Reads nothing yet.
     *
     * @param configured the sources of the configuration as it is in force
     * @param home the state directory
     */
    public FollowedSources(Supplier<List<SourceSettings>> configured, Path home, SourceLoader loader) {
        this.configured = configured;
        this.home = home;
        this.loader = loader;
        this.parts = new PatternParts(loader);
    }

    private List<SourceSettings> settings() {
        return configured.get().stream()
                .filter(each -> each.watch().isPresent())
                .toList();
    }

    /** Those that there are now. */
    public List<Followed> all() {
        List<Followed> all = new ArrayList<>();
        settings().forEach(each -> all.addAll(followed(each)));
        for (String name : PushRepositories.names(home)) {
            if (configured(name).isEmpty()) {
                all.addAll(followed(unconfigured(name)));
            }
        }
        return all;
    }

    /** What is followed of one source: itself, or each of its branches. */
    private List<Followed> followed(SourceSettings source) {
        SourceSettings.Watch watch = source.watch().orElseThrow();
        return source.followed().keySet().stream()
                .map(name -> new Followed(name, watch.poll(), watch.report(), owner -> owns(source, owner)))
                .toList();
    }

    private boolean owns(SourceSettings source, SourceId owner) {
        List<SourceSettings> settings = settings();
        return settings.contains(source)
                ? SourceSettings.of(settings, owner).contains(source)
                : source.location().equals(owner.location());
    }

    private Optional<SourceSettings> configured(String name) {
        return settings().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** A repository that somebody made for pushes and of which the configuration says nothing. */
    private SourceSettings unconfigured(String name) {
        return new SourceSettings(
                name,
                PushRepositories.location(home, name),
                Optional.empty(),
                new TreeMap<>(),
                List.of(),
                Position.of(PushRepositories.repository(home, name).toString()),
                Optional.of(new SourceSettings.Watch(
                        new Configuration.Secret(
                                PushRepositories.repository(home, name).toString()),
                        Optional.empty(),
                        USUAL_POLL,
                        false,
                        true,
                        new TreeMap<>())),
                GitHostSettings.NONE,
                new TreeMap<>(),
                Optional.empty());
    }

    /** The sources that receive pushes, whether their repositories are there yet or not. */
    public SortedSet<String> pushed() {
        SortedSet<String> names = new TreeSet<>(PushRepositories.names(home));
        settings().forEach(each -> {
            if (each.watch().filter(SourceSettings.Watch::pushed).isPresent()) {
                names.add(each.name());
            }
        });
        // A repository that is left behind does not become a source that the configuration has elsewhere now.
        names.removeIf(name -> configured(name)
                .flatMap(SourceSettings::watch)
                .filter(watch -> !watch.pushed())
                .isPresent());
        return names;
    }

    /**
     * What a push to a branch deploys.
     *
     * @param head the branch that the repository's HEAD names
     * @return empty: nothing
     */
    public Optional<PushTarget> target(String source, String branch, String head) {
        SourceSettings own = configured(source).orElseGet(() -> unconfigured(source));
        SourceSettings.Watch watch = own.watch().orElseThrow();
        List<Followed> followed = followed(own);
        if (watch.branches().isEmpty()) {
            return watch.ref().orElse(head).equals(branch)
                    ? Optional.of(new PushTarget(
                            followed.getFirst(),
                            own.path().orElse(""),
                            Optional.empty(),
                            new SourceInputs(own.parameters(), Map.of())))
                    : Optional.empty();
        }
        String name = source + AT + branch;
        return Optional.ofNullable(watch.branches().get(branch))
                .map(rule -> new PushTarget(
                        followed.stream()
                                .filter(each -> each.name().equals(name))
                                .findFirst()
                                .orElseThrow(),
                        own.path().orElse(""),
                        Optional.of(rule.deployment()),
                        BranchInputs.of(own, branch).orElseThrow().inputs()));
    }

    /**
     * Whether patterns say what a push to a branch deploys, so that {@link #push} tells it and not {@link #target}.
     *
     * @param head the branch that the repository's HEAD names
     */
    public boolean isOfPatterns(String source, String branch, String head) {
        Optional<SourceSettings> own = configured(source).filter(SourceSettings::hasPatterns);
        if (own.isEmpty()) {
            return false;
        }
        SourceSettings.Watch watch = own.get().watch().orElseThrow();
        if (watch.branches().isEmpty()) {
            String ref = watch.ref().orElse(head);
            return isLike(branch, ref) || ref.equals(branch);
        }
        return !watch.branches().containsKey(branch)
                && watch.branches().keySet().stream().anyMatch(like -> isLike(branch, like));
    }

    private static boolean isLike(String branch, String pattern) {
        return BranchPattern.parse(pattern).filter(like -> like.matches(branch)).isPresent();
    }

    /**
     * What the patterns of a source stand for once a push has moved its branches.
     *
     * @param after the push
     * @throws Failure when there is no file, there are too many, or two branches stand for one deployment
     */
    public PatternPush push(String source, PushedBranches after) {
        SourceSettings own = configured(source).orElseThrow();
        return parts.push(own, owner -> owns(own, owner), after);
    }

    /** The first of these branches that a source deploys, in the order of its rules. */
    public Optional<String> firstDeployed(String source, List<String> pushed) {
        for (String rule : branches(source)) {
            Optional<String> first = pushed.stream()
                    .filter(branch -> branch.equals(rule) || isLike(branch, rule))
                    .findFirst();
            if (first.isPresent()) {
                return first;
            }
        }
        return Optional.empty();
    }

    /** The branches that a source deploys; empty: that of the repository's HEAD. */
    public List<String> branches(String source) {
        Optional<SourceSettings.Watch> watch = configured(source).flatMap(SourceSettings::watch);
        List<String> ruled =
                watch.map(each -> List.copyOf(each.branches().keySet())).orElse(List.of());
        return ruled.isEmpty()
                ? watch.flatMap(SourceSettings.Watch::ref).map(List::of).orElse(List.of())
                : ruled;
    }

    /** The deployments that the rules of a source's branches name; those of patterns are not among them. */
    public SortedSet<String> deployments(String source) {
        SortedSet<String> names = new TreeSet<>();
        configured(source)
                .flatMap(SourceSettings::watch)
                .ifPresent(watch -> watch.branches().values().forEach(rule -> names.add(rule.deployment())));
        names.removeIf(BranchPattern::isPattern);
        return names;
    }

    /** Whether the rules of a source's branches say all that it deploys. */
    public boolean isRuled(String source) {
        return !deployments(source).isEmpty()
                && configured(source).filter(SourceSettings::hasPatterns).isEmpty();
    }

    @Override
    public Optional<SourceParts> parts(String source) {
        return configured(source)
                .filter(SourceSettings::hasPatterns)
                .map(own -> parts.find(own, owner -> owns(own, owner)));
    }

    @Override
    public Declared read(String name) {
        // A branch that the configuration names by now may have been found by a pattern before.
        return named(name) ? whole(name) : parts.read(name).orElseGet(() -> whole(name));
    }

    private boolean named(String name) {
        return settings().stream().anyMatch(each -> each.followed().containsKey(name));
    }

    private Declared whole(String name) {
        int at = configured(name).isPresent() ? -1 : name.indexOf(AT);
        String source = at < 0 ? name : name.substring(0, at);
        Optional<String> branch = at < 0 ? Optional.empty() : Optional.of(name.substring(at + 1));
        SourceSettings own = configured(source)
                .or(() -> PushRepositories.names(home).contains(source)
                        ? Optional.of(unconfigured(source))
                        : Optional.empty())
                .orElseThrow(() -> new Failure(Kind.NOT_FOUND, "unknown source " + name));
        SourceSettings.Watch watch = own.watch().orElseThrow();
        Optional<SourceSettings.Branch> rule =
                branch.map(each -> Optional.ofNullable(watch.branches().get(each))
                        .orElseThrow(() -> new Failure(Kind.NOT_FOUND, "unknown source " + name)));
        Optional<String> deployment = rule.map(SourceSettings.Branch::deployment);
        SourceInputs inputs = branch.flatMap(each -> BranchInputs.of(own, each))
                .map(BranchInputs::inputs)
                .orElseGet(() -> new SourceInputs(own.parameters(), Map.of()));
        String path = own.path().orElse("");
        if (watch.pushed()) {
            return loader.pushed(Path.of(watch.url().text()), branch.or(watch::ref), path, deployment, inputs)
                    .map(FollowedSources::declared)
                    .orElseGet(() -> new Declared(new SourceId(own.location(), path), "", List.of(), false));
        }
        return declared(loader.automatic(
                new SourceRequest.Place.Repository(
                        watch.url().text(),
                        branch.map(each -> "refs/heads/" + each).or(watch::ref),
                        path),
                deployment,
                inputs));
    }

    private static Declared declared(LoadedSource read) {
        return new Declared(read.source(), read.commit(), read.withOrigin(), read.complete());
    }
}
