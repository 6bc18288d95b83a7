package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;

/**
 * What somebody asks of one deployment, before it is known what it comes to: a request says what is to change, and the
 * deployment's state says from what. {@link RequestEvaluator} brings the two together once the deployment's lock is held, so
 * that of two requests at once the second starts from what the first left.
 */
public sealed interface Request {
    /** The deployment that is to change. */
    String deployment();

    /** Who asks, why, and what they agreed to. */
    Mandate mandate();

    /** One that a release brings about. */
    sealed interface ByRelease extends Request {
        /**
         * The same request, with what was read outside of the deployment's state read again: between its reading and the
         * lock a newer commit may have been deployed.
         */
        default ByRelease now() {
            return this;
        }

        /** Whether it says the whole state of the deployment, so that nothing is missing when an earlier one never comes. */
        default boolean whole() {
            return false;
        }

        /** Of a saved plan that must still hold. */
        default Optional<String> fingerprint() {
            return Optional.empty();
        }
    }

    /**
     * Brings the deployment to where files say.
     *
     * @param siblings the other deployments of the same file
     * @param files reads the files again: every deployment that they declare now
     */
    record Apply(Desired desired, List<Desired> siblings, Supplier<List<Desired>> files, Terms terms, Mandate mandate)
            implements ByRelease {

        /**
         * What a deploy of files may do beyond the ordinary, and must not.
         *
         * @param force every declared service gets a new version
         * @param adopt another installation's containers of this deployment are taken over
         * @param project a Compose project whose containers of the declared services are taken the place of
         * @param fingerprint of a saved plan; the deploy is refused when something changed since
         */
        public record Terms(boolean force, boolean adopt, Optional<String> project, Optional<String> fingerprint) {
            public static final Terms ORDINARY = new Terms(false, false, Optional.empty(), Optional.empty());

            /** The same, for a saved plan that must still hold. */
            public Terms with(String savedPlan) {
                return new Terms(force, adopt, project, Optional.of(savedPlan));
            }
        }

        /** An ordinary deploy of a state that does not come from files, and cannot move. */
        public Apply(Desired desired, List<Desired> siblings, Mandate mandate) {
            this(desired, siblings, () -> together(desired, siblings), Terms.ORDINARY, mandate);
        }

        private static List<Desired> together(Desired desired, List<Desired> siblings) {
            List<Desired> all = new ArrayList<>(siblings);
            all.add(desired);
            return all;
        }

        /** The very same while the files say what they said. */
        @Override
        @SuppressWarnings("ReferenceEquality") // Whoever reads the files gives the same again when nothing moved.
        public Apply now() {
            List<Desired> all = files.get();
            Desired here = all.stream()
                    .filter(one -> one.name().equals(deployment()))
                    .findFirst()
                    .orElseThrow(() -> new Failure(
                                    Kind.STALE, deployment() + ": the files have changed and no longer declare it")
                            .withHint("nothing was changed; run the command again to deploy the changed files"));
            if (here == desired) {
                return this;
            }
            List<Desired> others = new ArrayList<>(all);
            others.removeIf(one -> one.name().equals(deployment()));
            return new Apply(here, others, files, terms, mandate);
        }

        @Override
        public String deployment() {
            return desired.name();
        }

        @Override
        public Optional<String> fingerprint() {
            return terms.fingerprint();
        }

        @Override
        public boolean whole() {
            return true;
        }
    }

    /** Sets one service, which belongs to the hand from then on; all others stay. */
    record SetService(String deployment, String service, Edit edit, Mandate mandate) implements ByRelease {}

    /** Changes a service's definition. */
    @FunctionalInterface
    interface Edit {
        /**
         * Lays the change over what the service is so far.
         *
         * @param existing empty: the deployment has no such service yet
         */
        Edited over(Optional<Definition> existing);

        /** What a person wrote, for one who carries it out elsewhere; empty: this process alone can. */
        default Optional<Written> written() {
            return Optional.empty();
        }
    }

