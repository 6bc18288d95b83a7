package org.portolan.controller;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.portolan.config.SourceSettings;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.SourceId;
import org.portolan.source.BranchPattern;
import org.portolan.source.PathPattern;
import org.portolan.source.PushedBranches;
import org.portolan.source.RepositoryPatterns;
import org.portolan.source.RepositoryPatterns.Match;
import org.portolan.sync.BranchInputs;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceInputs;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;

/** What the patterns of sources stood for when they were last looked at: each part is read by its commit. For many threads. */
final class PatternParts {
    private final SourceLoader loader;
    /** By source, the last two looks: who begins to read a part may have been told of it by the look before. */
    private final Map<String, List<Map<String, Part>>> looks = new HashMap<>();

    PatternParts(SourceLoader loader) {
        this.loader = loader;
    }

    /**
     * One Servicefile of one branch.
     *
     * @param pushed the branch that it is of, where the repository receives pushes
     * @param shared whether the other branches declare deployments of the same owner, so that this one does not say what is all
     */
    private record Part(
            String url,
            Optional<String> pushed,
            Match match,
            Optional<String> deployment,
            SourceInputs inputs,
            boolean shared) {}

    /** What was found: by what each part is called. */
    private record Found(SourceParts now, Map<String, Part> parts) {}

    /** Fetches, and says what there is now. */
    SourceParts find(SourceSettings source, Predicate<SourceId> owns) {
        SourceSettings.Watch watch = source.watch().orElseThrow();
        Optional<PushedBranches> pushed =
                watch.pushed() ? Optional.of(loader.pushedBranches(repository(watch))) : Optional.empty();
        Found found = find(source, owns, pushed);
        remember(source.name(), found.parts());
        return found.now();
    }

    /** What a push comes to, before it is one. */
    PatternPush push(SourceSettings source, Predicate<SourceId> owns, PushedBranches after) {
        Found found = find(source, owns, Optional.of(after));
        List<PatternPush.Part> parts = new ArrayList<>();
        for (Followed followed : found.now().all()) {
            Part part = Objects.requireNonNull(found.parts().get(followed.name()));
            parts.add(new PatternPush.Part(
                    part.pushed().orElse(""),
                    new PushTarget(followed, part.match().path(), part.deployment(), part.inputs()),
                    !part.shared()));
        }
        return new PatternPush(found.now(), parts);
    }

    private static Path repository(SourceSettings.Watch watch) {
        return Path.of(watch.url().text());
    }

    private Found find(SourceSettings source, Predicate<SourceId> owns, Optional<PushedBranches> pushed) {
        SourceSettings.Watch watch = source.watch().orElseThrow();
        NavigableMap<String, SourceSettings.Branch> rules = new TreeMap<>(watch.branches());
        List<String> plain = rules.keySet().stream()
                .filter(branch -> !BranchPattern.isPattern(branch))
                .toList();
        plain.forEach(rules::remove);
        List<BranchPattern> branches = new ArrayList<>();
        rules.keySet().forEach(branch -> BranchPattern.parse(branch).ifPresent(branches::add));
        watch.ref().flatMap(BranchPattern::parse).ifPresent(branches::add);
        String path = source.path().orElse("");
        RepositoryPatterns patterns = new RepositoryPatterns(watch.ref(), branches, path, plain);
        List<Match> matches = pushed.isPresent()
                ? loader.findPushed(repository(watch), pushed.get(), patterns)
                : loader.find(watch.url().text(), patterns);
        String only = pushed.map(PushedBranches::head).map(watch.ref()::orElse).orElse("");
        if (pushed.filter(known -> isNothing(known, branches, only)).isPresent()) {
            // What was deployed before stays, as when the branch of a source without patterns is deleted.
            return new Found(
                    new SourceParts(List.of(), new TreeMap<>(), (owner, name) -> false, words(path, branches)),
                    Map.of());
        }
        if (branches.isEmpty() && matches.isEmpty()) {
            throw new Failure(Kind.NOT_FOUND, "no file of source " + source.name() + " is like " + path)
                    .withHint("change its path, or commit and push such a file; what is deployed stays");
        }
        Map<String, Part> parts = new TreeMap<>();
        for (Match match : matches) {
            Optional<String> of = pushed.map(known -> match.branch().isEmpty() ? only : match.branch());
            BranchInputs own = match.branch().isEmpty()
                    ? new BranchInputs(Optional.empty(), new SourceInputs(source.parameters(), Map.of()))
                    : BranchInputs.of(source, match.branch()).orElseThrow();
            Part part = new Part(watch.url().text(), of, match, own.deployment(), own.inputs(), !branches.isEmpty());
            parts.put(name(source, match), part);
        }
        requireDifferent(parts.values());
        List<Followed> all = parts.keySet().stream()
                .map(name -> new Followed(name, watch.poll(), watch.report(), owns, Optional.of(source.name())))
                .toList();
        NavigableMap<String, String> commits = new TreeMap<>();
        parts.forEach((name, part) -> commits.put(name, part.match().commit()));
        return new Found(
                new SourceParts(all, commits, left(owns, branches, rules, parts.values()), words(path, branches)),
                parts);
    }

