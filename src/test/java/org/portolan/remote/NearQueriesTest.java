package org.portolan.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.remote.ScriptedController.broken;
import static org.portolan.remote.ScriptedController.stream;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.portolan.json.JsonTree;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.query.EventFilter;
import org.portolan.query.Happenings;
import org.portolan.query.InstanceLogs;
import org.portolan.query.Outputs;
import org.portolan.query.Queries;
import org.portolan.query.json.JsonFields;
import org.portolan.rollout.SeenContainers;

/** What is looked at directly when the controller of this machine ends while it is asked. */
class NearQueriesTest {
    private static final EventFilter ALL = new EventFilter(Optional.empty(), false, false);

    private static Event event(String text) {
        return new Event("1", Instant.EPOCH, "shop", 0, new Notice(EventLevel.DETAIL, text));
    }

    /** This machine's own parts: they have one event, and one line of each container. */
    private static Queries own() {
        return (Queries) Proxy.newProxyInstance(
                NearQueriesTest.class.getClassLoader(),
                new Class<?>[] {Queries.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "events" -> Optional.of(new OwnEvents());
                    case "logs" -> new OwnLogs((InstanceLogs.Sink) arguments[0]);
                    default -> throw new AssertionError(method.getName());
                });
    }

    private static final class OwnEvents implements Happenings {
        @Override
        public List<Event> past(String since, int tail) {
            return List.of(event("own"));
        }

        @Override
        public void follow(Consumer<Event> sink, BooleanSupplier ended) {
            throw new AssertionError("it is not followed");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private record OwnLogs(InstanceLogs.Sink sink) implements Outputs {
        @Override
        public void past(List<Container> containers, int tail) {
            containers.forEach(one -> sink.line(one.name(), Instant.EPOCH, false, "own"));
        }

        @Override
        public void follow(
                String deployment, List<String> names, List<Container> containers, int tail, BooleanSupplier ended) {
            throw new AssertionError("it is not followed");
        }
    }

    private static List<String> events(Queries queries) {
        try (Happenings happened = queries.events(false, ALL).orElseThrow()) {
            return happened.past("", 10).stream().map(Event::message).toList();
        }
    }

    private static List<String> logs(Queries queries) {
        List<String> lines = new ArrayList<>();
        queries.logs((instance, at, error, text) -> lines.add(instance + " " + text))
                .past(
                        List.of(
                                SeenContainers.of(1, 1, Container.State.RUNNING),
                                SeenContainers.of(1, 2, Container.State.RUNNING)),
                        10);
        return lines;
    }

    private static String there(String path) {
        String event = JsonTree.text(JsonFields.plain(JsonFields.event(event("there"))), false) + "\n";
        String line = JsonTree.text(
                        Map.of("instance", "a", "at", "1970-01-01T00:00:00Z", "stream", "stdout", "text", "there"),
                        false)
                + "\n";
        return path.contains("/logs") ? line : event;
    }

    @Test
    void whatHasHappenedIsHadOfTheControllerWhileItIsThere() throws Exception {
        try (ScriptedController controller = new ScriptedController(what -> stream(there(what)));
                ApiClient client = controller.client()) {
            Queries queries = new NearQueries(new RemoteQueries(client), NearQueriesTest::own);
            assertThat(events(queries)).containsExactly("there");
            assertThat(logs(queries)).containsExactly("a there", "a there");
        }
    }

    @Test
    void whatItCouldNotSayToTheEndIsLookedAtDirectlyAndShownOnce() throws Exception {
        try (ScriptedController controller = new ScriptedController(
                        what -> what.contains("web-1-1") ? stream(there(what)) : broken(there(what)));
                ApiClient client = controller.client()) {
            Queries queries = new NearQueries(new RemoteQueries(client), NearQueriesTest::own);
            assertThat(events(queries)).containsExactly("own");
            assertThat(logs(queries)).containsExactly("a there", "shop-web-1-2 own");
        }
    }
}
