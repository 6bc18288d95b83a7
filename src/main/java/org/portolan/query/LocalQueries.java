package org.portolan.query;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.service.GeneratedValue;
import org.portolan.release.GeneratedValues;

/** Looks at the store, the engine and the proxies itself. */
public final class LocalQueries implements Queries {
    private final Viewed viewed;
    private final InstantSource clock;
    private final Predicate<String> shown;

    public LocalQueries(Viewed viewed, InstantSource clock) {
        this(viewed, clock, name -> true);
    }

    /** @param shown which deployments exist for whoever asks */
    public LocalQueries(Viewed viewed, InstantSource clock, Predicate<String> shown) {
        this.viewed = viewed;
        this.clock = clock;
        this.shown = shown;
    }

    @Override
    public Inventory inventory(Consumer<String> warnings) {
        return Inventory.take(viewed, clock, warnings).only(shown);
    }

    @Override
    public StatusReport status(Optional<String> deployment, Consumer<String> warnings) {
        Inventory inventory = inventory(warnings);
        StatusQuery query = new StatusQuery(viewed, inventory, warnings, shown);
        return new StatusReport(
                inventory,
                inventory.deployments(deployment).stream().map(query::of).toList(),
                query.controller());
    }

    @Override
    public ControllerStatus controller(Consumer<String> warnings) {
        return ControllerStatus.of(viewed, warnings).seenBy(shown);
    }

    @Override
    public Optional<Releases> releases() {
        return ReleaseHistory.of(viewed, shown).map(Releases.class::cast);
    }

    @Override
    public Inspected inspect(Inventory inventory, String deployment, String word) {
        return Inspected.of(viewed, inventory, deployment, word);
    }

    @Override
    public Optional<Happenings> events(boolean follow, EventFilter wanted) {
        if (follow) {
            return Optional.of(
                    wanted.audit()
                            ? EventFeed.followingAudit(viewed, wanted::wants)
                            : EventFeed.following(viewed, wanted::wants));
        }
        Optional<EventFeed> past =
                wanted.audit() ? EventFeed.pastAudit(viewed, wanted::wants) : EventFeed.past(viewed, wanted::wants);
        return past.map(Happenings.class::cast);
    }

    @Override
    public AccessLogPage accessLog(String domain, Optional<Instant> since, int tail, Optional<String> after) {
        return new DomainLog(viewed.proxy(), shown).read(domain, since, tail, after);
    }

    @Override
    public Outputs logs(InstanceLogs.Sink sink) {
        return new InstanceLogs(viewed, sink);
    }

    @Override
    public List<SecretSummary> secrets(String deployment) {
        return SecretSummary.of(viewed.store().generated(deployment));
    }

    @Override
    public SecretValue secret(String deployment, String name) {
        GeneratedValue value =
                GeneratedValues.versions(viewed.store(), deployment, name).getLast();
        return new SecretValue(value.number(), value.text());
    }
}
