package org.portolan.model.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.model.service.SourceId;

/**
 * What the store keeps of a deployment, small enough to be read whole by every command. It holds no secret: definitions
 * and domains in full are kept apart, encrypted.
 *
 * @param owner whose files declare it
 * @param byHand services that belong to the hand (set with {@code set-service})
 * @param lastRelease the highest number given to a release; 0 before the first
 * @param goodRelease the last release that succeeded; 0 before the first
 * @param services every service's version and scale in the last good release
 * @param versions the kept versions of every service, oldest first
 * @param lastVersion the highest number ever given in each service
 * @param meshPorts {@code service/port} to the port on the mesh, kept for ever
 * @param keptVolumes {@code service/n/path} to the engine's name of a volume that an image declares and no file names,
 *     kept for ever
 * @param stopped services that a person stopped
 * @param claims the domains and paths that lead here, for finding collisions
 * @param domainsHash tells whether the domains changed, secrets included
 * @param pinned the release that a rollback holds, if any
 * @param failedCommits commits (or definitions' hash without Git) whose release failed, newest last
 * @param running a release that has begun and not ended: whoever holds the lock takes it over
 * @param jobs how each job of a kept version ended last
 * @param held services that are registered and not started, and why
 * @param allows the deployments whose services may join its network
 * @param adoption containers of others that a release began to take the place of, until they are removed or started again
 */