    /** Whether nothing was pushed yet, or the only branch was deleted. */
    private static boolean isNothing(PushedBranches known, List<BranchPattern> branches, String only) {
        return branches.isEmpty()
                ? !known.commits().containsKey(only)
                : known.commits().isEmpty();
    }

    private static String words(String path, List<BranchPattern> branches) {
        String like = PathPattern.isPattern(path) ? path : "";
        String refs =
                String.join(", ", branches.stream().map(BranchPattern::toString).toList());
        return like.isEmpty() || refs.isEmpty() ? like + refs : refs + " and " + like;
    }

    private static String name(SourceSettings source, Match match) {
        boolean paths = source.path().filter(PathPattern::isPattern).isPresent();
        return source.name()
                + (match.branch().isEmpty() ? "" : FollowedSources.AT + match.branch())
                + (paths ? ":" + match.path() : "");
    }

    private static void requireDifferent(Iterable<Part> parts) {
        Map<String, String> branches = new HashMap<>();
        for (Part part : parts) {
            part.deployment().ifPresent(deployment -> {
                String other = branches.putIfAbsent(deployment, part.match().branch());
                if (other != null) {
                    throw new Failure(
                                    Kind.INVALID,
                                    "the branches " + other + " and "
                                            + part.match().branch() + " both stand for the deployment " + deployment)
                            .withHint("rename or delete one of them");
                }
            });
        }
    }

    /** Of files: those of a file that is gone. Of branches with a rule: those of its names. Else whatever none declares. */
    private static BiPredicate<SourceId, String> left(
            Predicate<SourceId> owns,
            List<BranchPattern> branches,
            NavigableMap<String, SourceSettings.Branch> rules,
            Iterable<Part> parts) {
        Set<String> files = new TreeSet<>();
        Set<String> deployments = new TreeSet<>();
        parts.forEach(part -> {
            files.add(part.match().path());
            part.deployment().ifPresent(deployments::add);
        });
        if (branches.isEmpty()) {
            return (owner, name) -> owns.test(owner) && !files.contains(owner.path());
        }
        if (rules.isEmpty()) {
            return (owner, name) -> owns.test(owner);
        }
        List<BranchPattern> names = new ArrayList<>();
        rules.values().forEach(rule -> BranchPattern.parse(rule.deployment()).ifPresent(names::add));
        return (owner, name) -> owns.test(owner)
                && !deployments.contains(name)
                && names.stream().anyMatch(like -> like.matches(name));
    }

    private synchronized void remember(String source, Map<String, Part> parts) {
        List<Map<String, Part>> before = looks.getOrDefault(source, List.of());
        looks.put(source, before.isEmpty() ? List.of(parts) : List.of(parts, before.getFirst()));
    }

    private synchronized Optional<Part> part(String name) {
        return looks.values().stream()
                .flatMap(List::stream)
                .filter(parts -> parts.containsKey(name))
                .findFirst()
                .map(parts -> parts.get(name));
    }

    /** Reads a part; empty when no source's patterns stand for it. */
    Optional<Declared> read(String name) {
        return part(name).map(part -> {
            Match match = part.match();
            LoadedSource read = part.pushed().isPresent()
                    ? loader.pushedCommit(
                            Path.of(part.url()),
                            match.commit(),
                            part.pushed().get(),
                            match.path(),
                            part.deployment(),
                            part.inputs())
                    : loader.automatic(
                            new SourceRequest.Place.Repository(part.url(), Optional.of(match.commit()), match.path()),
                            part.deployment(),
                            part.inputs());
            return new Declared(read.source(), read.commit(), read.withOrigin(), read.complete() && !part.shared());
        });
    }
}
