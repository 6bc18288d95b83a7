package org.portolan.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.portolan.model.Nearest;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Finds references to what does not exist: routes to services and ports, required services, ports by name. */
final class RouteCheck {
    private final PlanInput input;
    private final Map<String, ServiceGoal> goals;
    private final Map<String, Ports> ports;
    private final List<Problem> problems;

    RouteCheck(PlanInput input, Map<String, ServiceGoal> goals, Map<String, Ports> ports, List<Problem> problems) {
        this.input = input;
        this.goals = goals;
        this.ports = ports;
        this.problems = problems;
    }

    void check(List<Domain> domains) {
        for (Domain domain : domains) {
            for (Domain.Route route : domain.routes().values()) {
                route.targets().forEach(target -> checkTarget(target, route.at()));
            }
            domain.tcp().ifPresent(tcp -> checkTarget(tcp.target(), domain.at()));
        }
        for (DesiredService service : input.desired().services().values()) {
            ServiceGoal goal = goals.get(service.name());
            if (goal != null) {
                checkService(goal.spec(), service.at());
            }
        }
    }

    private void checkTarget(Domain.Target target, Position at) {
        if (!target.deployment().equals(input.desired().name())) {
            checkElsewhere(target, at);
            return;
        }
        Ports known = ports.get(target.service());
        if (known == null) {
            unknown(at, "service", target.service(), "deployment " + target.deployment(), goals.keySet());
        } else if (known.known()) {
            checkPort(target, known, at);
        }
    }

    private void checkPort(Domain.Target target, Ports known, Position at) {
        List<String> names = new ArrayList<>();
        known.ports().forEach(port -> names.add(port.name()));
        if (names.contains(target.port())) {
            return;
        }
        String service = target.deployment() + ":" + target.service();
        if (names.isEmpty() && known.silent()) {
            problems.add(Problem.error(at, service + " has no ports (`ports: none`)")
                    .withHint("declare its port in the service instead, for example `port: 8000`"));
        } else if (names.isEmpty()) {
            String exposes = known.exposed().isEmpty()
                    ? " declares no port, and its image exposes none"
                    : " declares no port, and its image exposes several: " + known.exposed();
            problems.add(Problem.error(at, service + exposes)
                    .withHint("declare it: `port: "
                            + (known.exposed().isEmpty()
                                    ? "8000"
                                    : known.exposed().getFirst()) + "` in the service"));
        } else if (!target.port().isEmpty()) {
            unknown(at, "port", target.port(), "service " + service, new TreeSet<>(names));
        } else if (names.size() > 1) {
            problems.add(Problem.error(at, service + " has several ports: " + String.join(", ", names))
                    .withHint("choose one: " + service + ":" + names.getFirst()));
        }
    }

    private void checkElsewhere(Domain.Target target, Position at) {
        for (Desired sibling : input.siblings()) {
            if (sibling.name().equals(target.deployment())) {
                Set<String> services = new TreeSet<>(sibling.services().keySet());
                other(target.deployment()).ifPresent(state -> services.addAll(state.byHand()));
                if (!services.contains(target.service())) {
                    unknown(at, "service", target.service(), "deployment " + target.deployment(), services);
                }
                return;
            }
        }
        Optional<DeploymentState> other = other(target.deployment());
        if (other.isEmpty()) {
            SortedSet<String> names = new TreeSet<>(input.all().keySet());
            names.add(input.desired().name());
            input.siblings().forEach(sibling -> names.add(sibling.name()));
            problems.add(fault(at, "deployment", target.deployment(), "", names).naming("", notThere(target)));
        } else if (!other.get().services().containsKey(target.service())) {
            problems.add(fault(
                            at,
                            "service",
                            target.service(),
                            "deployment " + target.deployment(),
                            other.get().services().keySet())
                    .naming(target.deployment(), notThere(target)));
        } else {
            checkMeshPort(target, other.get(), at);
        }
    }

    /** Of another deployment only its ports on the mesh are known. */
    private void checkMeshPort(Domain.Target target, DeploymentState other, Position at) {
        SortedSet<String> names = new TreeSet<>();
        String prefix = target.service() + "/";
        for (String key : other.meshPorts().tailMap(prefix).keySet()) {
            if (!key.startsWith(prefix)) {
                break;
            }
            names.add(key.substring(prefix.length()));
        }
        if (!target.port().isEmpty() && !names.contains(target.port())) {
            String where = "service " + target.deployment() + ":" + target.service();
            problems.add(fault(at, "port", target.port(), where, names).naming(target.deployment(), notThere(target)));
        }
    }

    private static String notThere(Domain.Target target) {
        return "unknown deployment " + target.deployment();
    }

    private Optional<DeploymentState> other(String deployment) {
        return Optional.ofNullable(input.all().get(deployment));
    }

    private void checkService(ServiceSpec spec, Position at) {
        for (String required : spec.require()) {
            Set<String> known = new HashSet<>(goals.keySet());
            goals.values().forEach(goal -> goal.spec().jobs().forEach(job -> known.add(job.name())));
            boolean slip =
                    !known.contains(required) && Nearest.of(required, known).isPresent();
            if (slip) {
                unknown(at, "service", required, "deployment " + input.desired().name(), known);
            } else if (leadsTo(required, spec.name(), new HashSet<>())) {
                problems.add(
                        Problem.error(at, "dependency cycle: " + spec.name() + " → " + required + " → " + spec.name())
                                .withHint("remove one require; services find each other without it"));
            }
        }
        Ports known = ports.get(spec.name());
        if (known == null || !known.known()) {
            return;
        }
        SortedSet<String> names = new TreeSet<>();
        known.ports().forEach(port -> names.add(port.name()));
        spec.wanMap().forEach((address, port) -> {
            if (!names.contains(port) && !(port.isEmpty() && names.size() == 1)) {
                unknown(at, "port", port, "service " + spec.name() + " (wan_map " + address + ")", names);
            }
        });
        spec.health().ifPresent(health -> {
            if (!health.port().isEmpty() && !names.contains(health.port())) {
                unknown(at, "port", health.port(), "service " + spec.name() + " (health)", names);
            }
        });
    }

    private boolean leadsTo(String from, String wanted, Set<String> seen) {
        ServiceGoal goal = goals.get(from);
        if (from.equals(wanted)) {
            return true;
        }
        if (goal != null && seen.add(from)) {
            for (String next : goal.spec().require()) {
                if (leadsTo(next, wanted, seen)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void unknown(Position at, String what, String name, String where, Set<String> known) {
        problems.add(fault(at, what, name, where, known));
    }

    private static Problem fault(Position at, String what, String name, String where, Set<String> known) {
        String shown = name.isEmpty() ? "without a name" : name;
        Problem problem = Problem.error(at, "unknown " + what + " " + shown + (where.isEmpty() ? "" : " in " + where));
        Optional<String> nearest = Nearest.of(name, known);
        String hint = nearest.map(near -> "did you mean " + near + "?")
                .orElseGet(() -> known.isEmpty() ? "none is declared" : "known: " + some(known));
        return problem.withHint(hint);
    }

    private static String some(Set<String> known) {
        List<String> first = new ArrayList<>();
        for (String name : known) {
            if (first.size() == 8) {
                first.add("…");
                break;
            }
            first.add(name.isEmpty() ? "one without a name" : name);
        }
        return String.join(", ", first);
    }
}