public record DeploymentState(
        String name,
        SourceId owner,
        SortedSet<String> byHand,
        Instant created,
        int lastRelease,
        int goodRelease,
        SortedMap<String, Release.Placed> services,
        SortedMap<String, List<VersionRef>> versions,
        SortedMap<String, Integer> lastVersion,
        SortedMap<String, Integer> meshPorts,
        SortedMap<String, String> keptVolumes,
        SortedSet<String> stopped,
        List<Claim> claims,
        String domainsHash,
        Optional<Integer> pinned,
        List<String> failedCommits,
        Optional<Running> running,
        List<JobRun> jobs,
        SortedMap<String, String> held,
        SortedSet<String> allows,
        Optional<Adoption> adoption) {

    /**
     * A kept version; its definition is read apart.
     *
     * @param checkHost the {@code Host} that its HTTP checks send, unless its definition names one; "" when it was made by a
     *     Portolan that kept none
     */
    public record VersionRef(int number, String hash, Instant created, String checkHost) {}

    /** The {@code Host} kept with a version; "" when none is. */
    public String checkHost(String service, int version) {
        for (VersionRef ref : versions.getOrDefault(service, List.of())) {
            if (ref.number() == version) {
                return ref.checkHost();
            }
        }
        return "";
    }

    /** The jobs with one that has ended just now in the place of its earlier end. */
    public List<JobRun> jobsWith(JobRun ended) {
        List<JobRun> all = new ArrayList<>(jobs);
        all.removeIf(ended::same);
        all.add(ended);
        return List.copyOf(all);
    }

    /** A path of a domain that leads to a service of this deployment. */
    public record Claim(String host, String path, Position at) {
        // Written out: each deploy of a domain compares them (ADR 38).
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Claim that
                    && host.equals(that.host)
                    && path.equals(that.path)
                    && at.equals(that.at);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * host.hashCode() + path.hashCode()) + at.hashCode();
        }
    }

    /**
     * A release in progress.
     *
     * @param release its number
     * @param back whether it is being rolled back
     * @param progress what must survive the process, by service: reached canary step, its start, promotion, pause
     * @param pin the release that automatic deploys shall not undo once this one is done, if any
     * @param replaced containers in the place of which it puts others though their version stays: a restart's
     */
    public record Running(
            int release,
            boolean back,
            SortedMap<String, String> progress,
            Optional<Integer> pin,
            SortedSet<String> replaced) {
        public Running(int release, boolean back, SortedMap<String, String> progress) {
            this(release, back, progress, Optional.empty(), new TreeSet<>());
        }

        /** The same with what must survive. */
        public Running reached(SortedMap<String, String> now) {
            return new Running(release, back, now, pin, replaced);
        }
    }

    /** A deployment that has nothing yet. */
    public static DeploymentState empty(String name, SourceId owner, Instant created) {
        return new DeploymentState(
                name,
                owner,
                new TreeSet<>(),
                created,
                0,
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeSet<>(),
                List.of(),
                "",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                new TreeMap<>(),
                new TreeSet<>(),
                Optional.empty());
    }

    /** A copy to be changed; see {@link Builder}. */
    public Builder change() {
        return new Builder(this);
    }

    /** Changes some parts of a state and leaves the others. */
    public static final class Builder {
        private final DeploymentState base;
        private SourceId owner;
        private SortedSet<String> byHand;
        private int lastRelease;
        private int goodRelease;
        private SortedMap<String, Release.Placed> services;
        private SortedMap<String, List<VersionRef>> versions;
        private SortedMap<String, Integer> lastVersion;
        private SortedMap<String, Integer> meshPorts;
        private SortedMap<String, String> keptVolumes;
        private SortedSet<String> stopped;
        private List<Claim> claims;
        private String domainsHash;
        private Optional<Integer> pinned;
        private List<String> failedCommits;
        private Optional<Running> running;
        private List<JobRun> jobs;
        private SortedMap<String, String> held;
        private SortedSet<String> allows;
        private Optional<Adoption> adoption;

        private Builder(DeploymentState base) {
            this.base = base;
            owner = base.owner;
            byHand = base.byHand;
            lastRelease = base.lastRelease;
            goodRelease = base.goodRelease;
            services = base.services;
            versions = base.versions;
            lastVersion = base.lastVersion;
            meshPorts = base.meshPorts;
            keptVolumes = base.keptVolumes;
            stopped = base.stopped;
            claims = base.claims;
            domainsHash = base.domainsHash;
            pinned = base.pinned;
            failedCommits = base.failedCommits;
            running = base.running;
            jobs = base.jobs;
            held = base.held;
            allows = base.allows;
            adoption = base.adoption;
        }

        public Builder owner(SourceId value) {
            owner = value;
            return this;
        }

        public Builder byHand(SortedSet<String> value) {
            byHand = value;
            return this;
        }

        public Builder lastRelease(int value) {
            lastRelease = value;
            return this;
        }

        public Builder goodRelease(int value) {
            goodRelease = value;
            return this;
        }

        public Builder services(SortedMap<String, Release.Placed> value) {
            services = value;
            return this;
        }

        public Builder versions(SortedMap<String, List<VersionRef>> value) {
            versions = value;
            return this;
        }

        public Builder lastVersion(SortedMap<String, Integer> value) {
            lastVersion = value;
            return this;
        }

        public Builder meshPorts(SortedMap<String, Integer> value) {
            meshPorts = value;
            return this;
        }

        public Builder keptVolumes(SortedMap<String, String> value) {
            keptVolumes = value;
            return this;
        }

        public Builder stopped(SortedSet<String> value) {
            stopped = value;
            return this;
        }

        public Builder claims(List<Claim> value) {
            claims = value;
            return this;
        }

        public Builder domainsHash(String value) {
            domainsHash = value;
            return this;
        }

        public Builder pinned(Optional<Integer> value) {
            pinned = value;
            return this;
        }

        public Builder failedCommits(List<String> value) {
            failedCommits = value;
            return this;
        }

        public Builder running(Optional<Running> value) {
            running = value;
            return this;
        }

        public Builder jobs(List<JobRun> value) {
            jobs = value;
            return this;
        }

        public Builder held(SortedMap<String, String> value) {
            held = value;
            return this;
        }

        public Builder allows(SortedSet<String> value) {
            allows = value;
            return this;
        }

        public Builder adoption(Optional<Adoption> value) {
            adoption = value;
            return this;
        }

        public DeploymentState build() {
            return new DeploymentState(
                    base.name,
                    owner,
                    byHand,
                    base.created,
                    lastRelease,
                    goodRelease,
                    services,
                    versions,
                    lastVersion,
                    meshPorts,
                    keptVolumes,
                    stopped,
                    claims,
                    domainsHash,
                    pinned,
                    failedCommits,
                    running,
                    jobs,
                    held,
                    allows,
                    adoption);
        }
    }
}
