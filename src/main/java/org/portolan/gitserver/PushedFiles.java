package org.portolan.gitserver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.Followed;
import org.portolan.controller.PatternPush;
import org.portolan.controller.PushTarget;
import org.portolan.controller.SourceParts;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Scope;
import org.portolan.plan.Departed;
import org.portolan.store.Store;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceLoader;

/** Reads what the branches of one push deploy, says which deployment comes of which file, and whether somebody may have that done. */
final class PushedFiles {
    private final String source;
    private final Path repository;
    private final SourceLoader loader;
    private final ControllerHandle controller;
    private final Visitor visitor;
    private final PushOutput output;
    /** By deployment, what of this push declares it. */
    private final Map<String, String> declared = new TreeMap<>();

    private final Set<String> pushed = new HashSet<>();

    PushedFiles(
            String source,
            Path repository,
            SourceLoader loader,
            ControllerHandle controller,
            Visitor visitor,
            PushOutput output) {
        this.source = source;
        this.repository = repository;
        this.loader = loader;
        this.controller = controller;
        this.visitor = visitor;
        this.output = output;
    }

    /**
     * What a branch deploys.
     *
     * @param why it may not move, in words for Git's line; "" when it may
     * @param shown the deployments that it changes
     */
    record Read(String why, List<Desired> deployments, Set<String> shown) {}

    /**
     * Reads all files of a branch, and tells of every fault.
     *
     * @param parts what it deploys
     */
    Read read(String branch, String commit, List<PatternPush.Part> parts) {
        List<Desired> deployments = new ArrayList<>();
        Set<String> changed = new TreeSet<>();
        List<String> lines = new ArrayList<>();
        boolean valid = true;
        for (PatternPush.Part part : parts) {
            try {
                PushTarget target = part.target();
                LoadedSource read = loader.pushedCommit(
                        repository, commit, branch, target.path(), target.deployment(), target.inputs());
                read.warnings().forEach(output::problem);
                List<Desired> own = read.withOrigin();
                own.forEach(desired -> claim(desired.name(), label(target.source(), branch)));
                deployments.addAll(own);
                own.forEach(desired -> changed.add(desired.name()));
                if (read.complete() && part.alone()) {
                    changed.addAll(Departed.of(store().deployments(), read.source(), own)
                            .names());
                }
                if (target.source().partOf().isPresent() || target.deployment().isPresent()) {
                    lines.add(label(target.source(), branch) + " deploys " + words(own, read.source()));
                }
                pushed.add(target.source().name());
            } catch (Failure failure) {
                valid = false;
                output.failure(failure.seenBy(visitor.principal()::sees));
            }
        }
        if (!valid) {
            return new Read("not valid: see above; fix it, commit and push again", List.of(), Set.of());
        }
        for (String name : changed) {
            if (!visitor.principal().may(Scope.DEPLOY, name)) {
                boolean named =
                        declared.containsKey(name) || visitor.principal().sees(name);
                return new Read(
                        visitor.named() + " may not change "
                                + (named ? "the deployment " + name : "a deployment that this no longer declares"),
                        List.of(),
                        Set.of());
            }
        }
        lines.forEach(output::line);
        return new Read("", deployments, changed);
    }

    private Store store() {
        return controller.installation().store();
    }

    /** What stands for a part: its branch, its file, or both. */
    private String label(Followed followed, String branch) {
        return followed.name().length() > source.length() ? followed.name().substring(source.length() + 1) : branch;
    }

    private void claim(String deployment, String by) {
        String other = declared.putIfAbsent(deployment, by);
        if (other != null) {
            throw new Failure(
                            Failure.Kind.CONFLICT,
                            "deployment " + deployment + " is declared by " + other + " and by " + by)
                    .withHint("give it another name in one of them");
        }
    }

    private String words(List<Desired> own, SourceId by) {
        List<String> names = new ArrayList<>();
        for (Desired desired : own) {
            Optional<String> elsewhere = store().deployment(desired.name())
                    .map(DeploymentState::owner)
                    .filter(owner -> owner.location().equals(by.location()) && !owner.equals(by))
                    .map(SourceId::path);
            names.add(desired.name()
                    + elsewhere
                            .map(path -> " once somebody approves, as it belongs to " + path)
                            .orElse(""));
        }
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }

    /**
     * Says what no other file or branch may declare as well: those of this source that do not move.
     *
     * @param now what patterns stand for after the push; empty: there are none
     * @return whether any does
     */
    boolean clash(Optional<SourceParts> now) {
        boolean clash = false;
        for (Followed other : standing(now)) {
            for (Desired desired : controller.declared(other.name())) {
                String by = declared.get(desired.name());
                if (by != null) {
                    clash = true;
                    output.line("error: deployment " + desired.name() + " is declared by " + by + " and by "
                            + label(other, "HEAD"));
                }
            }
        }
        return clash;
    }

    /** What is followed of the source, is not of this push, and is there after it. */
    private List<Followed> standing(Optional<SourceParts> now) {
        Set<String> names = new HashSet<>();
        now.ifPresent(parts -> parts.all().forEach(part -> names.add(part.name())));
        return controller.followed(source).stream()
                .filter(other -> !pushed.contains(other.name()))
                .filter(other -> other.partOf().isEmpty() || names.contains(other.name()))
                .toList();
    }

    /** Says what goes once somebody approves: it was of a file or branch that is gone, and nothing else declares it. */
    void tellLeft(SourceParts now) {
        Set<String> kept = new HashSet<>(declared.keySet());
        standing(Optional.of(now))
                .forEach(other -> controller.declared(other.name()).forEach(desired -> kept.add(desired.name())));
        Set<String> left = new TreeSet<>();
        store().deployments().forEach((name, state) -> {
            if (now.left().test(state.owner(), name) && !kept.contains(name)) {
                left.add(name);
            }
        });
        if (!left.isEmpty() && now.all().stream().noneMatch(Followed::report)) {
            output.line("no longer declared, and removed once somebody approves: " + String.join(", ", left));
        }
    }
}
