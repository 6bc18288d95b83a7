package org.portolan.metrics;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.Followed;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.event.EventData;
import org.portolan.model.event.EventSink;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Standing;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Pace;
import org.portolan.reconcile.RunObserver;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkQueue;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** A simulated installation whose parts are measured, and the handle of a controller that leads it. */
final class MetricsSite {
    final SimSite site = new SimSite(1);
    final ControllerMetrics metrics = new ControllerMetrics("1.2.3");
    final Installation parts = metrics.measured(site.process().installation);
    final List<Standing> standings = new ArrayList<>();
    final WorkQueue queue = new WorkQueue(Pace.USUAL);
    final Lease leader = site.process()
            .installation
            .store()
            .acquire(Store.LEADER, "controller")
            .orElseThrow();

    MetricsSite() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:bad", Behaviour.neverHealthy(), 80);
    }

    static Desired shop(String tag) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", Map.of("http", "/up"))),
                Map.of("web", 2));
    }

    void deploy(String tag) {
        new Operations(parts).perform(new Request.Apply(shop(tag), List.of(), SimSite.MANDATE), DeployOptions.DEFAULT);
    }

    String text() {
        return new String(metrics.text("").bytes(), StandardCharsets.UTF_8);
    }

    final ControllerHandle handle = new ControllerHandle() {
        @Override
        public void stands(Standing.Condition condition, String what) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void mark(WorkKey key, Cause cause) {
            queue.mark(key, cause, now());
        }

        private Instant now() {
            return site.clock.instant();
        }

        @Override
        public List<Followed> followed(String source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Desired> declared(String followed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Standing> standings() {
            return standings;
        }

        @Override
        public void follow(Followed source) {
            throw new UnsupportedOperationException("metrics follow nothing");
        }

        @Override
        public WorkQueue.Progress progress(WorkKey key) {
            return queue.progress(key);
        }

        @Override
        public WorkQueue.Load load() {
            return queue.load(now());
        }

        @Override
        public void observe(RunObserver observer) {
            queue.observe(observer);
        }

        @Override
        public Duration leaseLeft() {
            return leader.left();
        }

        @Override
        public Listening listen(EventSink receiver) {
            throw new UnsupportedOperationException("events of all processes come from the store");
        }

        @Override
        public void record(String deployment, EventData what) {
            throw new UnsupportedOperationException("metrics change nothing");
        }

        @Override
        public void record(List<String> deployments, EventData what, Commit.Asked asked) {
            throw new UnsupportedOperationException("metrics change nothing");
        }

        @Override
        public void keep(Commit.Asked asked) {
            throw new UnsupportedOperationException("metrics change nothing");
        }

        @Override
        public Installation installation() {
            return parts;
        }
    };

    /** Everything that can be measured has been. */
    static MetricsSite busy() {
        MetricsSite busy = new MetricsSite();
        busy.metrics.start(busy.handle);
        busy.deploy("1");
        try {
            busy.deploy("bad");
        } catch (RuntimeException rolledBack) {
            // As it should be.
        }
        busy.standings.add(Standing.unknown(Standing.Subject.DEPLOYMENT, "shop", busy.site.clock.instant()));
        busy.site.store.down();
        busy.site.clock.advance(Duration.ofSeconds(1));
        fails(() -> busy.parts.store().deployments());
        busy.site.store.up();
        fails(() -> busy.parts.engine().start("no-such-container"));
        busy.site.proxy.refuseNext(call -> true);
        fails(() -> busy.parts.proxy().ensureRunning());
        busy.site.engine.world().down();
        busy.text();
        busy.site.engine.world().up();
        return busy;
    }

    private static void fails(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException counted) {
            return;
        }
        throw new AssertionError("it did not fail");
    }

    static Optional<String> value(String text, String series) {
        return text.lines()
                .filter(line -> line.startsWith(series + " "))
                .map(line -> line.substring(series.length() + 1))
                .findFirst();
    }
}
