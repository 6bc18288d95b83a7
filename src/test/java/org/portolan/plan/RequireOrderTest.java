package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.service.Desired;
import org.portolan.operate.Request;
import org.portolan.sim.SimSite;

/** A plan names services in the order in which they can start. */
class RequireOrderTest {
    private final SimSite site = new SimSite(1);

    /** Each requires all that come after it by name: a chain of 40, to which there are 2^38 ways. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsRequiredComesFirstHoweverManyRequireIt() {
        site.engine.world().image("web:1", Behaviour.GOOD);
        List<String> names = new ArrayList<>();
        for (int i = 10; i < 50; i++) {
            names.add("s" + i);
        }
        Map<String, Map<String, Object>> services = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            services.put(
                    names.get(i), Map.of("image", "web:1", "require", List.copyOf(names.subList(i + 1, names.size()))));
        }
        Desired desired = SimSite.desired("shop", services, Map.of());
        Plan plan = site.process().operations().plan(new Request.Apply(desired, List.of(), SimSite.MANDATE));
        assertThat(plan.actions())
                .filteredOn(action -> names.contains(action.subject()))
                .extracting(Action::subject)
                .containsExactlyElementsOf(names.reversed());
    }
}
