package org.portolan.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Inspection;
import org.portolan.model.service.Desired;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.Adoption;

/**
 * A running Compose project whose place a deployment takes. Its containers are stopped before the first instance starts, since
 * two databases must never write to one volume, and removed when the release has succeeded; its volumes stay, and the
 * services mount them by their names.
 */
public final class ComposeAdoption {
    private final String project;
    private final List<ComposeContainer> all;
    /** Compose's names of services that the files declare, and theirs. */
    private final SortedMap<String, String> services;

    private ComposeAdoption(String project, List<ComposeContainer> all, SortedMap<String, String> services) {
        this.project = project;
        this.all = all;
        this.services = services;
    }

    /**
     * What there is to take the place of.
     *
     * @param found the containers whose label names the project
     * @param known whether the deployment was deployed before: the project may be gone by now
     * @throws Failure with {@link Kind#NOT_FOUND} when there is no such project
     */
    public static ComposeAdoption of(String project, List<Inspection> found, Desired desired, boolean known) {
        if (found.isEmpty() && !known) {
            throw new Failure(Kind.NOT_FOUND, "the engine has no containers of a Compose project " + project)
                    .withHint(
                            "docker-compose ls, or the label com.docker.compose.project of a container, shows its name");
        }
        SortedMap<String, String> services = new TreeMap<>();
        desired.services().forEach((name, service) -> {
            ServiceSpec spec = ServiceSpec.from(name, service.definition());
            spec.options().networkAliases().forEach(alias -> services.putIfAbsent(alias, name));
            // What ran once in the project and is a job here: its container is only to be removed.
            spec.jobs().forEach(job -> services.putIfAbsent(job.name(), name));
        });
        desired.services().keySet().forEach(name -> services.put(name, name));
        List<ComposeContainer> containers = found.stream()
                .filter(each -> !ComposeContainer.isOneOff(each))
                .map(ComposeContainer::of)
                .sorted(Comparator.comparing(ComposeContainer::name))
                .toList();
        return new ComposeAdoption(project, containers, services);
    }

    /** Whether a container that goes holds the port now. */
    public boolean frees(String address, int port) {
        return all.stream()
                .filter(each -> each.runs() && services.containsKey(each.service()))
                .flatMap(each -> each.ports().stream())
                .anyMatch(held -> held.equals(":" + port)
                        || held.equals(address + ":" + port)
                        || (isAll(address) && held.endsWith(":" + port)));
    }

    private static boolean isAll(String address) {
        return address.isEmpty() || address.equals("0.0.0.0") || address.equals("::") || address.equals("*");
    }

    /** What the release is to remember of them. */
    public Adoption state(DesiredRelease goal) {
        SortedMap<String, Adoption.Adopted> containers = new TreeMap<>();
        for (ComposeContainer each : going(goal)) {
            containers.put(
                    each.id(), new Adoption.Adopted(project, each.name(), each.restart(), each.runs(), each.grace()));
        }
        return new Adoption(false, containers);
    }

    /** The plan with what becomes of them. */
    public Plan over(Plan plan) {
        List<ComposeContainer> going = going(plan.goal());
        if (going.isEmpty()) {
            return plan;
        }
        String names = going.stream().map(ComposeContainer::name).collect(Collectors.joining(", "));
        List<String> reasons = new ArrayList<>();
        reasons.add("--adopt-containers: " + names + " are stopped before the first instance starts");
        reasons.add("they are removed when the release succeeds, and started again when it fails");
        List<ComposeContainer> staying = new ArrayList<>(all);
        staying.removeAll(going);
        if (!staying.isEmpty()) {
            reasons.add("left as they are: "
                    + staying.stream().map(ComposeContainer::name).collect(Collectors.joining(", ")));
        }
        List<String> consent = new ArrayList<>(plan.consent());
        consent.add(
                "stop " + names + " of the Compose project " + project + ", and remove them when the release succeeds");
        for (ComposeContainer each : going) {
            leftBehind(each, plan.goal())
                    .forEach(source -> consent.add("leave the data in " + source + ", which " + each.name()
                            + " mounts and " + services.get(each.service()) + " does not"));
        }
        List<Action> actions = new ArrayList<>();
        actions.add(new Action(
                Action.Kind.TAKE_OVER,
                plan.deployment(),
                "project " + project + "  adopt " + PlanWording.count(going.size(), "container"),
                reasons));
        actions.addAll(plan.actions());
        String ids = going.stream().map(ComposeContainer::id).collect(Collectors.joining(","));
        return new Plan(
                plan.deployment(),
                List.copyOf(actions),
                plan.goal(),
                plan.domains(),
                plan.warnings(),
                List.copyOf(consent),
                Fingerprint.of(plan.fingerprint(), project, ids),
                plan.settlement());
    }

    /** The plan of a deploy that continues to take the place of what an earlier one stopped. */
    public static Plan continued(Plan plan, Adoption begun) {
        String names =
                begun.containers().values().stream().map(Adoption.Adopted::name).collect(Collectors.joining(", "));
        List<Action> actions = new ArrayList<>();
        actions.add(new Action(
                Action.Kind.TAKE_OVER,
                plan.deployment(),
                "continue to adopt " + PlanWording.count(begun.containers().size(), "container"),
                List.of(names + " are removed when the release succeeds, and started again when it fails")));
        actions.addAll(plan.actions());
        return plan.with(actions);
    }

    /** Those whose service is declared and started. */
    private List<ComposeContainer> going(DesiredRelease goal) {
        return all.stream()
                .filter(each -> {
                    DesiredRelease.ServiceGoal service = goal.services().get(services.getOrDefault(each.service(), ""));
                    return service != null && service.held().isEmpty();
                })
                .toList();
    }

    /** What a container mounts and its service does not: the data would be out of sight. */
    private SortedSet<String> leftBehind(ComposeContainer container, DesiredRelease goal) {
        SortedSet<String> left = new TreeSet<>(container.mounts().values());
        DesiredRelease.ServiceGoal service = goal.services().get(services.getOrDefault(container.service(), ""));
        if (service != null) {
            service.spec().volumes().forEach(volume -> left.remove(volume.source()));
            container.mounts().forEach((path, source) -> {
                if (service.spec().files().keySet().stream()
                        .anyMatch(file -> file.equals(path) || file.startsWith(path + "/"))) {
                    left.remove(source);
                }
            });
        }
        left.remove("");
        return left;
    }
}
