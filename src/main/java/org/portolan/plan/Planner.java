package org.portolan.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.state.DeploymentState.Claim;
import org.portolan.model.state.Release;
import org.portolan.plan.Action.Kind;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Compares what is wanted with what is there and says what is to be done, in which order and why. Pure: the same input
 * gives the same plan. Everything that can be found wrong is found here, before the first container is touched.
 *
 * <p>The order of the steps below is the order of the questions: whose is it; which version is each service; is all of
 * it possible; what differs.
 */
public final class Planner {
    private final PlanInput input;
    private final DeploymentInventory inventory;
    private final Versions versions;
    private final CheckHosts checkHosts;
    private final SortedMap<String, ServiceGoal> services = new TreeMap<>();
    private final Map<String, Ports> ports = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private Planner(PlanInput input) {
        this.input = input;
        this.inventory = DeploymentInventory.of(input);
        this.versions = new Versions(input, inventory);
        this.checkHosts = new CheckHosts(input, inventory, domains());
    }

    /**
     * The plan of one deployment.
     *
     * @throws InvalidInput with every fault of the files that only shows against what is there: unknown services and
     *     ports in routes, collisions of names, domains and ports
     * @throws Failure when the deployment is another installation's (exit 4) or, for an automatic deploy, another
     *     source's (exit 1); when an image that must not be pulled is missing (exit 1)
     */
    public static Plan plan(PlanInput input) {
        return new Planner(input).plan();
    }

