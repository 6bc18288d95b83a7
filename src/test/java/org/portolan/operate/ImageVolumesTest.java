package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** What an image declares as a volume and the file does not name holds data all the same: each number keeps its own. */
class ImageVolumesTest extends SimShop {
    private static final String PATH = "/var/lib/db";

    @BeforeEach
    void declare() {
        for (String image : List.of("db:1", "db:2", "db:bad")) {
            site.engine.world().declareVolumes(image, PATH);
        }
    }

    private static Desired db(String tag, int scale) {
        return SimSite.desired("shop", Map.of("db", Map.of("image", "db:" + tag)), Map.of("db", scale));
    }

    /** The volumes of those that run. */
    private Set<String> volumes() {
        Set<String> volumes = new TreeSet<>();
        for (Container container : site.engine.observe().containers()) {
            if (container.state() == Container.State.RUNNING) {
                assertThat(volumes.add(container.volumes().getOrDefault(PATH, "none")))
                        .as("its own")
                        .isTrue();
            }
        }
        return volumes;
    }

    @Test
    void aNewVersionGoesOnWithTheSameDataAndNeverRunsBesideTheOld() {
        deploy(db("1", 2));
        assertThat(volumes()).isEqualTo(Set.of("shop-db-1_var_lib_db", "shop-db-2_var_lib_db"));
        int before = site.engine.changes().size();

        deploy(db("2", 2));

        assertThat(running()).containsExactly("shop-db-2-1", "shop-db-2-2");
        assertThat(volumes()).isEqualTo(Set.of("shop-db-1_var_lib_db", "shop-db-2_var_lib_db"));
        List<String> steps = site
                .engine
                .changes()
                .subList(before, site.engine.changes().size())
                .stream()
                .map(Object::toString)
                .filter(step -> step.startsWith("stop") || step.startsWith("start"))
                .toList();
        assertThat(steps.getFirst()).startsWith("stop");
        assertThat(site.engine.world().volumeNames()).hasSize(2);
    }

    @Test
    void whatTheEngineNamedIsTakenOverByWhatComesNext() {
        deploy(db("1", 2));
        site.engine.world().forgetVolumeNames();
        Set<String> named = volumes();
        int changes = site.engine.changes().size();

        assertThat(deploy(db("1", 2))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.engine.changes()).hasSize(changes);

        SimSite.Process process = site.process();
        process.perform(new Request.Stop("shop", Set.of("db"), SimSite.MANDATE));
        assertThat(volumes()).isEmpty();
        process.perform(new Request.Start("shop", Set.of("db"), SimSite.MANDATE));
        assertThat(volumes()).isEqualTo(named);

        assertThatThrownBy(() -> deploy(db("bad", 2))).isInstanceOf(Failure.class);
        assertThat(volumes()).isEqualTo(named);

        process.perform(new Request.Scale("shop", Map.of("db", 1), SimSite.MANDATE));
        deploy(db("2", 2));
        assertThat(volumes()).isEqualTo(named);
        process.perform(new Request.Restart("shop", Set.of(), SimSite.MANDATE));
        assertThat(volumes()).isEqualTo(named);

        assertThat(process.perform(new Request.Remove("shop", false, SimSite.MANDATE))
                        .keptVolumes())
                .containsExactlyInAnyOrderElementsOf(named);
        assertThat(site.engine.world().volumeNames()).containsAll(named);
    }

    @Test
    void removedWithItsVolumesItLeavesNone() {
        deploy(db("1", 1));
        site.engine.world().forgetVolumeNames();
        deploy(db("1", 2));
        SimSite.Process process = site.process();
        process.perform(new Request.Remove("shop", true, SimSite.MANDATE));
        assertThat(site.engine.world().volumeNames()).isEmpty();
    }
}
