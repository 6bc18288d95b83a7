package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.controller.SimControl.deployment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.sim.SimSite;

/** What somebody sees who had a source looked at, on a simulated engine with virtual time. */
class SourceLookTest {
    // Virtual time runs far ahead of the thread that follows.
    private static final Duration MOST = Duration.ofDays(3650);

    private final SimControl sim = new SimControl(5);
    private final SimSite.Process process = sim.site.process();
    private final OpenDoor door = new OpenDoor();
    private final List<Event> told = Collections.synchronizedList(new ArrayList<>());
    private final Controller controller;

    SourceLookTest() {
        sim.follow("site", false);
        controller = sim.controller(process, false, List.of(door));
    }

    private PushFollower.Ended look(Duration most) throws InterruptedException {
        SourceLook look = new SourceLook(door.handle(), "site");
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<PushFollower.Ended> ended =
                CompletableFuture.supplyAsync(() -> look.follow("anna", told::add, most, () -> {
                    begun.countDown();
                    return false;
                }));
        begun.await();
        while (!ended.isDone()) {
            sim.pass(Duration.ofSeconds(1), controller);
        }
        return ended.join();
    }

    @Test
    void itIsOverWhenEverythingIsAsTheSourceSays() throws Exception {
        sim.push("site", "aaaa", deployment("shop", "1", 2), deployment("blog", "1", 1));
        sim.pass(Duration.ofSeconds(60), controller);
        assertThat(sim.running()).contains("shop-web-1-2", "blog-web-1-1");
        assertThat(look(MOST)).isEqualTo(new PushFollower.Ended(true, List.of()));
        assertThat(told).as("nothing was to be done").isEmpty();

        sim.push("site", "bbbb", deployment("shop", "2", 2), deployment("blog", "2", 1));
        assertThat(look(MOST)).isEqualTo(new PushFollower.Ended(true, List.of()));
        assertThat(sim.running()).contains("shop-web-2-1", "shop-web-2-2", "blog-web-2-1");
        assertThat(told)
                .anyMatch(event ->
                        event.deployment().equals("shop") && event.message().startsWith("Released"))
                .anyMatch(event ->
                        event.deployment().equals("blog") && event.message().startsWith("Released"));

        told.clear();
        sim.push("site", "cccc", deployment("shop", "2", 2));
        assertThat(look(MOST)).isEqualTo(new PushFollower.Ended(true, List.of()));
        assertThat(sim.running()).noneMatch(name -> name.startsWith("blog"));
        assertThat(told).as("what it no longer names is removed").anyMatch(event -> event.deployment()
                .equals("blog"));
    }

    @Test
    void whatFailedIsToldAlsoWhenItIsNotTriedAgain() throws Exception {
        sim.push("site", "aaaa", deployment("shop", "1", 1));
        sim.pass(Duration.ofSeconds(60), controller);
        sim.push("site", "bbbb", deployment("shop", "bad", 1));
        for (int i = 0; i < 2; i++) {
            PushFollower.Ended ended = look(Duration.ofDays(30));
            assertThat(ended.over()).isTrue();
            assertThat(ended.problems()).singleElement().asString().startsWith("deployment shop is failing: ");
        }
        assertThat(sim.running()).contains("shop-web-1-1");
    }

    @Test
    void itEndsWhenItTakesTooLong() throws Exception {
        sim.push("site", "aaaa", deployment("shop", "1", 1));
        sim.pass(Duration.ofSeconds(60), controller);
        SimSite.Process person = sim.site.process();
        assertThat(person.installation.store().acquire("shop", "deploy")).isPresent();
        sim.push("site", "bbbb", deployment("shop", "2", 1));
        assertThat(look(Duration.ofSeconds(20))).isEqualTo(new PushFollower.Ended(false, List.of()));
    }

    @Test
    void onlyWhatIsFollowedCanBeLookedAt() {
        sim.pass(Duration.ofSeconds(2), controller);
        for (String name : List.of("sit", "site@main", "", "site:x")) {
            assertThatThrownBy(() -> new SourceLook(door.handle(), name))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("the controller follows no source");
        }
    }
}
