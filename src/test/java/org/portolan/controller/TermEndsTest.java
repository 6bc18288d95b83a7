package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.ControllerEvent.ControllerLeads;
import org.portolan.release.Installation;
import org.portolan.release.Tasks;
import org.portolan.release.ThreadTasks;
import org.portolan.sim.SimSite;
import org.portolan.store.Store;

/** How a term waits and ends, with tasks that take their time. */
class TermEndsTest {
    private final SimControl sim = new SimControl(3);
    private final SimSite.Process process = sim.site.process();

    private Installation parts(Store store, Tasks tasks) {
        Installation own = process.installation;
        return new Installation(
                own.settings(),
                own.engine(),
                store,
                own.proxy(),
                own.prober(),
                () -> tasks,
                own.clock(),
                own.events(),
                own.secrets());
    }

    private Controller controller(Installation parts, Door... doors) {
        return sim.controller(parts, "controller@here", false, List.of(doors));
    }

    /** What begins never ends. */
    private static final class Stuck implements Tasks {
        @Override
        public void submit(Runnable task) {}

        @Override
        public void await(Duration most) {}

        @Override
        public void wake() {}
    }

    @Test
    void aLookThatTakesLongIsWaitedForWithoutTurningRound() {
        Controller controller = controller(parts(process.installation.store(), new Stuck()));
        controller.step();
        sim.site.clock.advance(Duration.ofSeconds(61));
        assertThat(controller.step()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aTermThatCouldNotBeginWatchesNothing() {
        AtomicBoolean away = new AtomicBoolean(true);
        Store own = process.installation.store();
        Store store = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (away.get() && method.getName().equals("follow")) {
                        throw new Failure(Kind.UNREACHABLE, "the store is away");
                    }
                    try {
                        return method.invoke(own, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        int before = sim.site.engine.watchers();
        Controller controller =
                controller(parts(store, process.installation.tasks().get()));
        sim.pass(Duration.ofSeconds(10), controller);
        assertThat(controller.leads()).isFalse();
        assertThat(sim.site.engine.watchers()).isEqualTo(before);
        away.set(false);
        sim.pass(Duration.ofSeconds(10), controller);
        assertThat(controller.leads()).isTrue();
        assertThat(sim.site.engine.watchers()).isEqualTo(before + 1);
    }

    /** Each waits until the other one is stopping. */
    private static final class Meeting implements Door {
        private final CountDownLatch all;
        private final List<String> opened;
        private volatile boolean met;

        Meeting(CountDownLatch all, List<String> opened) {
            this.all = all;
            this.opened = opened;
        }

        @Override
        public void start(ControllerHandle controller) {
            opened.add("open");
        }

        @Override
        public void stop(Duration deadline) {
            all.countDown();
            try {
                met = all.await(2, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public List<String> describe() {
            return List.of();
        }
    }

    /** Whoever sees that it leads can ask it. */
    @Test
    void itListensByTheTimeThatItSaysThatItLeads() {
        List<Boolean> told = new CopyOnWriteArrayList<>();
        Door door = new Door() {
            @Override
            public void start(ControllerHandle controller) {
                told.add(sim.site.reports.stream().anyMatch(event -> event.data() instanceof ControllerLeads));
            }

            @Override
            public void stop(Duration deadline) {}

            @Override
            public List<String> describe() {
                return List.of();
            }
        };
        controller(
                        parts(
                                process.installation.store(),
                                process.installation.tasks().get()),
                        door)
                .step();
        assertThat(told).containsExactly(false);
        assertThat(sim.site.reports).anyMatch(event -> event.data() instanceof ControllerLeads);
    }

    @Test
    void aDoorThatTakesItsTimeKeepsNoOtherOneOpen() {
        CountDownLatch all = new CountDownLatch(2);
        List<String> opened = new CopyOnWriteArrayList<>();
        Meeting first = new Meeting(all, opened);
        Meeting second = new Meeting(all, opened);
        Controller controller = controller(parts(process.installation.store(), new ThreadTasks()), first, second);
        controller.step();
        assertThat(opened).hasSize(2);
        controller.run(() -> true, Duration.ZERO);
        assertThat(first.met).isTrue();
        assertThat(second.met).isTrue();
    }
}
