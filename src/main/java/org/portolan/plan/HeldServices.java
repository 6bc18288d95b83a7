package org.portolan.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.service.JobSpec;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * Finds the services that cannot start because something that they require is not there. The release is good without them;
 * they start with the deploy that brings it. What runs already is left alone.
 */
final class HeldServices {
    private final PlanInput input;
    private final DeploymentInventory inventory;
    private final Versions versions;
    private final SortedMap<String, ServiceGoal> services;
    private final SortedMap<String, String> unjoined;
    private final Map<String, String> jobs = new HashMap<>();
    private final SortedMap<String, String> held = new TreeMap<>();

    /** @param unjoined by service, which network it joins is missing */
    HeldServices(
            PlanInput input,
            DeploymentInventory inventory,
            Versions versions,
            SortedMap<String, ServiceGoal> services,
            SortedMap<String, String> unjoined) {
        this.input = input;
        this.inventory = inventory;
        this.versions = versions;
        this.services = services;
        this.unjoined = unjoined;
        services.values().forEach(goal -> goal.spec().jobs().forEach(job -> jobs.put(job.name(), goal.name())));
    }

    /** By service, why it is held: {@code requires postgres, which is not there}. */
    SortedMap<String, String> decide() {
        boolean more = true;
        while (more) {
            more = false;
            for (ServiceGoal goal : services.values()) {
                if (!held.containsKey(goal.name()) && !runs(goal)) {
                    Optional<String> why = missing(goal);
                    why.ifPresent(reason -> held.put(goal.name(), reason));
                    more |= why.isPresent();
                }
            }
        }
        return held;
    }

    /** Whether an older version runs, which stays until the new one may start. */
    boolean stands(ServiceGoal goal) {
        int current = versions.current(goal.name());
        return current > 0
                && current != goal.version()
                && !inventory.of(goal.name()).isEmpty();
    }

    /** Whether a job is one of the older version that stays. */
    private boolean hadJob(ServiceGoal goal, String job) {
        return stands(goal)
                && input.kept()
                        .definition(goal.name(), versions.current(goal.name()))
                        .filter(kept -> ServiceSpec.from(goal.name(), kept).jobs().stream()
                                .anyMatch(each -> each.name().equals(job)))
                        .isPresent();
    }

    private boolean runs(ServiceGoal goal) {
        return inventory.of(goal.name()).stream().anyMatch(seen -> seen.id().version() == goal.version());
    }

    private Optional<String> missing(ServiceGoal goal) {
        String network = unjoined.get(goal.name());
        if (network != null) {
            return Optional.of(network);
        }
        List<String> required = new ArrayList<>(goal.spec().require());
        for (JobSpec job : goal.spec().jobs()) {
            if (!job.released()) {
                required.addAll(job.require());
            }
        }
        for (String name : required) {
            String provider = jobs.getOrDefault(name, name);
            ServiceGoal other = services.get(provider);
            if (other == null) {
                return Optional.of("requires " + named(goal, name) + " is not there");
            }
            if (held.containsKey(provider) && !provider.equals(goal.name())) {
                if (jobs.containsKey(name) && !hadJob(other, name)) {
                    return Optional.of("requires job " + name + ", whose service " + provider + " is held");
                }
                if (!stands(other)) {
                    return Optional.of("requires " + named(goal, name) + " is held");
                }
            }
        }
        return Optional.empty();
    }

    /** A database's server stands in the definition in its place. */
    private static String named(ServiceGoal goal, String required) {
        return goal.spec().databases().stream()
                .filter(database -> database.in().equals(required))
                .findFirst()
                .map(database -> "database " + database.name() + ", whose server " + required)
                .orElse(required + ", which");
    }
}
