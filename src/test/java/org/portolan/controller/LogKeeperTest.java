package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.portolan.release.Installation;
import org.portolan.sim.SimSite;

class LogKeeperTest {
    @Test
    void logsAreKeptWhileThisControllerLeads() throws Exception {
        SimSite site = new SimSite(1);
        Installation installation = site.process().installation;
        ControllerHandle handle = (ControllerHandle) Proxy.newProxyInstance(
                ControllerHandle.class.getClassLoader(),
                new Class<?>[] {ControllerHandle.class},
                (proxy, method, arguments) -> installation);
        LogKeeper keeper = new LogKeeper(Duration.ofMillis(5));
        keeper.stop(Duration.ZERO);
        keeper.start(handle);
        await(site, 3);
        keeper.stop(Duration.ZERO);
        Thread.sleep(50);
        int before = site.proxy.logsKept.get();
        Thread.sleep(50);
        assertThat(site.proxy.logsKept.get()).as("not once it leads no more").isEqualTo(before);
        keeper.start(handle);
        await(site, before + 2);
        keeper.stop(Duration.ZERO);
    }

    @Test
    void aFaultIsNotTheEnd() throws Exception {
        SimSite site = new SimSite(1);
        Installation installation = site.process().installation;
        AtomicInteger asked = new AtomicInteger();
        ControllerHandle handle = (ControllerHandle) Proxy.newProxyInstance(
                ControllerHandle.class.getClassLoader(),
                new Class<?>[] {ControllerHandle.class},
                (proxy, method, arguments) -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new IllegalStateException("a fault");
                    }
                    return installation;
                });
        LogKeeper keeper = new LogKeeper(Duration.ofMillis(5));
        keeper.start(handle);
        await(site, 2);
        keeper.stop(Duration.ZERO);
    }

    private static void await(SimSite site, int times) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (site.proxy.logsKept.get() < times && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(site.proxy.logsKept.get()).isGreaterThanOrEqualTo(times);
    }
}
