package org.portolan.importer.running;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.compose.ComposeImport;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Intake;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Remark;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.model.Position;
import org.portolan.model.container.Inspection;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Translates a running Compose project: its containers become the Compose file that they could have been made from, and that
 * file is imported like any other, so that both ways in say the same.
 */
public final class RunningImport {
    /** Differs between the containers of one service in any case. */
    private static final Set<String> EACH = Set.of("ports", "container_name");

    private final String project;
    private final Intake intake;
    private final Map<String, RunningService> services = new TreeMap<>();

    private RunningImport(String project, Intake intake) {
        this.project = project;
        this.intake = intake;
    }

    /**
     * The draft of the Servicefile.
     *
     * @param found all containers of the project
     */
    public static Draft translate(
            String project, List<Inspection> found, Intake intake, InputFiles files, ImportOptions options) {
        return new RunningImport(project, intake)
                .draft(found.stream().map(RunningContainer::of).toList(), files, options);
    }

    private Draft draft(List<RunningContainer> containers, InputFiles files, ImportOptions options) {
        Map<String, List<RunningContainer>> instances = new TreeMap<>();
        for (RunningContainer each : containers) {
            if (each.oneOff()) {
                remark(each.at(), Remark.Kind.LOST, "", "made by `docker-compose run`: no instance of a service");
            } else {
                instances
                        .computeIfAbsent(each.service(), none -> new ArrayList<>())
                        .add(each);
            }
        }
        RunningMounts mounts = new RunningMounts(project);
        instances.forEach((name, some) -> services.put(name, service(some, containers, mounts)));
        SortedSet<String> completing = completing();
        instances.forEach((name, some) -> scale(name, some, completing.contains(name)));
        known(containers);
        Position at = Position.of("project " + project);
        Draft draft = ComposeImport.translate(intake.add(document(mounts, at)), "compose.yaml", intake, files, options);
        draft.header("Made from the running containers of the Compose project " + project + ".");
        draft.header("Deployed with --adopt-containers " + project + ", it takes their place and keeps their volumes.");
        rest(draft);
        return draft;
    }

    /** The service as its first container has it; what others have otherwise is reported. */
    private RunningService service(List<RunningContainer> some, List<RunningContainer> all, RunningMounts mounts) {
        List<RunningContainer> sorted = new ArrayList<>(some);
        sorted.sort(Comparator.comparing((RunningContainer each) -> !each.runs())
                .thenComparingInt(RunningContainer::number)
                .thenComparing(RunningContainer::name));
        RunningService first = new RunningService(sorted.get(0), all, intake);
        first.translate(mounts, sorted.size() == 1);
        for (RunningContainer other : sorted.subList(1, sorted.size())) {
            Intake apart = new Intake();
            RunningService second = new RunningService(other, all, apart);
            second.translate(mounts, false);
            apart.remarks().stream()
                    .filter(remark -> !said(first.at(), remark))
                    .forEach(remark -> remark(remark.at(), remark.kind(), remark.subject(), remark.text()));
            SortedSet<String> keys = new TreeSet<>(first.body().keySet());
            keys.addAll(second.body().keySet());
            keys.removeIf(key -> EACH.contains(key)
                    || Objects.equals(first.body().get(key), second.body().get(key)));
            if (!first.docker().equals(second.docker())) {
                keys.add("HostConfig");
            }
            if (!keys.isEmpty()) {
                remark(
                        other.at(),
                        Remark.Kind.CHANGED,
                        String.join(", ", keys),
                        "differs from that of " + first.container().name() + ", which is imported");
            }
        }
        return first;
    }

    /** Whether the same was reported of another container. */
    private boolean said(Position at, Remark remark) {
        return intake.remarks().stream()
                .anyMatch(known -> known.at().equals(at)
                        && known.kind() == remark.kind()
                        && known.subject().equals(remark.subject())
                        && known.text().equals(remark.text()));
    }

    private SortedSet<String> completing() {
        SortedSet<String> completing = new TreeSet<>();
        services.values().forEach(service -> new Facts(service.body().get("depends_on"))
                .entries()
                .forEach((other, how) -> {
                    if (how.at("condition").text().equals("service_completed_successfully")) {
                        completing.add(other);
                    }
                }));
        return completing;
    }

    private void scale(String name, List<RunningContainer> some, boolean completes) {
        long running = some.stream().filter(RunningContainer::runs).count();
        RunningService service = services.get(name);
        if (service == null || (completes && running == 0)) {
            return;
        }
        if (running != 1) {
            service.body().put("scale", String.valueOf(running));
        }
        for (RunningContainer each : some) {
            if (!each.runs()) {
                Facts state = each.container().at("State");
                String status = state.at("Status").text();
                remark(
                        each.at(),
                        Remark.Kind.CHANGED,
                        "State",
                        "it does not run (" + status
                                + (status.equals("exited")
                                        ? " with " + state.at("ExitCode").text()
                                        : "")
                                + ") and is not counted: " + name + " has scale: " + running);
            }
        }
    }

