package org.portolan.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.store.Store;

/** Many followers of one store: nobody misses anything, and one that does not keep up holds nobody. */
class EventHubTest {
    private static final Duration SOON = Duration.ofMillis(50);

    private final List<Event> kept = new ArrayList<>();
    private @Nullable Consumer<Event> listener;
    private final Store store = (Store) Proxy.newProxyInstance(
            Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, given) -> {
                if (method.getName().equals("follow")) {
                    @SuppressWarnings("unchecked")
                    Consumer<Event> follower = (Consumer<Event>) given[0];
                    listener = follower;
                    return (AutoCloseable) () -> listener = null;
                }
                assertThat(method.getName()).isEqualTo("events");
                String after = (String) given[0];
                int number = after.isEmpty() ? 0 : Integer.parseInt(after.substring(0, after.indexOf('-')));
                return List.copyOf(
                        kept.subList(Math.min(number, kept.size()), Math.min(number + (int) given[1], kept.size())));
            });
    private final EventHub hub = new EventHub(store);

    private void happen(int count) {
        for (int i = 0; i < count; i++) {
            Event event = new Event(Instant.EPOCH, "shop", 0, new Notice(EventLevel.DETAIL, "event"))
                    .withId((kept.size() + 1) + "-0");
            kept.add(event);
            if (listener != null) {
                listener.accept(event);
            }
        }
    }

    private static List<String> drain(EventHub.Follower follower) throws InterruptedException {
        List<String> ids = new ArrayList<>();
        for (Optional<Event> next = follower.next(SOON); next.isPresent(); next = follower.next(SOON)) {
            ids.add(next.get().id());
        }
        return ids;
    }

    @Test
    void thePastThenThePresentEachOnce() throws InterruptedException {
        happen(1_200);
        try (EventHub.Follower follower = hub.follow(Optional.of("3-0"), event -> true)) {
            assertThat(follower.next(SOON).orElseThrow().id()).isEqualTo("4-0");
            // Between the first page and the last.
            happen(7);
            List<String> rest = drain(follower);
            happen(2);
            rest.addAll(drain(follower));
            assertThat(rest).hasSize(1_200 - 4 + 7 + 2).doesNotHaveDuplicates();
            assertThat(rest.getLast()).isEqualTo("1209-0");
        }
        assertThat(hub.followers()).isZero();
    }

    @Test
    void withoutAnIdOnlyWhatHappensFromNowOn() throws InterruptedException {
        happen(5);
        EventHub.Follower follower = hub.follow(Optional.empty(), event -> true);
        assertThat(follower.next(SOON)).isEmpty();
        happen(1);
        assertThat(drain(follower)).containsExactly("6-0");
    }

    @Test
    void oneThatDoesNotKeepUpIsEndedAndComesAgainWithItsLastId() throws InterruptedException {
        EventHub.Follower slow = hub.follow(Optional.empty(), event -> true);
        EventHub.Follower other = hub.follow(Optional.empty(), event -> true);
        happen(1);
        assertThat(slow.next(SOON).orElseThrow().id()).isEqualTo("1-0");
        happen(EventHub.QUEUE / 2);
        assertThat(drain(other)).hasSize(EventHub.QUEUE / 2 + 1);
        happen(EventHub.QUEUE / 2 + 1);
        assertThat(slow.ended()).isTrue();
        assertThat(other.ended()).isFalse();
        slow.close();
        EventHub.Follower again = hub.follow(Optional.of("1-0"), event -> true);
        assertThat(drain(again)).hasSize(EventHub.QUEUE + 1).startsWith("2-0");
    }

    @Test
    void aClosedHubEndsThoseThatWait() throws InterruptedException {
        EventHub.Follower follower = hub.follow(Optional.empty(), event -> true);
        Thread closing = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(100);
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            hub.close();
        });
        long begin = System.nanoTime();
        assertThat(follower.next(Duration.ofSeconds(10))).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(follower.ended()).isTrue();
        closing.join();
    }
}
