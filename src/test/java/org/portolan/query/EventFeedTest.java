package org.portolan.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.cli.SimParts;
import org.portolan.model.event.Event;
import org.portolan.model.event.UnknownEvent;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Events of the past and the present: each once, none missed between. */
class EventFeedTest {
    @TempDir
    Path folder;

    @Test
    void whatHappensWhileThePastIsReadComesOnceAndInOrder() {
        SimParts parts = new SimParts(folder);
        try (Lease lease = parts.store.acquire("shop", "ada").orElseThrow();
                EventFeed feed =
                        EventFeed.following(parts, event -> !event.kind().equals("dull"))) {
            tell(parts, lease, "one", "good");
            tell(parts, lease, "dull", "dull");
            tell(parts, lease, "two", "good");
            assertThat(feed.past("", 1)).extracting(Event::message).containsExactly("two");
            tell(parts, lease, "three", "good");
            List<String> came = new ArrayList<>();
            feed.follow(event -> came.add(event.message()), () -> !came.isEmpty());
            assertThat(came).containsExactly("three");
        }
    }

    @Test
    void whoComesBackGetsWhatCameAfterTheLastId() {
        SimParts parts = new SimParts(folder);
        try (Lease lease = parts.store.acquire("shop", "ada").orElseThrow()) {
            tell(parts, lease, "one", "good");
            tell(parts, lease, "two", "good");
            String seen = parts.store.events("", 10).getLast().id();
            try (EventFeed feed = EventFeed.following(parts, event -> true)) {
                assertThat(feed.past(seen, 10)).isEmpty();
                tell(parts, lease, "three", "good");
                List<String> came = new ArrayList<>();
                feed.follow(event -> came.add(event.message()), () -> !came.isEmpty());
                assertThat(came).containsExactly("three");
            }
            try (EventFeed feed = EventFeed.past(parts, event -> true).orElseThrow()) {
                assertThat(feed.past(seen, 10)).extracting(Event::message).containsExactly("three");
            }
        }
    }

    /** A stream keeps some more than its limit. */
    @Test
    void theLastEventsOfALongStreamAreTheNewest() {
        SimParts parts = new SimParts(folder);
        try (Lease lease = parts.store.acquire("shop", "ada").orElseThrow()) {
            List<Event> many = IntStream.rangeClosed(1, 10_050)
                    .mapToObj(n -> new Event(Instant.EPOCH, "shop", 1, new UnknownEvent("good", "", "", "n" + n)))
                    .toList();
            parts.store.commit(lease, Commit.events("shop", many));
            try (EventFeed feed = EventFeed.past(parts, event -> true).orElseThrow()) {
                assertThat(feed.past("", 1)).extracting(Event::message).containsExactly("n10050");
            }
            try (EventFeed feed = EventFeed.past(parts, event -> event.message().endsWith("00"))
                    .orElseThrow()) {
                assertThat(feed.past("", 60))
                        .extracting(Event::message)
                        .hasSize(60)
                        .startsWith("n4100", "n4200")
                        .endsWith("n9900", "n10000");
                assertThat(feed.past("", Integer.MAX_VALUE)).hasSize(100);
            }
        }
    }

    /** A store that is far away sends what is shown, not everything that is kept. */
    @Test
    void fewAreReadWhereFewAreWanted() {
        AtomicInteger read = new AtomicInteger();
        SimParts parts = new SimParts(folder) {
            @Override
            public Optional<Store> storeIfAny() {
                return super.storeIfAny().map(plain -> counting(plain, read));
            }
        };
        try (Lease lease = parts.store.acquire("shop", "ada").orElseThrow()) {
            for (int i = 0; i < 1000; i++) {
                tell(parts, lease, "n" + i, "good");
            }
            try (EventFeed feed = EventFeed.past(parts, event -> true).orElseThrow()) {
                assertThat(feed.past("", 50))
                        .hasSize(50)
                        .last()
                        .extracting(Event::message)
                        .isEqualTo("n999");
            }
        }
        assertThat(read.get()).isLessThanOrEqualTo(100);
    }

    private static Store counting(Store plain, AtomicInteger read) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (self, method, arguments) -> {
                    Object answer = method.invoke(plain, arguments);
                    if (answer instanceof List<?> events) {
                        read.addAndGet(events.size());
                    }
                    return answer;
                });
    }

    @Test
    void idsAreComparedAsNumbers() {
        assertThat(EventFeed.later("10-2", "9-9")).isTrue();
        assertThat(EventFeed.later("10-2", "10-10")).isFalse();
        assertThat(EventFeed.later("10-2", "")).isTrue();
    }

    private static void tell(SimParts parts, Lease lease, String message, String kind) {
        parts.store.commit(
                lease,
                Commit.events(
                        "shop", List.of(new Event(Instant.EPOCH, "shop", 1, new UnknownEvent(kind, "", "", message)))));
    }
}
