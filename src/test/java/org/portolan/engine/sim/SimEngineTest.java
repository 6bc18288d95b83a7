package org.portolan.engine.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineContract;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.Container.State;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.sim.VirtualClock;

class SimEngineTest extends EngineContract {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private final VirtualClock clock = new VirtualClock();
    private SimEngine sim = new SimEngine(clock);

    @Override
    protected Engine connect() {
        sim = new SimEngine(clock);
        sim.world().image(good(), Behaviour.GOOD.logging("hello"), 80);
        sim.world().image(ending(), Behaviour.exitsAfter(Duration.ofMillis(300), 3));
        sim.world().image(stubborn(), Behaviour.GOOD.ignoringTerm());
        sim.world().image(storing(), Behaviour.GOOD);
        sim.world().declareVolumes(storing(), "/data");
        return sim;
    }

    @Override
    protected String good() {
        return "good:1";
    }

    @Override
    protected String ending() {
        return "ending:1";
    }

    @Override
    protected String stubborn() {
        return "stubborn:1";
    }

    @Override
    protected String storing() {
        return "storing:1";
    }

    @Override
    protected String image(String reference) {
        return sim.world().image(reference, Behaviour.GOOD);
    }

    @Override
    protected void tag(String reference, String name) {
        sim.world().tag(reference, name);
    }

    @Override
    protected void pause(String container) {
        sim.world().pause(container);
    }

    @Override
    protected void disconnect(String container, String network) {
        sim.world().disconnect(container, network);
    }

    @Override
    protected void foreign(String name) {
        sim.world().foreign(name, Map.of());
    }

    @Override
    protected void pass(Duration duration) {
        clock.advance(duration);
    }

    private String run(Behaviour behaviour) {
        sim.world().image("special:1", behaviour);
        String id = engine.create(spec(1, "special:1", List.of(new Publish("127.0.0.1", 21001, 80))));
        engine.start(id);
        return id;
    }

    private boolean passes(String id) {
        return sim.world().answer(id, 21001).passed();
    }

    @Test
    void becomes_healthy_when_its_time_has_come() {
        String id = run(Behaviour.healthyAfter(SECOND));
        assertThat(passes(id)).isFalse();
        pass(SECOND);
        assertThat(passes(id)).isTrue();
        engine.stop(id, Optional.empty(), SECOND);
        assertThat(sim.world().answer(id, 21001).text()).isEqualTo("connection refused");
    }

    @Test
    void can_sicken_flap_never_be_healthy_or_listen_elsewhere() {
        String id = run(Behaviour.sickensAfter(SECOND));
        assertThat(passes(id)).isTrue();
        pass(SECOND);
        assertThat(passes(id)).isFalse();
        engine.remove(id, true);
        id = run(Behaviour.flaps(SECOND, SECOND));
        assertThat(passes(id)).isTrue();
        pass(SECOND);
        assertThat(passes(id)).isFalse();
        pass(SECOND);
        assertThat(passes(id)).isTrue();
        engine.remove(id, true);
        id = run(Behaviour.neverHealthy());
        pass(Duration.ofHours(1));
        assertThat(passes(id)).isFalse();
        engine.remove(id, true);
        id = run(Behaviour.listensElsewhere());
        assertThat(passes(id)).isFalse();
        assertThat(sim.world().answer(id, 0).passed()).isTrue();
    }

    @Test
    void what_cannot_start_says_why() {
        assertRefused(Reason.REFUSED, () -> run(Behaviour.startFails("exec: no such file")));
    }

    @Test
    void restarts_at_growing_intervals_as_docker_does() {
        String id = run(Behaviour.exitsAfter(Duration.ofMillis(100), 1));
        engine.setRestart(id, "always");
        pass(Duration.ofMillis(99));
        assertThat(engine.inspect(id).orElseThrow().state()).isEqualTo(State.RUNNING);
        pass(Duration.ofMillis(50));
        assertThat(engine.inspect(id).orElseThrow().state()).isEqualTo(State.RESTARTING);
        pass(SECOND.multipliedBy(4));
        // 0.1 up, 0.1 away, 0.1 up, 0.2 away, then 0.4, 0.8, 1.6: five restarts within 4.1 s.
        assertThat(engine.inspect(id).orElseThrow().restarts()).isEqualTo(5);
    }

    @Test
    void a_stop_that_is_ignored_takes_the_grace() {
        String id = run(Behaviour.GOOD.ignoringTerm());
        var before = clock.instant();
        engine.stop(id, Optional.empty(), Duration.ofSeconds(10));
        assertThat(Duration.between(before, clock.instant())).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void faults_lose_calls_and_answers() {
        sim.faults(call -> new Faults.Fate(Faults.What.FAILS, Duration.ZERO));
        assertRefused(Reason.UNREACHABLE, () -> engine.create(spec(1)));
        sim.faults(call -> new Faults.Fate(Faults.What.ANSWER_LOST, SECOND));
        assertRefused(Reason.UNREACHABLE, () -> engine.create(spec(1)));
        sim.faults(call -> new Faults.Fate(Faults.What.TWICE, Duration.ZERO));
        engine.start("contract-web-1-1");
        sim.faults(Faults.NONE);
        assertThat(sim.changes().stream().map(SimEngine.Call::toString))
                .containsExactly("create contract-web-1-1", "start contract-web-1-1", "start contract-web-1-1");
        assertThat(engine.observe().containers()).hasSize(1);
    }

    @Test
    void a_crash_comes_before_or_after_the_change() {
        sim.faults(Faults.crashAt(2, false));
        String id = engine.create(spec(1));
        assertThatThrownBy(() -> engine.start(id)).isInstanceOf(Faults.Crash.class);
        assertThat(sim.changes()).hasSize(1);
        sim.faults(Faults.crashAt(1, true));
        assertThatThrownBy(() -> engine.start(id)).isInstanceOf(Faults.Crash.class);
        assertThat(sim.changes()).hasSize(2);
    }

    @Test
    void the_same_seed_gives_the_same_faults() {
        assertThat(fates(7)).isEqualTo(fates(7)).isNotEqualTo(fates(8));
    }

    private List<Faults.Fate> fates(long seed) {
        Faults faults = Faults.seeded(seed, 0.1, 0.2);
        List<Faults.Fate> fates = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            fates.add(faults.fate(new SimEngine.Call(clock.instant(), "start", "x", true)));
        }
        return fates;
    }

    @Test
    void notices_when_a_foreign_container_was_touched() {
        sim.world().foreign("theirs", Map.of(), new Publish("0.0.0.0", 80, 80));
        assertThat(sim.world().foreignUntouched()).isTrue();
        engine.stop("theirs", Optional.empty(), SECOND);
        assertThat(sim.world().foreignUntouched()).isFalse();
    }

    @Test
    void an_engine_that_is_down_answers_nothing_and_its_containers_go_on() {
        String id = run(Behaviour.GOOD);
        sim.world().down();
        assertRefused(Reason.UNREACHABLE, () -> engine.observe());
        assertThat(passes(id)).isTrue();
        sim.world().restart();
        assertThat(engine.inspect(id).orElseThrow().state()).isEqualTo(State.EXITED);
    }
}
