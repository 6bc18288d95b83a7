package org.portolan.proxy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.proxy.Proxy;
import org.portolan.proxy.ProxyContract;
import org.portolan.sim.VirtualClock;

/** The simulation under all histories promises what the real proxies do. */
class SimProxyTest extends ProxyContract {
    private static final int ANSWERING = 9001;
    private static final int SILENT = 9002;

    private final VirtualClock clock = new VirtualClock();
    private final SimProxy sim =
            new SimProxy(clock).checkAfter(Duration.ofMillis(250)).failAfter(Duration.ofSeconds(1));
    private int port = 15_000;

    @Override
    protected void prepare() {
        sim.answeredBy((server, check) -> server.port() == ANSWERING);
    }

    @Override
    protected Proxy open() {
        return sim;
    }

    @Override
    protected void kill() {
        sim.kill();
    }

    @Override
    protected int answering() {
        return ANSWERING;
    }

    @Override
    protected int silent() {
        return SILENT;
    }

    @Override
    protected int mesh() {
        return port++;
    }

    @Override
    protected void take(int taken) {
        sim.held(taken, "somebody");
    }

    @Override
    protected void drainByHand(InstanceId instance) {
        sim.byHand(instance, State.DRAIN);
    }

    @Override
    protected void damage(String deployment) {
        sim.damage(deployment);
    }

    @Override
    protected AutoCloseable session(InstanceId instance, int mesh) {
        sim.sessions(instance, 1);
        return () -> sim.sessions(instance, 0);
    }

    @Override
    protected void eventually(BooleanSupplier condition) {
        for (int i = 0; i < 100 && !condition.getAsBoolean(); i++) {
            clock.advance(Duration.ofMillis(100));
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
