package org.portolan.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Problem;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.Domain;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.DeploymentState.Claim;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Finds what two deployments cannot both have: a container's name, a domain's path, a port of the machine. */
final class Collisions {
    private static final int RANGE = 4;

    private final PlanInput input;
    private final List<Problem> problems;

    Collisions(PlanInput input, List<Problem> problems) {
        this.input = input;
        this.problems = problems;
    }

    /** A claim and whose it is. */
    private record Held(String deployment, Claim claim) {}

    void findClaims(List<Claim> mine) {
        if (mine.isEmpty()) {
            return;
        }
        findControllers(mine);
        Map<String, List<Held>> held = new HashMap<>();
        Set<String> siblings = new HashSet<>();
        for (Desired sibling : input.siblings()) {
            siblings.add(sibling.name());
            RouteClaims.of(sibling).forEach(claim -> hold(held, sibling.name(), claim));
        }
        for (DeploymentState other : input.all().values()) {
            // What a sibling claimed before is replaced by what its file says now.
            if (!other.name().equals(input.desired().name()) && !siblings.contains(other.name())) {
                other.claims().forEach(claim -> hold(held, other.name(), claim));
            }
        }
        Map<String, List<Collision>> found = new LinkedHashMap<>();
        for (Claim claim : mine) {
            Held collision = null;
            for (Held other : held.getOrDefault(RouteClaims.key(claim), List.of())) {
                if (collision == null
                        && RouteClaims.collide(claim, other.claim())
                        && !shared(claim, other.deployment())) {
                    collision = other;
                }
            }
            if (collision != null) {
                Collision one = new Collision(claim, collision);
                found.computeIfAbsent(one.place(), key -> new ArrayList<>()).add(one);
            }
            hold(held, input.desired().name(), claim);
        }
        found.values().forEach(this::report);
    }

    /** A deployment cannot have the name under which the edge serves the controller. */
    private void findControllers(List<Claim> mine) {
        Optional<ControllerRoute> route = input.proxies().controller();
        if (route.isEmpty()) {
            return;
        }
        String name = route.get().domain();
        for (Claim claim : mine) {
            if (claim.host().equals(name)) {
                problems.add(Problem.error(
                                claim.at(),
                                "domain " + name + " is the controller's, by api.domain at "
                                        + route.get().at())
                        .withHint("change one of them")
                        .naming("", "domain " + name + " is the controller's"));
                return;
            }
        }
    }

    private static void hold(Map<String, List<Held>> held, String deployment, Claim claim) {
        held.computeIfAbsent(RouteClaims.key(claim), key -> new ArrayList<>()).add(new Held(deployment, claim));
    }

    /** A claim and another one that it excludes. */
    private record Collision(Claim claim, Held other) {
        /** The same for all ports of a range. */
        String place() {
            String route = claim.host().isEmpty() ? "" : RouteClaims.shown(claim);
            return route + " " + claim.at() + " " + other.claim().at() + " " + other.deployment();
        }
    }

    /** Each one, unless they are as many as a range's. */
    private void report(List<Collision> collisions) {
        if (collisions.size() > 1 && collisions.size() < RANGE) {
            collisions.forEach(each -> report(List.of(each)));
            return;
        }
        Claim claim = collisions.getFirst().claim();
        Held other = collisions.getFirst().other();
        boolean own = other.deployment().equals(input.desired().name());
        int more = collisions.size() - 1;
        String declared =
                RouteClaims.shown(claim) + (more == 0 ? " is" : " and " + more + " more are") + " already declared";
        problems.add(Problem.error(
                        claim.at(),
                        declared + " at " + other.claim().at()
                                + (own ? "" : " by deployment " + other.deployment() + from(other.deployment())))
                .withHint("change one of them")
                .naming(other.deployment(), declared + " by another deployment"));
    }

    /** Where another deployment comes from, if that is another source: files of two may have the same name. */
    private String from(String deployment) {
        DeploymentState other = input.all().get(deployment);
        return other == null
                        || other.owner().equals(input.desired().origin().source())
                        || other.owner().equals(SourceId.HAND)
                ? ""
                : ", from " + other.owner();
    }

    /** A route may share its path with another deployment's services by weight; that one claims it too. */
    private boolean shared(Claim claim, String deployment) {
        for (Domain domain : input.desired().domains()) {
            Domain.Route route = domain.routes().get(claim.path());
            boolean named =
                    domain.host().equals(claim.host()) || domain.aliases().contains(claim.host());
            if (route != null && named && route.at().equals(claim.at())) {
                for (Domain.Target target : route.targets()) {
                    if (target.deployment().equals(deployment)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** A service that has the name already, in words, and of which deployment. */
    private record Namesake(String deployment, String words) {}

    /** Two services whose instances would have the same name: {@code a} + {@code b-c} against {@code a-b} + {@code c}. */
    void findNames() {
        Map<String, Namesake> taken = new HashMap<>();
        Set<String> siblings = new HashSet<>();
        for (Desired sibling : input.siblings()) {
            siblings.add(sibling.name());
            for (DesiredService service : sibling.services().values()) {
                taken.put(
                        sibling.name() + "-" + service.name(),
                        new Namesake(
                                sibling.name(),
                                "service " + service.name() + " of deployment " + sibling.name() + " (" + service.at()
                                        + ")"));
            }
        }
        for (DeploymentState other : input.all().values()) {
            if (!other.name().equals(input.desired().name()) && !siblings.contains(other.name())) {
                for (String service : other.services().keySet()) {
                    taken.put(
                            other.name() + "-" + service,
                            new Namesake(other.name(), "service " + service + " of deployment " + other.name()));
                }
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        for (DesiredService service : input.desired().services().values()) {
            Namesake other = taken.get(input.desired().name() + "-" + service.name());
            if (other != null) {
                String both = "service " + service.name() + " of deployment "
                        + input.desired().name() + " and ";
                String same = " have the same container names";
                problems.add(Problem.error(service.at(), both + other.words() + same)
                        .withHint("rename the service or the deployment")
                        .naming(other.deployment(), both + "one of another deployment" + same));
            }
        }
    }

    /** Names that the service's new instances need and others have. */
    void findTaken(ServiceGoal goal, DeploymentInventory inventory) {
        Set<String> own = new HashSet<>();
        inventory.of(goal.name()).forEach(seen -> own.add(seen.container().name()));
        DesiredService declared = input.desired().services().get(goal.name());
        for (int n = 1; n <= goal.scale() && declared != null; n++) {
            String name = new InstanceId(input.desired().name(), goal.name(), goal.version(), n).name();
            if (!own.contains(name) && inventory.takenNames().contains(name)) {
                problems.add(Problem.error(
                                declared.at(),
                                "service " + goal.name() + " needs the container name " + name
                                        + ", but another container has that name")
                        .withHint("remove or rename that container: docker rename " + name + " NEW_NAME"));
            }
        }
    }
}
