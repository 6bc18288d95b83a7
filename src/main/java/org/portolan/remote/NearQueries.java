package org.portolan.remote;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.query.ControllerStatus;
import org.portolan.query.EventFilter;
import org.portolan.query.Happenings;
import org.portolan.query.Inspected;
import org.portolan.query.InstanceLogs;
import org.portolan.query.Inventory;
import org.portolan.query.Outputs;
import org.portolan.query.Queries;
import org.portolan.query.Releases;
import org.portolan.query.SecretSummary;
import org.portolan.query.SecretValue;
import org.portolan.query.StatusReport;

/**
 * Asks the controller of this machine. What is followed outlasts it, and the audit log is this machine's: both are
 * looked at directly, and so is everything when it ends meanwhile.
 */
final class NearQueries implements Queries {
    private final Queries controller;
    private final Supplier<Queries> own;

    NearQueries(Queries controller, Supplier<Queries> own) {
        this.controller = controller;
        this.own = own;
    }

    private <T> T ask(Function<Queries, T> question) {
        try {
            return question.apply(controller);
        } catch (Failure failure) {
            if (ApiClient.isLost(failure)) {
                return question.apply(own.get());
            }
            throw failure;
        }
    }

    @Override
    public Inventory inventory(Consumer<String> warnings) {
        return ask(queries -> queries.inventory(warnings));
    }

    @Override
    public StatusReport status(Optional<String> deployment, Consumer<String> warnings) {
        return ask(queries -> queries.status(deployment, warnings));
    }

    @Override
    public ControllerStatus controller(Consumer<String> warnings) {
        return ask(queries -> queries.controller(warnings));
    }

    @Override
    public Optional<Releases> releases() {
        return ask(Queries::releases);
    }

    @Override
    public Inspected inspect(Inventory inventory, String deployment, String word) {
        return ask(queries -> queries.inspect(inventory, deployment, word));
    }

    @Override
    public Optional<Happenings> events(boolean follow, EventFilter wanted) {
        return follow || wanted.audit() ? own.get().events(follow, wanted) : Optional.of(new Past(wanted));
    }

    /** Of the controller while it is there. */
    private final class Past implements Happenings {
        private final EventFilter wanted;

        Past(EventFilter wanted) {
            this.wanted = wanted;
        }

        @Override
        public List<Event> past(String since, int tail) {
            return ask(queries -> {
                Optional<Happenings> happened = queries.events(false, wanted);
                if (happened.isEmpty()) {
                    return List.of();
                }
                try (Happenings open = happened.get()) {
                    return open.past(since, tail);
                }
            });
        }

        @Override
        public void follow(Consumer<Event> sink, BooleanSupplier ended) {
            // It is not followed.
        }

        @Override
        public void close() {
            // What was asked is closed.
        }
    }

    /** Followed by asking again and again, which outlasts the controller. */
    @Override
    public AccessLogPage accessLog(String domain, Optional<Instant> since, int tail, Optional<String> after) {
        return ask(queries -> queries.accessLog(domain, since, tail, after));
    }

    @Override
    public Outputs logs(InstanceLogs.Sink sink) {
        return new Outputs() {
            @Override
            public void past(List<Container> containers, int tail) {
                containers.forEach(container ->
                        ask(queries -> lines(queries, container, tail)).forEach(line -> line.accept(sink)));
            }

            // All of one before any is shown: where the controller ends meanwhile, they are asked for again.
            private List<Consumer<InstanceLogs.Sink>> lines(Queries queries, Container container, int tail) {
                List<Consumer<InstanceLogs.Sink>> lines = new ArrayList<>();
                queries.logs((instance, at, error, text) -> lines.add(to -> to.line(instance, at, error, text)))
                        .past(List.of(container), tail);
                return lines;
            }

            @Override
            public void follow(
                    String deployment,
                    List<String> names,
                    List<Container> containers,
                    int tail,
                    BooleanSupplier ended) {
                own.get().logs(sink).follow(deployment, names, containers, tail, ended);
            }
        };
    }

    @Override
    public List<SecretSummary> secrets(String deployment) {
        return ask(queries -> queries.secrets(deployment));
    }

    @Override
    public SecretValue secret(String deployment, String name) {
        return ask(queries -> queries.secret(deployment, name));
    }
}
