package org.portolan.release;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Observation;
import org.portolan.model.event.ResourceEvent.ValueChange;
import org.portolan.model.event.ResourceEvent.ValueChanged;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.DatabaseSpec;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ValueFilling;
import org.portolan.model.service.ValueRecovery;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.DesiredRelease;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * The values that are generated once per deployment: kept in the store, encrypted. Where the store or its key was lost, they are
 * read from the containers that were made with them; a deployment that exists already never gets a new value in place of a lost
 * one, since a database behind it knows the old one.
 */
public final class GeneratedValues {
    private final Installation installation;

    public GeneratedValues(Installation installation) {
        this.installation = installation;
    }

    /** The deployment with the values that it has; those that are not made yet stay as names in braces. */
    public Desired filled(Desired desired) {
        return desired.generated().isEmpty()
                ? desired
                : fill(desired, known(desired, installation.store().generated(desired.name())));
    }

    /**
     * A deployment with values of which some are new: they are secrets from here on, and are kept once {@link #store} is
     * called, which must be before a container gets one.
     */
    public final class Values {
        private final Desired desired;
        private final SortedMap<String, List<GeneratedValue>> write = new TreeMap<>();
        private final SortedMap<String, ValueChange> changes = new TreeMap<>();

        private Values(Desired desired) {
            this.desired = desired;
        }

        public Desired desired() {
            return desired;
        }

        /** Whether the deployment has all its values already. */
        public boolean nothingNew() {
            return write.isEmpty() && changes.isEmpty();
        }

        /** Keeps the new ones. */
        public void store(Lease lease) {
            if (!write.isEmpty()) {
                installation.store().commit(lease, Commit.generated(desired.name(), write));
            }
            changes.forEach((name, change) -> installation.publish(desired.name(), new ValueChanged(change, name)));
        }
    }

    /** A deployment that gets no new value. */
    public Values unchanged(Desired desired) {
        return new Values(desired);
    }

    /**
     * The deployment with all values; those that it does not have yet are made.
     *
     * @throws Failure with {@link Kind#NOT_FOUND} when a value was lost and no container shows it
     */
    public Values made(Desired desired) {
        if (desired.generated().isEmpty()) {
            return unchanged(desired);
        }
        Map<String, List<GeneratedValue>> stored = installation.store().generated(desired.name());
        Map<String, String> values = known(desired, stored);
        SortedMap<String, List<GeneratedValue>> write = new TreeMap<>();
        SortedMap<String, ValueChange> changes = new TreeMap<>();
        desired.generated().forEach((name, spec) -> {
            if (stored.getOrDefault(name, List.of()).isEmpty() && used(desired, name)) {
                changes.put(name, values.containsKey(name) ? ValueChange.RECOVERED : ValueChange.GENERATED);
                String text = values.computeIfAbsent(name, key -> ValueGenerator.generate(spec));
                write.put(name, List.of(next(List.of(), spec, text)));
            }
        });
        installation.secrets().addAll(values.values());
        Values made = new Values(fill(desired, values));
        made.write.putAll(write);
        made.changes.putAll(changes);
        return made;
    }

    /**
     * The deployment with a new version of one value in every place of the old one.
     *
     * @throws Failure with {@link Kind#REFUSED} when a service has it whose definition was lost: what its containers show does
     *     not say in which database it is, so their next start would be with a password that no server has
     */
    public Values rotated(Desired desired, String name) {
        List<GeneratedValue> versions = versions(installation.store(), desired.name(), name);
        GeneratedValue old = versions.getLast();
        GeneratedValue now = next(versions, old.spec(), ValueGenerator.generate(old.spec()));
        installation.secrets().addAll(List.of(old.text(), now.text()));
        SortedMap<String, DesiredService> services = new TreeMap<>(desired.services());
        // Instances may still run with any earlier version, where a rotation's release failed.
        services.replaceAll((key, service) -> {
            Definition changed = service.definition();
            for (GeneratedValue version : versions) {
                changed = ValueFilling.replaced(changed, version.text(), now.text());
            }
            if (changed.recalled() && !changed.equals(service.definition())) {
                throw lost(desired.name(), key, name);
            }
            return service.with(changed);
        });
        Values rotated = new Values(desired.withServices(services));
        rotated.write.put(name, with(versions, now));
        rotated.changes.put(name, ValueChange.ROTATED);
        return rotated;
    }

    private static Failure lost(String deployment, String service, String value) {
        return new Failure(
                        Kind.REFUSED,
                        "cannot rotate " + value + " of " + deployment + ": the store lost the definition of " + service
                                + ", and its containers do not show where else the value is used")
                .withHint("deploy the files of " + deployment + " first; the present value stays");
    }

    /**
     * All versions of a value, oldest first.
     *
     * @throws Failure with {@link Kind#NOT_FOUND} when there is no such value, {@link Kind#CORRUPT} when it cannot be read
     */
    public static List<GeneratedValue> versions(Store store, String deployment, String name) {
        Map<String, List<GeneratedValue>> all = store.generated(deployment);
        List<GeneratedValue> versions = all.get(name);
        if (versions == null) {
            Failure unknown = new Failure(Kind.NOT_FOUND, deployment + " has no generated value " + name);
            throw Nearest.of(name, all.keySet())
                    .map(near -> unknown.withHint("did you mean " + near + "?"))
                    .orElse(unknown);
        }
        if (versions.isEmpty()) {
            throw new Failure(
                            Kind.CORRUPT,
                            "the generated value " + name + " of " + deployment
                                    + " cannot be decrypted with this installation's key")
                    .withHint("restore the file `key` of the state directory");
        }
        return versions;
    }

