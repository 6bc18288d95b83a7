package org.portolan.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
    private final List<Integer> asked = new ArrayList<>();
    private String text = "event";
    private @Nullable Consumer<Event> listener;
    private final Store store = (Store) Proxy.newProxyInstance(
            Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, given) -> {
                if (method.getName().equals("follow")) {
                    @SuppressWarnings("unchecked")
                    Consumer<Event> follower = (Consumer<Event>) given[0];
                    listener = follower;
                    return (AutoCloseable) () -> listener = null;
                }
                asked.add((int) given[1]);
                if (method.getName().equals("eventsBefore")) {
                    String before = (String) given[0];
                    int end = before.isEmpty()
                            ? kept.size()
                            : Integer.parseInt(before.substring(0, before.indexOf('-'))) - 1;
                    return List.copyOf(kept.subList(Math.max(0, end - (int) given[1]), end));
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
            Event event = new Event(Instant.EPOCH, "shop", 0, new Notice(EventLevel.DETAIL, text))
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

    /** The store counts events, and what is held of them is bounded by its size. */
    @Test
    void largeEventsAreReadFewAtATime() throws InterruptedException {
        text = "x".repeat(100_000);
        happen(60);
        assertThat(drain(hub.follow(Optional.of("0-0"), event -> true))).hasSize(60);
        assertThat(asked.stream().mapToInt(count -> count).max()).hasValue(16);
        assertThat(asked.subList(6, 30)).containsOnly(1);
        asked.clear();
        text = "x";
        happen(5_000);
        assertThat(drain(hub.follow(Optional.of("60-0"), event -> true))).hasSize(5_000);
        assertThat(asked).as("few questions for small ones").hasSizeLessThan(60);
    }

    @Test
    void aListIsNoLargerThanItMayBeAndSaysWhetherMoreWasWanted() {
        text = "x".repeat(50_000);
        happen(100);
        EventHub.Some first = hub.after("0-0", 100, 20_000, event -> true);
        assertThat(first.cut()).isTrue();
        assertThat(first.events()).hasSizeBetween(15, EventHub.LISTED / 50_000);
        assertThat(hub.after(first.events().getLast().id(), 1, 20_000, event -> true)
                        .events()
                        .getFirst()
                        .id())
                .isEqualTo((first.events().size() + 1) + "-0");
        EventHub.Some last = hub.last(100, 20_000, event -> true);
        assertThat(last.cut()).isTrue();
        assertThat(last.events().getLast().id()).isEqualTo("100-0");
        assertThat(last.events()).hasSizeLessThan(EventHub.LISTED / 50_000 + 1);
        assertThat(hub.last(3, 20_000, event -> true)).satisfies(few -> {
            assertThat(few.cut()).isFalse();
            assertThat(few.events()).extracting(Event::id).containsExactly("98-0", "99-0", "100-0");
        });
        EventHub.Some ofRelease = EventHub.lastOf(kept);
        assertThat(ofRelease.events()).isEqualTo(last.events());
        assertThat(ofRelease.cut()).isTrue();
        assertThat(EventHub.lastOf(kept.subList(0, 3)).cut()).isFalse();
        text = "x".repeat(3_000_000);
        happen(1);
        assertThat(hub.last(5, 20_000, event -> true).events())
                .as("one is always shown")
                .hasSize(1);
    }

    @Test
    void theLastThatAreWantedAreFoundWithoutHoldingThem() {
        happen(1_000);
        for (int every : new int[] {1, 2, 3, 7, 500}) {
            Predicate<Event> wanted = event -> number(event) % every == 0;
            for (int most : new int[] {1, 2, 10, 333, 5_000}) {
                for (String after : new String[] {"", "10-0", "999-0"}) {
                    List<String> expected = new ArrayList<>(kept.stream()
                            .filter(event -> after.isEmpty() || EventFeed.later(event.id(), after))
                            .filter(wanted)
                            .map(Event::id)
                            .toList());
                    List<String> found = new ArrayList<>();
                    hub.between(hub.beginOfLast(after, most, wanted), "1000-0", wanted, event -> found.add(event.id()));
                    assertThat(found)
                            .as("%d %d %s", every, most, after)
                            .isEqualTo(expected.subList(Math.max(0, expected.size() - most), expected.size()));
                }
            }
        }
        List<String> until = new ArrayList<>();
        hub.between("10-0", "20-0", event -> true, event -> until.add(event.id()));
        assertThat(until).hasSize(10).endsWith("20-0");
    }

    private static int number(Event event) {
        return Integer.parseInt(event.id().substring(0, event.id().indexOf('-')));
    }
}
