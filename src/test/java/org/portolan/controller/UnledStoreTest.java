package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.Caller;
import org.portolan.operate.LocalRequests;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.memory.MemoryStore;

/** What commands that act themselves do while a controller leads that they could not ask. */
class UnledStoreTest {
    private static final Mandate ALICE = Mandate.of(new Caller.Person("alice@desk"));

    private final SimSite site = new SimSite(1);
    private final MemoryStore memory = site.store;

    private Store unled(Store inner) {
        return new UnledStore(inner, leader -> {
            throw new Failure(Kind.UNREACHABLE, "not waited for: " + leader);
        });
    }

    /** One that hands over, or has just begun to lead: nothing is changed meanwhile, and then it is done. */
    @Test
    void whatWaitsForALeaderToGoIsDoneThen() {
        Lease leads =
                memory.connect("leader").acquire(Store.LEADER, "controller").orElseThrow();
        List<Boolean> before = new ArrayList<>();
        Store patient = new UnledStore(memory.connect("one"), leader -> {
            before.add(known("blog").isPresent()
                    || memory.connect("looker").holder("blog").isPresent());
            if (before.size() == 3) {
                leads.close();
            }
        });
        Installation parts = site.process().installation;
        new LocalRequests(parts.with(patient, event -> {}), process -> false)
                .perform(new Request.Create("blog", ALICE), DeployOptions.DEFAULT);
        assertThat(before).containsExactly(false, false, false);
        assertThat(known("blog")).isPresent();
    }

    private Outcome create(Store store, String name) {
        Installation parts = site.process().installation;
        return new LocalRequests(parts.with(unled(store), event -> {}), process -> false)
                .perform(new Request.Create(name, ALICE), DeployOptions.DEFAULT);
    }

    private Optional<DeploymentState> known(String name) {
        return memory.connect("looker").deployment(name);
    }

    @Test
    void nothingIsChangedBesideALeaderAndEverythingOnceItIsGone() {
        Lease leads =
                memory.connect("leader").acquire(Store.LEADER, "controller").orElseThrow();
        assertThatThrownBy(() -> create(memory.connect("one"), "blog"))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
                    assertThat(failure.what()).startsWith("not waited for: leader");
                });
        assertThat(known("blog")).isEmpty();
        assertThat(memory.connect("looker").holder("blog")).isEmpty();
        leads.close();
        assertThat(create(memory.connect("two"), "blog").kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(known("blog")).isPresent();
    }

    @Test
    void aLockIsGivenBackWhereItIsNotKnownWhetherAControllerLeads() {
        Store away = new ForwardedStore(memory.connect("one")) {
            @Override
            public Optional<String> holder(String name) {
                throw new Failure(Kind.UNREACHABLE, "the store does not answer");
            }
        };
        assertThatThrownBy(() -> unled(away).acquire("blog", "deploy")).hasMessage("the store does not answer");
        assertThat(memory.connect("looker").holder("blog")).isEmpty();
    }

    /** A lock that the silent leader has is not waited for. */
    @Test
    void aLockOfTheLeaderIsNotWaitedFor() {
        Store leader = memory.connect("leader");
        Lease leads = leader.acquire(Store.LEADER, "controller").orElseThrow();
        Lease held = leader.acquire("blog", "deploy", leads).orElseThrow();
        assertThatThrownBy(() -> create(memory.connect("one"), "blog"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE));
        assertThat(held.held()).isTrue();
    }

    /** One that begins to lead just before the lock is taken is seen, one that begins after it finds the lock taken. */
    @Test
    void aControllerThatBeginsToLeadInBetweenIsSafe() {
        Store leader = memory.connect("leader");
        Store before = new ForwardedStore(memory.connect("one")) {
            @Override
            public Optional<Lease> acquire(String name, String purpose) {
                leader.acquire(Store.LEADER, "controller").orElseThrow();
                return super.acquire(name, purpose);
            }
        };
        assertThatThrownBy(() -> create(before, "blog")).isInstanceOf(Failure.class);
        assertThat(known("blog")).isEmpty();

        MemoryStore other = new MemoryStore(site.clock);
        Lease mine = unled(other.connect("one")).acquire("blog", "deploy").orElseThrow();
        Store later = other.connect("leader");
        Lease leads = later.acquire(Store.LEADER, "controller").orElseThrow();
        assertThat(new LeaderStore(later, leads).acquire("blog", "deploy")).isEmpty();
        assertThat(mine.held()).isTrue();
    }
}
