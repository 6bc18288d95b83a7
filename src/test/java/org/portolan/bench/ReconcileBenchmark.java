package org.portolan.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.portolan.engine.sim.Behaviour;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** What a controller does when something was said to have changed, and has not: 1,000 services on a simulated engine. */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SingleShotTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReconcileBenchmark {
    private static final Request.Reconcile REQUEST =
            new Request.Reconcile("shop", Mandate.of(new Caller.Hook("controller@bench", false)));

    private final SimSite site = new SimSite(1);
    private final SimSite.Process process;
    private final int services;

    public ReconcileBenchmark() {
        this(1_000);
    }

    ReconcileBenchmark(int services) {
        this.services = services;
        site.sharedEngine = true;
        process = site.process();
    }

    @Setup
    public void prepare() {
        site.engine.world().image("app:1", Behaviour.GOOD);
        Map<String, Map<String, Object>> all = new TreeMap<>();
        for (int i = 0; i < services; i++) {
            all.put("s" + i, Map.of("image", "app:1", "env", Map.of("NUMBER", Integer.toString(i))));
        }
        process.deploy(SimSite.desired("shop", all, Map.of()));
    }

    @Benchmark
    public Outcome noDrift() {
        return process.perform(REQUEST, DeployOptions.DEFAULT);
    }
}
