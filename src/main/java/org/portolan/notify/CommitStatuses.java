package org.portolan.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.portolan.config.GitHostSettings;
import org.portolan.config.SourceSettings;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.state.Release;
import org.portolan.notify.message.CommitStatus;
import org.portolan.outgoing.Outgoing;
import org.portolan.release.Installation;

/** Reports at the Git host of one source how the releases of its commits stand. */
final class CommitStatuses implements EventConsumer {
    private final SourceSettings source;
    private final GitHostSettings.Status settings;
    private final List<SourceSettings> all;
    private final Map<String, String> environment;
    private final Installation installation;
    private final Delivery delivery;

    /** @param all the sources of the configuration: the one that speaks of a release last is its own */
    CommitStatuses(
            SourceSettings source,
            GitHostSettings.Status settings,
            List<SourceSettings> all,
            Map<String, String> environment,
            Installation installation,
            Outgoing outgoing,
            RandomGenerator random) {
        this.source = source;
        this.settings = settings;
        this.all = all;
        this.environment = environment;
        this.installation = installation;
        this.delivery =
                new Delivery("commit status of source " + source.name(), outgoing, installation.events(), random);
    }

    @Override
    public String name() {
        return "status " + source.name();
    }

    @Override
    public Taken take(List<Event> batch, Instant now) {
        for (Event event : batch) {
            Optional<Outgoing.Message> message;
            try {
                message = CommitStatus.of(event).flatMap(report -> message(event, report));
            } catch (Failure unusable) {
                return Taken.nothing(delivery.again(now, unusable.what()));
            }
            if (message.isPresent()) {
                Optional<Duration> again = delivery.send(message.get(), now);
                return again.isPresent()
                        ? before(batch, event, again.get())
                        : new Taken(event.id(), true, Duration.ZERO);
            }
        }
        return new Taken(batch.getLast().id(), false, Duration.ZERO);
    }

    /** Those before the one that waits are done with. */
    private static Taken before(List<Event> batch, Event waits, Duration pause) {
        int at = batch.indexOf(waits);
        return new Taken(at == 0 ? "" : batch.get(at - 1).id(), false, pause);
    }

    private Optional<Outgoing.Message> message(Event event, CommitStatus report) {
        Optional<Release> release = ReleaseFacts.of(installation.store(), event.deployment(), event.release());
        Optional<String> commit = release.flatMap(found -> found.origin().commit());
        if (release.isEmpty() || commit.isEmpty() || release.get().origin().dirty()) {
            return Optional.empty();
        }
        List<SourceSettings> own = SourceSettings.of(all, release.get().origin().source());
        Optional<SourceSettings> last = own.reversed().stream()
                .filter(settings -> settings.host().status().isPresent())
                .findFirst();
        if (last.filter(source::equals).isEmpty()) {
            return Optional.empty();
        }
        String token = settings.token().read(environment);
        CommitStatus.Call call =
                switch (settings.kind()) {
                    case GITHUB -> report.github(settings.repository(), commit.get(), token);
                    case GITLAB -> report.gitlab(settings.repository(), commit.get(), token);
                    case GITEA -> report.gitea(settings.repository(), commit.get(), token);
                };
        return Optional.of(new Outgoing.Message(settings.api() + call.path(), call.headers(), call.body()));
    }
}
