package org.portolan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;

/** What holds whatever happens: asked before every call, after every step and at the end of a {@link History}. */
final class HistoryPromises {
    private final SimSite site;
    private final Set<String> volumes = new HashSet<>();
    private int most = 2;

    HistoryPromises(SimSite site) {
        this.site = site;
    }

    /** So many instances there may be from now on, and no more volumes than the most there ever were. */
    void mostInstances(int scale) {
        most = Math.max(most, scale);
    }

    /** From now on others count. */
    void forgetVolumes() {
        volumes.clear();
        assertVolumes();
    }

    /** Those that no container shows are not known any more. */
    void forgetLostVolumes() {
        Set<String> there = new HashSet<>();
        instances().forEach(container -> there.add(container.volumes().getOrDefault("/data", "none")));
        volumes.retainAll(there);
    }

    /** Before every call: nothing that the proxy still sends traffic to is stopped. */
    void before(SimEngine.Call call) {
        if (!call.verb().equals("stop")) {
            return;
        }
        Optional<InstanceId> id = site.engine.world().all().stream()
                .filter(container -> container.id().equals(call.subject())
                        || container.name().equals(call.subject()))
                .filter(container -> container.state() == Container.State.RUNNING)
                .findFirst()
                .flatMap(Container::instance);
        id.ifPresent(instance -> {
            boolean routed = site.proxy.applied("shop").stream()
                    .flatMap(part -> part.backends().stream())
                    .flatMap(backend -> backend.servers().stream())
                    .anyMatch(server -> server.instance().equals(instance) && server.state() == RouteSet.State.READY);
            assertThat(routed)
                    .as("%s is stopped while the proxy sends it traffic", instance)
                    .isFalse();
        });
    }

    List<Container> instances() {
        return site.engine.world().all().stream()
                .filter(container -> container.name().startsWith("shop-web"))
                .toList();
    }

    /** Instances take the volumes that their image declares over from each other: no more than instances ever were. */
    private void assertVolumes() {
        instances().forEach(container -> volumes.add(container.volumes().getOrDefault("/data", "none")));
        assertThat(volumes).hasSizeLessThanOrEqualTo(most);
    }

    void always() {
        assertVolumes();
        assertThat(site.engine.world().foreignUntouched())
                .as("foreign containers are untouched")
                .isTrue();
        long web = site.engine.world().all().stream()
                .filter(container -> container.name().startsWith("shop-web"))
                .filter(container -> container.state() == Container.State.RUNNING)
                .count();
        assertThat(web).as("no more than two sets").isLessThanOrEqualTo(3 + 3 + 2);
    }

    void atTheEnd(int scale) {
        // What the engine restarts by itself comes back after a pause.
        site.clock.advance(Duration.ofMinutes(2));
        assertThat(site.proxy.defects()).as("the proxies after the last deploy").isEmpty();
        List<Container> left = site.engine.world().all().stream()
                .filter(container -> container.name().startsWith("shop-"))
                .toList();
        assertThat(left).allMatch(container -> container.state() == Container.State.RUNNING);
        assertThat(left).hasSize(scale + 1);
        assertThat(left).allMatch(container -> container.restart().equals("unless-stopped"));
        assertThat(site.proxy.serving("shop", "web")).hasSize(scale);
        assertThat(instances().stream().map(Container::volumes).distinct())
                .as("each instance has a volume of its own")
                .hasSize(scale);
        assertThat(site.proxy.serving("shop", "redis")).hasSize(1);
        always();
    }
}