    /** What containers do not show. */
    private void known(List<RunningContainer> containers) {
        Position at = Position.of("project " + project);
        boolean old = services.size() > 1 && containers.stream().noneMatch(each -> each.labelled("depends_on"));
        if (old) {
            remark(
                    at,
                    Remark.Kind.TO_DO,
                    "depends_on",
                    "docker-compose 1 does not keep it with the containers: write require where a service needs another");
        }
        Optional<RunningContainer> first = containers.stream().findFirst();
        String files = first.map(each -> each.label("project.config_files")).orElse("");
        if (!files.isEmpty()) {
            remark(
                    at,
                    Remark.Kind.CHANGED,
                    "",
                    "it was made from " + files
                            + ": if that file is there, importing it also gives variables, builds and"
                            + " the order of starts");
        }
        SortedSet<String> others = new TreeSet<>();
        services.values().forEach(service -> service.container()
                .container()
                .at("NetworkSettings")
                .at("Networks")
                .entries()
                .keySet()
                .forEach(name -> {
                    if (service.network(name).equals(name) && service.body().containsKey("networks")) {
                        others.add(name);
                    }
                }));
        for (String name : others) {
            remark(
                    at,
                    Remark.Kind.LOST,
                    "networks." + name,
                    "not a network of this project's name: who else is in it is not reached by name; use their domain,"
                            + " or extra_hosts");
        }
    }

    private YamlNode.Mapping document(RunningMounts mounts, Position at) {
        List<YamlNode.Entry> bodies = new ArrayList<>();
        Map<String, Object> networks = new LinkedHashMap<>();
        services.forEach((name, service) -> {
            bodies.add(new YamlNode.Entry(YamlNode.Scalar.of(name, service.at()), node(service.body(), service.at())));
            new Facts(service.body().get("networks"))
                    .entries()
                    .keySet()
                    .forEach(network -> networks.put(network, null));
        });
        List<YamlNode.Entry> root = new ArrayList<>();
        root.add(entry("name", project, at));
        root.add(new YamlNode.Entry(YamlNode.Scalar.of("services", at), new YamlNode.Mapping(bodies, at)));
        Map<String, Object> volumes = mounts.defined();
        if (!volumes.isEmpty()) {
            root.add(entry("volumes", volumes, at));
        }
        if (networks.size() > 1) {
            root.add(entry("networks", networks, at));
        }
        return new YamlNode.Mapping(root, at);
    }

    private static YamlNode.Entry entry(String key, Object value, Position at) {
        return new YamlNode.Entry(YamlNode.Scalar.of(key, at), node(value, at));
    }

    /** A tree as a file would have it; what runs has no variables of Compose any more, so that a dollar sign is one. */
    private static YamlNode node(@Nullable Object value, Position at) {
        if (value == null || (value instanceof Map<?, ?> empty && empty.isEmpty())) {
            return new YamlNode.Scalar("", "", true, false, false, false, at, 0, 0);
        }
        if (value instanceof Map<?, ?> map) {
            List<YamlNode.Entry> entries = new ArrayList<>();
            map.forEach((key, inner) ->
                    entries.add(new YamlNode.Entry(YamlNode.Scalar.of(String.valueOf(key), at), node(inner, at))));
            return new YamlNode.Mapping(entries, at);
        }
        if (value instanceof List<?> list) {
            return new YamlNode.Sequence(
                    list.stream().map(item -> node(item, at)).toList(), at);
        }
        return YamlNode.Scalar.of(String.valueOf(value).replace("$", "$$"), at);
    }

    /** What only the engine knows is handed to it. */
    private void rest(Draft draft) {
        List<String> names = new ArrayList<>();
        services.forEach((name, service) -> {
            String named = Naming.free(service.container().serviceName(), names);
            names.add(named);
            ServiceDraft found = draft.services().get(named);
            if (found != null) {
                service.docker().forEach((key, value) -> found.hostConfig().put(key, value));
            } else if (!service.docker().isEmpty()) {
                remark(
                        service.at(),
                        Remark.Kind.LOST,
                        "HostConfig",
                        String.join(", ", service.docker().keySet()) + " cannot be given to a job");
            }
        });
    }

    private void remark(Position at, Remark.Kind kind, String subject, String text) {
        intake.remark(at, kind, subject, text);
    }
}
