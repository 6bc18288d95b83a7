package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.model.service.Desired;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** What was seen before a lock counts under it only where nobody can have changed it in between (ADR 84). */
class SeenBeforeLockTest extends SimShop {
    /** What a deploy does, of what matters here, in its order. */
    private final List<String> calls = new ArrayList<>();

    /** Done by somebody else between the deploy's look and its lock. */
    private Runnable meanwhile = () -> {};

    @BeforeEach
    void first() {
        deploy(shop("1", 2));
    }

    @Test
    void nobodyHeldTheLockSoOneLookIsEnough() {
        change();
        assertThat(looksUnderTheLock()).isZero();
    }

    @Test
    void somebodyHeldItAndGaveItBack() {
        meanwhile = () -> lease("shop").close();
        change();
        assertThat(looksUnderTheLock()).isEqualTo(1);
    }

    @Test
    void somebodyHeldItWhileThisOneLooked() {
        Lease lease = lease("shop");
        meanwhile = lease::close;
        change();
        assertThat(looksUnderTheLock()).isEqualTo(1);
    }

    @Test
    void somebodyDeployedMeanwhile() {
        meanwhile = () -> deploy(shop("3", 3));
        change();
        assertThat(looksUnderTheLock()).isEqualTo(1);
        assertThat(running()).containsExactly("shop-redis-1-1", "shop-web-3-1", "shop-web-3-2");
    }

    @Test
    void somebodyChangedAnotherDeployment() {
        meanwhile = () -> deploy(SimSite.desired("blog", Map.of("db", Map.of("image", "db:1")), Map.of()));
        change();
        assertThat(looksUnderTheLock()).isEqualTo(1);
    }

    @Test
    void somebodyChangedAnotherDeploymentThatHasTheSameStateAgain() {
        meanwhile = () -> lease("blog").close();
        change();
        assertThat(looksUnderTheLock()).isZero();
    }

    @Test
    void theLookIsOld() {
        meanwhile = () -> site.clock.advance(Duration.ofSeconds(2));
        change();
        assertThat(looksUnderTheLock()).isEqualTo(1);
    }

    @Test
    void theStoreWasFlushedMeanwhile() {
        meanwhile = site.store::flush;
        change();
        assertThat(looksUnderTheLock()).isPositive();
    }

    private void change() {
        Desired second = shop("2", 2);
        Outcome outcome = new Operations(watched())
                .perform(new Request.Apply(second, List.of(), SimSite.MANDATE), DeployOptions.DEFAULT);
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.proxy.serving("shop", "web")).hasSize(2);
    }

    /** Between the lock and the first line of the release. */
    private int looksUnderTheLock() {
        List<String> under = calls.subList(calls.indexOf("acquire") + 1, calls.size());
        return (int) under.subList(0, under.indexOf("commit")).stream()
                .filter("observe"::equals)
                .count();
    }

    private Lease lease(String deployment) {
        return site.process().installation.store().acquire(deployment, "test").orElseThrow();
    }

    private Installation watched() {
        Installation plain = site.process().installation;
        return new Installation(
                plain.settings(),
                watched(Engine.class, plain.engine()),
                watched(Store.class, plain.store()),
                plain.proxy(),
                plain.prober(),
                plain.tasks(),
                plain.clock(),
                plain.events());
    }

    private <T> T watched(Class<T> port, T part) {
        return port.cast(java.lang.reflect.Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (self, method, arguments) -> {
                    if (method.getName().equals("claim")) {
                        Runnable once = meanwhile;
                        meanwhile = () -> {};
                        once.run();
                    }
                    calls.add(method.getName());
                    try {
                        return method.invoke(part, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
