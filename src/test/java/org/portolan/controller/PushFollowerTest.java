package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.deployment;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.Standing;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.WorkKey;
import org.portolan.sim.SimSite;

/** What is reported to somebody who pushed, on a simulated engine with virtual time. */
class PushFollowerTest {
    // Virtual time runs far ahead of the thread that follows.
    private static final Duration MOST = Duration.ofDays(3650);

    private final SimControl sim = new SimControl(5);
    private final SimSite.Process process = sim.site.process();
    private final OpenDoor door = new OpenDoor();
    private final Controller controller = sim.controller(process, false, List.of(door));
    private final List<Event> told = Collections.synchronizedList(new ArrayList<>());

    private PushFollower.Ended push(String commit, Duration most, Desired... deployments) {
        return push(name -> true, commit, most, deployments);
    }

    private PushFollower.Ended push(Predicate<String> sees, String commit, Duration most, Desired... deployments) {
        sim.push("site", commit, deployments);
        Followed followed = sim.source("site", false);
        PushFollower follower = new PushFollower(
                door.handle(),
                new PushTarget(followed, "", Optional.empty()),
                sim.remote.get("site").deployments(),
                Set.of("shop"),
                sees);
        CompletableFuture<PushFollower.Ended> ended =
                CompletableFuture.supplyAsync(() -> follower.follow("anna", told::add, most, () -> false));
        while (!ended.isDone()) {
            sim.pass(Duration.ofSeconds(1), controller);
        }
        return ended.join();
    }

    /** Nor are the events of the deployment, which everybody may read who sees it; status names it to those who see both. */
    @Test
    void whoseAClaimIsIsNotToldToWhoeverDoesNotSeeIt() {
        sim.pass(Duration.ofSeconds(2), controller);
        Domain taken = SimSite.domain("a.test", new Domain.Target("blog", "web", "http", 1));
        process.deploy(SimSite.with(deployment("blog", "1", 1), taken));
        Desired wants = SimSite.with(
                deployment("shop", "1", 1), SimSite.domain("a.test", new Domain.Target("shop", "web", "http", 1)));
        assertThat(push("shop"::equals, "aaaa", MOST, wants).problems().toString())
                .contains("a.test", "is already declared by another deployment")
                .doesNotContain("blog");
        assertThat(told.toString()).contains("by another deployment").doesNotContain("blog");
        assertThat(push(name -> true, "aaaa", MOST, wants).problems().toString())
                .contains("by deployment blog");
        Standing shop = process.installation.store().standings().stream()
                .filter(standing -> standing.name().equals("shop"))
                .findFirst()
                .orElseThrow();
        assertThat(shop.what()).contains("by deployment blog");
        assertThat(shop.seenBy("shop"::equals).toString()).doesNotContain("blog");
    }

    @Test
    void aSourceThatNobodyFollowedYetIsFollowedToTheEndOfItsRelease() {
        sim.pass(Duration.ofSeconds(2), controller);
        PushFollower.Ended ended = push("aaaa", MOST, deployment("shop", "1", 2), deployment("blog", "1", 1));
        assertThat(ended).isEqualTo(new PushFollower.Ended(true, List.of()));
        assertThat(sim.running()).contains("shop-web-1-2", "blog-web-1-1");
        assertThat(told)
                .as("events of what is of interest only")
                .isNotEmpty()
                .allMatch(event -> event.deployment().equals("shop"))
                .anyMatch(event -> event.message().startsWith("Released"));

        told.clear();
        assertThat(push("bbbb", MOST, deployment("shop", "1", 2), deployment("blog", "1", 1))
                        .problems())
                .as("a commit that changes nothing")
                .isEmpty();
        assertThat(told).isEmpty();
        int reads = sim.reads;
        sim.pass(Duration.ofMinutes(5), controller);
        assertThat(sim.reads).as("it is polled from then on").isGreaterThan(reads + 2);
    }

    @Test
    void whatFailsIsToldWithItsReason() {
        sim.pass(Duration.ofSeconds(2), controller);
        push("aaaa", MOST, deployment("shop", "1", 1));
        PushFollower.Ended ended = push("bbbb", MOST, deployment("shop", "bad", 1));
        assertThat(ended.over()).isTrue();
        assertThat(ended.problems()).singleElement().asString().startsWith("deployment shop is failing: ");
        assertThat(sim.running()).contains("shop-web-1-1");

        sim.follow("other", false).push("other", "cccc", deployment("blog", "1", 1));
        door.handle().follow(sim.followed.getLast());
        door.handle().mark(WorkKey.source("other"), Cause.of(Cause.Reason.PUSH));
        sim.pass(Duration.ofSeconds(30), controller);
        assertThat(push("dddd", MOST, deployment("blog", "2", 1)).problems())
                .anyMatch(problem -> problem.contains("is declared by"));
    }

    /** As after a move of the file: it says the same, and still waits for somebody. */
    @Test
    void aTakeOverOfTheSameThatWaitsIsNotDone() {
        SourceId before = new SourceId("ssh://git@host/site", "old/Servicefile");
        sim.site
                .process()
                .deploy(deployment("shop", "1", 1)
                        .from(new Origin(before, Optional.of("9999"), false, Optional.empty(), Optional.empty())));
        sim.pass(Duration.ofSeconds(5), controller);
        assertThat(push("aaaa", MOST, deployment("shop", "1", 1)).problems())
                .singleElement()
                .asString()
                .startsWith("deployment shop is pending-approval: takes deployment shop over from ");
    }

    @Test
    void whoeverFollowsForTooLongIsToldThatItGoesOn() {
        sim.pass(Duration.ofSeconds(2), controller);
        SimSite.Process person = sim.site.process();
        person.deploy(deployment("shop", "1", 1));
        assertThat(person.installation.store().acquire("shop", "deploy")).isPresent();
        PushFollower.Ended ended = push("aaaa", Duration.ofSeconds(20), deployment("shop", "2", 1));
        assertThat(ended).isEqualTo(new PushFollower.Ended(false, List.of()));
    }
}