    /**
     * A change of a service in the words of a Servicefile.
     *
     * @param name the service, or an image whose last part is its name
     * @param keys a YAML map; "" for none
     */
    record Written(String name, String keys) {
        /** Without the keys, which may hold secrets. */
        @Override
        public String toString() {
            return "Written[" + name + "]";
        }
    }

    /**
     * A changed definition.
     *
     * @param scale empty: as before, 1 for a new service
     */
    record Edited(Definition definition, OptionalInt scale) {}

    /**
     * Changes how many instances run, by service; the next deploy of the files sets what they say.
     *
     * @param from how many that have to be still, by service, when the lock is held: so that nobody undoes what they did not see;
     *     of services that it does not name any number
     */
    record Scale(String deployment, Map<String, Integer> scales, Map<String, Integer> from, Mandate mandate)
            implements ByRelease {
        /** From whatever it is. */
        public Scale(String deployment, Map<String, Integer> scales, Mandate mandate) {
            this(deployment, scales, Map.of(), mandate);
        }
    }

    /** Stops services, all when none is named; they stay stopped until they are started. */
    record Stop(String deployment, Set<String> services, Mandate mandate) implements ByRelease {}

    /** Starts services that were stopped, all when none is named. */
    record Start(String deployment, Set<String> services, Mandate mandate) implements ByRelease {}

    /** Replaces every instance of services by one of the same version, all when none is named. */
    record Restart(String deployment, Set<String> services, Mandate mandate) implements ByRelease {}

    /**
     * Brings back what the store says is to be: what was changed or lost behind Portolan's back is repaired, and a release that a
     * dead process left in the middle is continued. What a person changed through Portolan holds.
     *
     * @param replace ids of containers of it that others of the same version take the place of, if they still run
     */
    record Reconcile(String deployment, Set<String> replace, Mandate mandate) implements ByRelease {
        public Reconcile(String deployment, Mandate mandate) {
            this(deployment, Set.of(), mandate);
        }
    }

    /** Replaces a generated value by a new one, in all services that use it. */
    record RotateSecret(String deployment, String name, Mandate mandate) implements ByRelease {}

    /**
     * Restores a kept release whole, and holds it under automatic deploys.
     *
     * @param to its number; empty: the last good one that had other versions or scales
     */
    record Rollback(String deployment, Optional<Integer> to, Mandate mandate) implements ByRelease {
        @Override
        public boolean whole() {
            return true;
        }
    }

    /** Registers an empty deployment. */
    record Create(String deployment, Mandate mandate) implements Request {}

    /**
     * Removes a deployment: domains, containers, network, history.
     *
     * @param volumes whether its volumes go too, with all data
     */
    record Remove(String deployment, boolean volumes, Mandate mandate) implements Request {}

    /** Allows automatic deploys again after a rollback. */
    record Unpin(String deployment, Mandate mandate) implements Request {}

    /** Orders something of the release that is in progress, mostly in another process. */
    record Order(String deployment, ReleaseOrder order, Mandate mandate) implements Request {}

    /** Keeps a value that somebody knows as a generated one: a lost one, or one from elsewhere. The next deploy uses it. */
    record SetSecret(String deployment, String name, String value, Mandate mandate) implements Request {
        /** Without the value. */
        @Override
        public String toString() {
            return "SetSecret[" + deployment + ", " + name + "]";
        }
    }

    /**
     * Removes volumes with their data.
     *
     * @param volumes the engine's names of volumes of the deployment, which nothing may need any more
     */
    record RemoveVolumes(String deployment, List<String> volumes, Mandate mandate) implements Request {}

    /**
     * Replaces a volume's data.
     *
     * @param volume the engine's name of a volume of the deployment, which no instance may use
     * @param archive the data
     */
    record RestoreVolume(String deployment, String volume, ArchiveFile archive, Mandate mandate) implements Request {}
}
