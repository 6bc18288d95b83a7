package org.portolan.controller;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.portolan.model.event.Event;
import org.portolan.model.service.Definition;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreFinding;

/** A store behind which another one is; what is not written down here is that one's. */
abstract class ForwardedStore implements Store {
    private final Store inner;

    ForwardedStore(Store inner) {
        this.inner = inner;
    }

    final Store inner() {
        return inner;
    }

    @Override
    public Optional<Lease> acquire(String name, String purpose) {
        return inner.acquire(name, purpose);
    }

    @Override
    public Optional<Lease> acquire(String name, String purpose, Lease under) {
        return inner.acquire(name, purpose, under);
    }

    @Override
    public void commit(Lease lease, Commit commit) {
        inner.commit(lease, commit);
    }

    @Override
    public void position(Lease lease, String reader, String id) {
        inner.position(lease, reader, id);
    }

    @Override
    public Optional<String> position(String reader) {
        return inner.position(reader);
    }

    @Override
    public void close() {
        inner.close();
    }

    @Override
    public Optional<String> installation() {
        return inner.installation();
    }

    @Override
    public void claim(String installation) {
        inner.claim(installation);
    }

    @Override
    public boolean readable() {
        return inner.readable();
    }

    @Override
    public Map<String, DeploymentState> deployments() {
        return inner.deployments();
    }

    @Override
    public Optional<DeploymentState> deployment(String name) {
        return inner.deployment(name);
    }

    @Override
    public Set<String> damaged() {
        return inner.damaged();
    }

    @Override
    public Optional<Definition> definition(String deployment, Commit.VersionId version) {
        return inner.definition(deployment, version);
    }

    @Override
    public Map<Commit.VersionId, Definition> definitions(String deployment, Collection<Commit.VersionId> versions) {
        return inner.definitions(deployment, versions);
    }

    @Override
    public Map<String, Map<Commit.VersionId, Definition>> definitions(
            Map<String, ? extends Collection<Commit.VersionId>> versions) {
        return inner.definitions(versions);
    }

    @Override
    public Map<String, List<GeneratedValue>> generated(String deployment) {
        return inner.generated(deployment);
    }

    @Override
    public List<Release> releases(String deployment, int limit) {
        return inner.releases(deployment, limit);
    }

    @Override
    public Optional<Release> release(String deployment, int number) {
        return inner.release(deployment, number);
    }

    @Override
    public Map<String, Long> free(Collection<String> names) {
        return inner.free(names);
    }

    @Override
    public Optional<String> holder(String name) {
        return inner.holder(name);
    }

    @Override
    public long arrive(String name, String purpose, long token) {
        return inner.arrive(name, purpose, token);
    }

    @Override
    public Optional<String> supersededBy(String name, long ticket) {
        return inner.supersededBy(name, ticket);
    }

    @Override
    public List<Standing> standings() {
        return inner.standings();
    }

    @Override
    public List<Grant> grants() {
        return inner.grants();
    }

    @Override
    public List<Event> auditBefore(String beforeId, int limit) {
        return inner.auditBefore(beforeId, limit);
    }

    @Override
    public List<Instruction> instructions() {
        return inner.instructions();
    }

    @Override
    public Commit.Asked asked() {
        return inner.asked();
    }

    @Override
    public List<Event> events(String afterId, int limit) {
        return inner.events(afterId, limit);
    }

    @Override
    public List<Event> eventsBefore(String beforeId, int limit) {
        return inner.eventsBefore(beforeId, limit);
    }

    @Override
    public List<Event> log(String deployment, String afterId) {
        return inner.log(deployment, afterId);
    }

    @Override
    public AutoCloseable follow(Consumer<Event> listener) {
        return inner.follow(listener);
    }

    @Override
    public String describe() {
        return inner.describe();
    }

    @Override
    public List<StoreFinding> check() {
        return inner.check();
    }
}
