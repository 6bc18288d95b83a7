package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.Platform;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** What an image must be built for: asked of the registry, and of the image that is there before anything starts. */
class PlatformTest extends SimShop {
    private static final Platform AMD = Platform.of("linux", "amd64", "");
    private static final Platform ARM = Platform.of("linux", "arm64", "");

    private static Desired web(String image, String platform, String pull) {
        Map<String, Object> keys = new TreeMap<>(Map.of("image", image, "ports", Map.of("http", 80L)));
        if (!platform.isEmpty()) {
            keys.put(Platform.KEY, platform);
        }
        if (!pull.isEmpty()) {
            keys.put("pull", pull);
        }
        return SimSite.desired("shop", Map.of("web", keys), Map.of());
    }

    @ParameterizedTest
    @CsvSource({"''", "never"})
    void anImageForAnotherPlatformIsRefusedBeforeAnythingStarts(String pull) {
        site.engine.world().builtFor("web:1", AMD);
        assertThatThrownBy(() -> deploy(web("web:1", "linux/arm64", pull)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(
                        "service web: the image web:1 on the engine is for linux/amd64, not for linux/arm64");
        assertThat(site.engine.changes()).isEmpty();
        assertThat(deploy(web("web:1", "linux/amd64", pull))).isEqualTo(Outcome.Kind.DONE);
        assertThat(deploy(web("web:1", "linux/amd64", pull))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void theImageOfThePlatformIsPulledWhereThePresentOneIsForAnother() {
        site.engine.world().builtFor("web:1", AMD);
        String id = site.engine.world().registry("web:1", ARM, Behaviour.GOOD);
        assertThat(deploy(web("web:1", "linux/arm64", "always"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.engine.image("web:1").orElseThrow().id()).isEqualTo(id);
        assertThat(running()).containsExactly("shop-web-1-1");
    }

    @Test
    void aRegistryThatHasAnotherPlatformAloneIsRefusedBeforeAnythingStarts() {
        site.engine.world().registry("far:1", Behaviour.GOOD, 80);
        site.engine.world().registry("far:1", ARM, Behaviour.GOOD);
        assertThat(deploy(web("far:1", "linux/arm64", ""))).isEqualTo(Outcome.Kind.DONE);
        site.engine.world().registry("near:1", Behaviour.GOOD, 80);
        site.engine.pull("near:1", line -> {});
        site.engine.world().builtFor("near:1", AMD);
        assertThatThrownBy(() -> deploy(web("near:1", "linux/arm64", "always")))
                .hasMessageContaining("the registry's image near:1 is for linux/amd64, not for linux/arm64");
        assertThat(running()).containsExactly("shop-web-1-1");
    }

    @Test
    void itIsAPartOfTheVersionOnlyWhereItIsSaid() {
        Definition plain = Definition.of(Map.of("image", "web"));
        assertThat(plain.with(Platform.KEY, "linux/arm64").hash()).isNotEqualTo(plain.hash());
    }

    @ParameterizedTest
    @CsvSource({
        "linux/arm64, linux/aarch64, true",
        "linux/arm64, linux/arm64/v8, true",
        "linux/amd64, linux/x86_64, true",
        "linux/arm/v7, linux/arm/7, true",
        "linux/arm/v7, linux/arm, true",
        "linux/arm/v7, linux/arm/v6, false",
        "linux/arm64, linux/arm, false",
        "linux/arm64, windows/arm64, false"
    })
    void platformsAreComparedByWhatTheyMean(String one, String other, boolean same) {
        Platform wanted = Platform.parse(one).orElseThrow();
        assertThat(Platform.parse(other).orElseThrow().is(wanted)).isEqualTo(same);
        assertThat(Platform.parse("arm64")).isEmpty();
        assertThat(Platform.parse("Linux/arm64")).isEmpty();
    }
}
