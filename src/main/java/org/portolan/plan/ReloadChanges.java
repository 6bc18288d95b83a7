package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Container;
import org.portolan.model.service.Definition;
import org.portolan.model.service.LiveFiles;
import org.portolan.model.service.ServiceFile;
import org.portolan.model.state.Release;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Compares the files that running instances have loaded with those that they are to load without being replaced. */
final class ReloadChanges {
    private final PlanInput input;
    private final DeploymentInventory inventory;
    private final Versions versions;

    ReloadChanges(PlanInput input, DeploymentInventory inventory, Versions versions) {
        this.input = input;
        this.inventory = inventory;
        this.versions = versions;
    }

    /** @param changes what is done to services: the new instances of a version get the files anyway */
    List<Action> decide(Iterable<ServiceGoal> services, List<Action> changes) {
        List<Action> actions = new ArrayList<>();
        Set<String> replaced = changes.stream()
                .filter(change -> change.kind() == Kind.ADD_SERVICE || change.kind() == Kind.REPLACE_SERVICE)
                .map(Action::subject)
                .collect(Collectors.toSet());
        for (ServiceGoal service : services) {
            if (service.spec().reloads() && !replaced.contains(service.name())) {
                decide(service).ifPresent(actions::add);
            }
        }
        return actions;
    }

    private Optional<Action> decide(ServiceGoal service) {
        SortedMap<String, List<String>> outdated = outdated(service);
        Release.@Nullable Placed placed = versions.placed(service.name());
        Optional<String> wanted = LiveFiles.hash(service.definition());
        boolean changed = placed != null
                && placed.version() == service.version()
                && placed.files().isPresent()
                && !placed.files().equals(wanted);
        if (outdated.isEmpty() && !changed) {
            return Optional.empty();
        }
        Optional<Definition> before = input.kept().definition(service.name(), service.version());
        List<String> reasons = new ArrayList<>(before.filter(old -> !old.recalled())
                .map(old -> FileChanges.reasons(old, service.definition()))
                .orElse(List.of()));
        boolean same = before.filter(old -> LiveFiles.hash(old).equals(wanted)).isPresent();
        outdated.forEach((instance, paths) -> reasons.add(instance + ": " + how(service, paths, same)));
        String summary = service.name() + "  version " + service.version() + ", "
                + (outdated.isEmpty()
                        ? "files changed, no instance to reload"
                        : "reload files of " + PlanWording.count(outdated.size(), "instance"));
        if (!outdated.isEmpty()) {
            reasons.add("no container is replaced");
        }
        return Optional.of(new Action(Kind.RELOAD_SERVICE, service.name(), summary, reasons));
    }

    /** By instance, the files of which it has loaded other content, or somebody changed what is there. */
    private SortedMap<String, List<String>> outdated(ServiceGoal service) {
        SortedMap<String, List<String>> outdated = new TreeMap<>();
        SortedMap<String, String> wanted = LiveFiles.hashes(service.spec());
        int number = 0;
        for (DeploymentInventory.Seen seen : inventory.own(service.name(), service.version())) {
            Optional<SortedMap<String, String>> loaded = seen.container().loaded();
            if (++number > service.scale() || loaded.isEmpty() || !takesFiles(seen.container())) {
                continue;
            }
            List<String> paths = wanted.keySet().stream()
                    .filter(path ->
                            !Objects.equals(wanted.get(path), loaded.get().get(path)))
                    .toList();
            if (!paths.isEmpty()) {
                outdated.put(seen.container().name(), paths);
            }
        }
        return outdated;
    }

    /** Not one that is paused; one that has ended gets them before it starts. */
    private static boolean takesFiles(Container container) {
        return container.state() == Container.State.RUNNING || container.state() == Container.State.RESTARTING;
    }

    private static String how(ServiceGoal service, List<String> paths, boolean same) {
        List<String> ways = paths.stream()
                .map(path -> service.spec().files().get(path))
                .flatMap(file -> Optional.ofNullable(file).flatMap(ServiceFile::reload).stream())
                .map(ServiceFile.Reload::describe)
                .distinct()
                .toList();
        String files = String.join(", ", paths.stream().map(PlanWording::line).toList());
        return (same ? "does not have " + files + " as deployed" : files) + ", then " + String.join(", ", ways);
    }
}
