package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.sim.SimSite;

class SnapshotTest {
    private final Installation plain = new SimSite(1).process().installation;

    /** Thrown where it happened, on another thread, it would leave an answer that is missing. */
    @Test
    void anErrorWhileLookingIsThrownAsItIs() {
        Installation broken = new Installation(
                plain.settings(),
                failing(),
                plain.store(),
                plain.proxy(),
                plain.prober(),
                ThreadTasks::new,
                plain.clock(),
                plain.events());
        assertThatThrownBy(() ->
                        Snapshot.of(broken, SimSite.desired("shop", Map.of("web", Map.of("image", "web:1")), Map.of())))
                .isInstanceOf(NoClassDefFoundError.class)
                .hasMessage("a class of the client");
    }

    private Engine failing() {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (self, method, arguments) -> {
                    if (method.getName().equals("observe")) {
                        throw new NoClassDefFoundError("a class of the client");
                    }
                    try {
                        return method.invoke(plain.engine(), arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