    /** Keeps a value that a person knows, as the newest version. */
    public void set(Lease lease, String name, GenerateSpec spec, String text) {
        List<GeneratedValue> versions =
                installation.store().generated(lease.name()).getOrDefault(name, List.of());
        GeneratedValue now = next(versions, spec, text);
        installation.store().commit(lease, Commit.generated(lease.name(), Map.of(name, with(versions, now))));
    }

    /** All versions of the passwords of a release's databases, newest first, by the database's name. */
    Map<String, List<EnvValue>> passwords(DesiredRelease goal) {
        SortedSet<String> databases = new TreeSet<>();
        goal.services()
                .values()
                .forEach(service -> service.spec().databases().forEach(each -> databases.add(each.name())));
        if (databases.isEmpty()) {
            return Map.of();
        }
        Map<String, List<GeneratedValue>> all = installation.store().generated(goal.deployment());
        Map<String, List<EnvValue>> passwords = new HashMap<>();
        for (String database : databases) {
            List<GeneratedValue> versions = all.getOrDefault(DatabaseSpec.passwordName(database), List.of());
            installation
                    .secrets()
                    .addAll(versions.stream().map(GeneratedValue::text).toList());
            passwords.put(
                    database,
                    versions.reversed().stream()
                            .map(version -> new EnvValue(version.text(), true))
                            .toList());
        }
        return passwords;
    }

    private static List<GeneratedValue> with(List<GeneratedValue> versions, GeneratedValue now) {
        List<GeneratedValue> all = new ArrayList<>(versions);
        all.add(now);
        return all;
    }

    private GeneratedValue next(List<GeneratedValue> versions, GenerateSpec spec, String text) {
        int number = versions.isEmpty() ? 1 : versions.getLast().number() + 1;
        return new GeneratedValue(number, spec, text, installation.clock().instant());
    }

    /** The values that are stored, or that containers show; their texts are secrets from here on. */
    private Map<String, String> known(Desired desired, Map<String, List<GeneratedValue>> stored) {
        Map<String, String> values = new HashMap<>();
        List<String> missing = new ArrayList<>();
        desired.generated().keySet().forEach(name -> {
            List<GeneratedValue> versions = stored.getOrDefault(name, List.of());
            if (!versions.isEmpty()) {
                values.put(name, versions.getLast().text());
            } else if (used(desired, name)) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            recover(desired, missing, stored, values);
        }
        installation.secrets().addAll(values.values());
        return values;
    }

    private void recover(
            Desired desired,
            List<String> missing,
            Map<String, List<GeneratedValue>> stored,
            Map<String, String> values) {
        Optional<DeploymentState> state = installation.store().deployment(desired.name());
        RuntimeRecall recall = new RuntimeRecall(installation);
        Map<String, List<Definition>> shown = new HashMap<>();
        for (String name : missing) {
            GenerateSpec spec = desired.generated().getOrDefault(name, GenerateSpec.of(GenerateSpec.Kind.HEX));
            boolean lost =
                    stored.containsKey(name) || (state.isEmpty() && exists(desired.name(), recall.observation()));
            Optional<String> found = desired.services().values().stream()
                    .filter(service -> ValueRecovery.uses(service.definition(), name))
                    .flatMap(
                            service -> shown
                                    .computeIfAbsent(
                                            service.name(), key -> versions(desired.name(), service, state, recall))
                                    .stream()
                                    .flatMap(made -> find(name, spec, service.definition(), made, lost).stream()))
                    .findFirst();
            if (found.isPresent()) {
                values.put(name, found.get());
            } else if (lost) {
                throw lost(desired.name(), name);
            }
        }
    }

    private static Optional<String> find(
            String name, GenerateSpec spec, Definition written, Definition shown, boolean lost) {
        Optional<String> made = ValueRecovery.find(name, spec, written, shown);
        // What stood there before the name did was not a lost value.
        return made.isPresent() || !lost ? made : ValueRecovery.findSet(name, written, shown);
    }

    /** What the store keeps and containers show of a service, the version in place first. */
    private static List<Definition> versions(
            String deployment, DesiredService service, Optional<DeploymentState> state, RuntimeRecall recall) {
        List<Definition> shown = new ArrayList<>();
        Release.Placed placed =
                state.map(known -> known.services().get(service.name())).orElse(null);
        if (placed != null) {
            recall.definition(deployment, service.name(), placed).ifPresent(shown::add);
        }
        recall.made(deployment, service.name()).forEach(version -> recall.shown(deployment, service.name(), version)
                .ifPresent(shown::add));
        return shown;
    }

    /** Whether the engine holds anything of the deployment, data included. */
    private boolean exists(String deployment, Observation observation) {
        return observation.containers().stream().anyMatch(each -> ours(deployment, each.labels()))
                || observation.volumes().stream().anyMatch(each -> ours(deployment, each.labels()));
    }

    private boolean ours(String deployment, Map<String, String> labels) {
        return Labels.areOf(labels, installation.settings().installation(), deployment);
    }

    private static Failure lost(String deployment, String name) {
        return new Failure(
                        Kind.NOT_FOUND,
                        "the generated value " + name + " of " + deployment
                                + " was lost with the store or its key, and no container shows it")
                .withRemedy(Remedy.of("restore the store's backup or the file `key`, or enter the old value with ")
                        .and(Call.on(deployment, Verb.SECRET, "set", name)));
    }

    private static boolean used(Desired desired, String name) {
        return desired.services().values().stream().anyMatch(each -> ValueRecovery.uses(each.definition(), name));
    }

    private static Desired fill(Desired desired, Map<String, String> values) {
        SortedMap<String, DesiredService> services = new TreeMap<>(desired.services());
        services.replaceAll((name, service) -> service.with(ValueFilling.generated(service.definition(), values)));
        return desired.withServices(services);
    }
}