    private Plan plan() {
        Ownership ownership = Ownership.decide(input, inventory);
        input.desired().services().values().forEach(this::addDeclared);
        ownership.kept().forEach(this::addKept);
        JoinChanges joins = new JoinChanges(input, inventory, versions);
        List<Problem> held = holdBack(joins.check(services.values(), problems));
        inventory
                .odd()
                .forEach(name -> problems.add(
                        Problem.warning(Position.of(name), "the labels of container " + name + " are not valid")
                                .withHint("a newer Portolan created it, or it was modified; `docker inspect " + name
                                        + "` shows them; the container is left unchanged")));
        List<Domain> domains = domains();
        List<Claim> claims = claims(domains);
        Collisions collisions = new Collisions(input, problems);
        collisions.findNames();
        collisions.findClaims(claims);
        OwnPorts ownPorts = new OwnPorts(input, services, domains);
        ownPorts.findTaken(problems);
        new RouteCheck(input, services, ports, problems).check(domains);
        VolumeChanges volumes = new VolumeChanges(input, inventory);
        volumes.findClashes(services.values(), problems);
        List<Action> changes = serviceActions(collisions);
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new InvalidInput(problems);
        }
        problems.addAll(held);
        String domainsHash = Fingerprint.of(domains);
        JobChanges jobs = new JobChanges(input, inventory);
        DesiredRelease goal = new DesiredRelease(
                input.desired().name(),
                services,
                ownership.removed(),
                MeshPorts.decide(input, inventory, services, claims),
                KeptVolumes.decide(input, inventory, services.values()),
                jobs.decide(services));
        KeptVolumes.warn(input, inventory, goal, problems);
        List<Action> actions = new ArrayList<>();
        addDeploymentActions(ownership, actions);
        addNetwork(goal, actions);
        joins.decide().ifPresent(actions::add);
        AbsentImages.add(input, goal, changes, actions);
        volumes.decide(services.values(), changes, actions);
        actions.addAll(changes);
        actions.addAll(new ReloadChanges(input, inventory, versions).decide(services.values(), changes));
        actions.addAll(domainActions(domains, domainsHash));
        actions.addAll(RoutingChanges.decide(input.applied(), services.values(), added(changes)));
        ownership.removed().forEach(service -> actions.add(removal(service)));
        jobs.add(goal.jobs(), actions);
        new DatabaseChanges(input, inventory, versions).add(goal, actions);
        InterruptedRelease.add(input, actions, problems);
        if (!actions.isEmpty()) {
            ownPorts.requireFree();
        }
        ProxyRepairs.add(input, actions, problems);
        return new Plan(
                input.desired().name(),
                List.copyOf(actions),
                goal,
                domains,
                List.copyOf(problems),
                ownership.consent(),
                Fingerprint.of(input, inventory, goal, domainsHash, actions),
                new Plan.Settlement(
                        ownership.owner(),
                        ownership.byHand(),
                        claims,
                        domainsHash,
                        lastVersions(),
                        joins.allows(),
                        input.options().basis().adopt() && !inventory.foreign().isEmpty()));
    }

    /**
     * What misses a requirement is registered and not started; an older version that runs stays.
     *
     * @param unjoined by service, which network it joins is missing
     */
    private List<Problem> holdBack(SortedMap<String, String> unjoined) {
        List<Problem> warnings = new ArrayList<>();
        HeldServices held = new HeldServices(input, inventory, versions, services, unjoined);
        held.decide().forEach((service, why) -> {
            ServiceGoal goal = java.util.Objects.requireNonNull(services.get(service));
            boolean stands = held.stands(goal);
            DesiredService declared = input.desired().services().get(service);
            warnings.add(Problem.warning(
                            declared == null ? Position.of(service) : declared.at(), service + " is held: it " + why)
                    .withHint(
                            stands
                                    ? "version " + versions.current(service) + " stays until then"
                                    : "it starts with the deploy that brings it"));
            if (stands) {
                addKept(service);
            } else {
                services.put(service, goal.held(why));
            }
        });
        return warnings;
    }

    private void addDeclared(DesiredService service) {
        Versions.Decided decided = versions.decide(service.name(), service.definition());
        boolean stopped = stopped(service.name());
        if (stopped && service.scale() > 0) {
            problems.add(Problem.warning(
                            service.at(), "service " + service.name() + " was stopped manually and stays stopped")
                    .withHint("portolan -D " + input.desired().name() + " start " + service.name()));
        }
        add(service.name(), decided, stopped ? 0 : service.scale());
    }

    /** A service that the files do not declare and that stays: its kept version holds. */
    private void addKept(String service) {
        int current = versions.current(service);
        Optional<Definition> definition = input.kept().definition(service, current);
        if (definition.isEmpty()) {
            problems.add(Problem.warning(
                    Position.of(service),
                    "its definition is not kept, so it stays unchanged and cannot be a target of routes"));
            return;
        }
        Release.Placed placed = versions.placed(service);
        int scale = placed == null ? inventory.of(service).size() : placed.scale();
        Definition kept = placed == null ? definition.get() : placed.routed(definition.get());
        String hash = kept.recalled() ? versions.hashOf(service, current) : kept.hash();
        add(service, new Versions.Decided(current, current, false, hash, kept), stopped(service) ? 0 : scale);
    }

    private void add(String service, Versions.Decided decided, int scale) {
        ServiceSpec spec = ServiceSpec.from(service, decided.definition());
        Ports effective = Ports.of(spec, decided.version(), input, inventory);
        ports.put(service, effective);
        services.put(
                service,
                new ServiceGoal(
                        service,
                        decided.version(),
                        decided.fresh(),
                        decided.hash(),
                        decided.definition(),
                        ImageHealth.with(
                                spec.with(effective.ports(), RoutePorts.wanMap(spec, effective))
                                        .withImageVolumes(KeptVolumes.paths(spec, decided.version(), input, inventory)),
                                decided.definition(),
                                input.images().getOrDefault(spec.image(), Optional.empty())),
                        scale,
                        checkHosts.of(service, decided)));
    }

    private boolean stopped(String service) {
        return input.state().isPresent() && input.state().get().stopped().contains(service);
    }

    /** Setting a service by hand says nothing of domains: those that are served stay. */
    private List<Domain> domains() {
        boolean stay =
                !input.options().basis().whole() && input.desired().domains().isEmpty();
        List<Domain> domains = stay
                ? input.applied().map(RouteSet::domains).orElse(List.of())
                : input.desired().domains();
        return new RoutePorts(input.desired().name(), ports, input.all()).of(domains);
    }

    private List<Claim> claims(List<Domain> domains) {
        Set<Claim> claims = RouteClaims.of(domains);
        for (ServiceGoal goal : services.values()) {
            DesiredService declared = input.desired().services().get(goal.name());
            RouteClaims.addBindings(
                    goal.definition(), declared == null ? Position.of(goal.name()) : declared.at(), claims);
        }
        return List.copyOf(claims);
    }

    private List<Action> serviceActions(Collisions collisions) {
        List<Action> changes = new ArrayList<>();
        for (ServiceGoal goal : services.values()) {
            boolean stopped = stopped(goal.name());
            new ServiceChanges(input, inventory, stopped)
                    .decide(goal, versions.current(goal.name()), versions.placed(goal.name()))
                    .ifPresent(action -> {
                        collisions.findTaken(goal, inventory);
                        changes.add(action);
                    });
        }
        new RequireOrder(services).sort(changes);
        return changes;
    }

    private void addDeploymentActions(Ownership ownership, List<Action> actions) {
        String deployment = input.desired().name();
        if (input.state().isEmpty() && inventory.services().isEmpty()) {
            actions.add(new Action(
                    Kind.CREATE_DEPLOYMENT, deployment, "deployment " + deployment, List.of("does not exist yet")));
        }
        actions.addAll(ownership.actions());
    }

    private void addNetwork(DesiredRelease desired, List<Action> actions) {
        boolean needed = false;
        for (ServiceGoal goal : services.values()) {
            needed |= desired.makes(goal) && goal.spec().options().networkMode().isEmpty();
        }
        if (needed && inventory.network().isEmpty()) {
            String reason = inventory.services().isEmpty() ? "the deployment has none yet" : "it no longer exists";
            actions.add(new Action(
                    Kind.CREATE_NETWORK,
                    input.desired().name(),
                    "network of " + input.desired().name(),
                    List.of(reason)));
        }
    }

    private List<Action> domainActions(List<Domain> domains, String domainsHash) {
        List<Domain> applied = input.applied().map(RouteSet::domains).orElse(List.of());
        boolean secretsKept =
                input.state().isPresent() && input.state().get().domainsHash().equals(domainsHash);
        return DomainChanges.decide(applied, domains, secretsKept);
    }

    private static Set<String> added(List<Action> changes) {
        Set<String> added = new HashSet<>();
        for (Action change : changes) {
            if (change.kind() == Kind.ADD_SERVICE) {
                added.add(change.subject());
            }
        }
        return added;
    }

    /** Version numbers are kept after their instances are gone, so that no number is used twice. */
    private SortedMap<String, Integer> lastVersions() {
        SortedMap<String, Integer> last = new TreeMap<>();
        services.values().forEach(goal -> last.put(goal.name(), goal.version()));
        inventory
                .services()
                .forEach((service, instances) ->
                        last.merge(service, instances.getLast().id().version(), Math::max));
        inventory.jobs().forEach(job -> last.merge(job.service(), job.version(), Math::max));
        return last;
    }

    private Action removal(String service) {
        int instances = inventory.of(service).size();
        String reason =
                input.options().basis() instanceof Basis.Stored ? "not part of the release" : "no longer declared";
        return new Action(
                Kind.REMOVE_SERVICE,
                service,
                service + "  " + PlanWording.count(instances, "instance") + "; volumes are kept",
                List.of(reason));
    }
}
