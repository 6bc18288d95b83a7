package org.portolan.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.proxy.Proxy;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Store;

/** What a run over a file of many deployments asks of engine, store and proxies: a look serves all of them. */
class ManyDeploymentsTest {
    private static final int MANY = 50;
    private static final int FIRST = 21;
    private static final int CHANGE = 23;

    private final SimSite site = new SimSite(1);
    private final SortedMap<String, Integer> calls = new TreeMap<>();
    private final List<Desired> file = new ArrayList<>();

    @BeforeEach
    void deployAll() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.proxy.own(new ProxyListener("127.0.0.1", 8080, "the edge's HTTP port", "edge.http"));
        for (int i = 0; i < MANY; i++) {
            file.add(deployment(i, "first"));
        }
        assertEquals(MANY, changed(run()));
        calls.clear();
    }

    private static Desired deployment(int number, String value) {
        Desired plain = SimSite.desired(
                "d" + number,
                Map.of("web", Map.of("image", "web:1", "ports", Map.of("", 80L), "env", Map.of("VALUE", value))),
                Map.of());
        Domain domain = SimSite.domain("d" + number + ".test", new Domain.Target("d" + number, "web", "", 100));
        return SimSite.with(plain, domain);
    }

    @Test
    void aRunWithoutChangeLooksOnce() {
        assertEquals(0, changed(run()));
        assertLooks(1);
    }

    @Test
    void plansOfAllLookOnce() {
        Deployer deployer = new Deployer(counted());
        for (Desired desired : file) {
            assertTrue(deployer.plan(new Request.Apply(desired, siblings(desired), SimSite.MANDATE))
                    .isEmpty());
        }
        assertLooks(1);
    }

    @Test
    void aChangeCostsNoLookOfItsOwnAndOneAfterIt() {
        file.set(20, deployment(20, "second"));
        assertEquals(1, changed(run()));
        assertEquals(2, calls.get("Proxy.look"), calls.toString());
        // The look has just said that the proxies serve, and with it that they hold their own ports.
        assertNull(calls.get("Proxy.obstacle"), calls.toString());
        assertTrue(calls.get("Store.deployments") <= 3, calls.toString());
        assertTrue(calls.get("Engine.image") <= 3, calls.toString());
    }

    @Test
    void whatTheRunItselfChangedIsSeenByWhatFollows() {
        Desired second = deployment(20, "second");
        Deployer deployer = new Deployer(counted());
        List<Desired> siblings = siblings(file.get(20));
        assertFalse(deployer.plan(new Request.Apply(second, siblings, SimSite.MANDATE))
                .isEmpty());
        assertEquals(
                Outcome.Kind.DONE,
                deployer.perform(new Request.Apply(second, siblings, SimSite.MANDATE), options())
                        .kind());
        assertTrue(deployer.plan(new Request.Apply(second, siblings, SimSite.MANDATE))
                .isEmpty());
    }

    /** A store that is far away makes each of them wait: its calls, and what one of them costs in round trips. */
    @Test
    void aDeployOfOneServiceMakesFewRoundTrips() {
        // Waiting for the sessions of what is replaced is written down, and costs one more.
        site.proxy.busy(0);
        Desired first = deployment(MANY, "first");
        Desired second = deployment(MANY, "second");
        for (Map.Entry<Desired, Integer> most :
                List.of(Map.entry(first, FIRST), Map.entry(second, CHANGE), Map.entry(second, 4))) {
            calls.clear();
            new Deployer(counted()).perform(new Request.Apply(most.getKey(), List.of(), SimSite.MANDATE), options());
            int trips = 0;
            for (Map.Entry<String, Integer> call : calls.entrySet()) {
                boolean several =
                        call.getKey().equals("Store.release") || call.getKey().equals("Store.releases");
                trips += call.getKey().startsWith("Store.") ? call.getValue() * (several ? 3 : 1) : 0;
            }
            assertTrue(trips <= most.getValue(), trips + " round trips: " + calls);
        }
    }

    @Test
    void aChangeOfOneServiceAsksForAllDefinitionsAtOnce() {
        SortedMap<String, Map<String, Object>> services = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            services.put("web" + i, Map.of("image", "web:1", "ports", Map.of("", 80L)));
        }
        site.process().deploy(SimSite.desired("wide", services, Map.of()));
        calls.clear();
        new Operations(counted()).plan(new Request.Scale("wide", Map.of("web0", 2), SimSite.MANDATE));
        assertNull(calls.get("Store.definition"), calls.toString());
        assertTrue(calls.get("Store.definitions") <= 2, calls.toString());
    }

    @Test
    void aPlanOfARollbackReadsHistoryOnce() {
        site.process().deploy(deployment(0, "second"));
        calls.clear();
        Operations.RollbackPlan planned = new Operations(counted())
                .planRollback(new Request.Rollback("d0", java.util.Optional.empty(), SimSite.MANDATE));
        assertEquals(1, planned.release());
        assertFalse(planned.plan().isEmpty());
        assertEquals(1, calls.get("Store.releases"), calls.toString());
    }

    private void assertLooks(int looks) {
        assertEquals(looks, calls.get("Engine.observe"), calls.toString());
        assertEquals(looks, calls.get("Engine.image"), calls.toString());
        assertEquals(looks, calls.get("Store.deployments"), calls.toString());
        assertEquals(looks, calls.get("Store.definitions"), calls.toString());
        assertEquals(looks, calls.get("Store.free"), calls.toString());
        assertEquals(looks, calls.get("Proxy.look"), calls.toString());
        assertTrue(calls.getOrDefault("Store.instructions", 0) <= looks, calls.toString());
        // What is left is what each deployment asks of settings alone.
        calls.keySet()
                .removeAll(List.of(
                        "Engine.observe",
                        "Engine.image",
                        "Engine.local",
                        "Store.deployments",
                        "Store.definitions",
                        "Store.free",
                        "Store.instructions",
                        "Proxy.look",
                        "Proxy.own"));
        assertEquals(Map.of(), calls);
    }

    private int changed(List<Outcome> outcomes) {
        return (int) outcomes.stream()
                .filter(outcome -> outcome.kind() != Outcome.Kind.NO_CHANGES)
                .count();
    }

    /** As one command over the file does it. */
    private List<Outcome> run() {
        Deployer deployer = new Deployer(counted());
        List<Outcome> outcomes = new ArrayList<>();
        for (Desired desired : file) {
            outcomes.add(deployer.perform(new Request.Apply(desired, siblings(desired), SimSite.MANDATE), options()));
        }
        return outcomes;
    }

    private List<Desired> siblings(Desired desired) {
        List<Desired> others = new ArrayList<>(file);
        others.remove(desired);
        return others;
    }

    private static DeployOptions options() {
        return DeployOptions.DEFAULT;
    }

    private Installation counted() {
        Installation plain = site.process().installation;
        return new Installation(
                plain.settings(),
                counting(Engine.class, plain.engine()),
                counting(Store.class, plain.store()),
                counting(Proxy.class, plain.proxy()),
                plain.prober(),
                plain.tasks(),
                plain.clock(),
                plain.events());
    }

    private <T> T counting(Class<T> port, T part) {
        return port.cast(java.lang.reflect.Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (self, method, arguments) -> {
                    calls.merge(port.getSimpleName() + "." + method.getName(), 1, Integer::sum);
                    try {
                        return method.invoke(part, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
