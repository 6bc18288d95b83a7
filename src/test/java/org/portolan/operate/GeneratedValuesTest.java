package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GenerateSpec.Kind;
import org.portolan.model.service.GeneratedValue;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** A generated value is made once, kept, recovered from what was made with it, and never replaced behind a database. */
class GeneratedValuesTest extends SimShop {
    private static final GenerateSpec HEX = new GenerateSpec(Kind.HEX, 16);

    /** A service whose URL holds the value between other placeholders. */
    private static Desired shop(Map<String, GenerateSpec> generated, String url) {
        Desired plain = SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of(
                                "image",
                                "web:1",
                                "ports",
                                Map.of("http", 80L),
                                "cmd",
                                List.of("serve", "--id={DEPLOY_ID}"),
                                "env",
                                Map.of("URL", url))),
                Map.of("web", 2));
        return new Desired(
                "shop", plain.origin(), plain.services(), List.of(), "", new TreeMap<>(generated), new TreeMap<>());
    }

    private static Desired shop() {
        return shop(Map.of("Password", HEX), "redis://{DEPLOY_ID}:{Password}@cache");
    }

    private List<String> urls() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(container ->
                        site.engine.made(container.id()).orElseThrow().env().get("URL"))
                .distinct()
                .toList();
    }

    private List<GeneratedValue> kept(String name) {
        return site.process().installation.store().generated("shop").getOrDefault(name, List.of());
    }

    @Test
    void isMadeOnceAndIsNoSecretOfAnyMessage() {
        deploy(shop());

        String value = kept("Password").getLast().text();
        assertThat(HEX.matches(value)).isTrue();
        assertThat(urls()).containsExactly("redis://shop:" + value + "@cache");
        assertThat(site.reports).extracting(Event::message).noneMatch(message -> message.contains(value));
        assertThat(deploy(shop())).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(kept("Password")).hasSize(1);
    }

    @Test
    void aPlanMakesNone() {
        Request.Apply request = new Request.Apply(shop(), List.of(), SimSite.MANDATE);
        assertThat(site.process().operations().plan(request).needsRelease()).isTrue();
        assertThat(kept("Password")).isEmpty();
    }

    @Test
    void aSavedPlanOfAFirstDeployIsNotStaleForIt() {
        SimSite.Process process = site.process();
        Request.Apply request = new Request.Apply(shop(), List.of(), SimSite.MANDATE);
        String print = process.operations().plan(request).fingerprint();
        Request.Apply saved = new Request.Apply(
                shop(), List.of(), request.files(), Request.Apply.Terms.ORDINARY.with(print), SimSite.MANDATE);
        assertThat(process.perform(saved).kind()).isEqualTo(Outcome.Kind.DONE);
    }

    @Test
    void afterTheStoreOrItsKeyWasLostTheContainersTellIt() {
        deploy(shop());
        List<String> before = urls();
        int changes = site.engine.changes().size();

        site.store.loseKey();
        assertThat(deploy(shop())).isEqualTo(Outcome.Kind.NO_CHANGES);
        site.store.flush();
        assertThat(deploy(shop())).isEqualTo(Outcome.Kind.NO_CHANGES);

        assertThat(urls()).isEqualTo(before);
        assertThat(site.engine.changes()).hasSize(changes);
    }

    @Test
    void aValueThatWasSetIsRecoveredWhateverItsForm() {
        SimSite.Process process = site.process();
        process.perform(new Request.SetSecret("shop", "Password", "hunter-22", SimSite.MANDATE));
        deploy(shop());
        site.store.flush();
        assertThat(deploy(shop())).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(kept("Password").getLast().text()).isEqualTo("hunter-22");
    }

    @Test
    void whatStoodThereBeforeIsNotTakenForTheValue() {
        deploy(shop(Map.of(), "redis://shop:changeme@cache"));
        deploy(shop());
        assertThat(HEX.matches(kept("Password").getLast().text())).isTrue();
    }

    @Test
    void whereNothingTellsItItIsNotMadeAgainButMayBeSet() {
        deploy(shop());
        String value = kept("Password").getLast().text();
        site.store.flush();
        // Another text around it: no container shows the value in a place that the file has.
        Desired other = shop(Map.of("Password", HEX), "mysql://{Password}");

        assertThatThrownBy(() -> deploy(other))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("Password")
                .hasMessageContaining("lost");
        assertThat(kept("Password")).isEmpty();

        SimSite.Process process = site.process();
        process.perform(new Request.SetSecret("shop", "Password", value, SimSite.MANDATE));
        deploy(other);
        assertThat(urls()).containsExactly("mysql://" + value);
    }

    @Test
    void aNameThatIsNewInAKnownDeploymentIsMade() {
        deploy(shop(Map.of(), "redis://cache"));
        deploy(shop());
        assertThat(kept("Password")).hasSize(1);
    }

    @Test
    void aRotationReleasesTheNewValueAndARollbackTheOldOne() {
        deploy(shop());
        SimSite.Process process = site.process();
        String first = kept("Password").getLast().text();

        assertThat(process.perform(new Request.RotateSecret("shop", "Password", SimSite.MANDATE))
                        .kind())
                .isEqualTo(Outcome.Kind.DONE);
        String second = kept("Password").getLast().text();
        assertThat(second).isNotEqualTo(first);
        assertThat(urls()).containsExactly("redis://shop:" + second + "@cache");
        assertThat(deploy(shop())).isEqualTo(Outcome.Kind.NO_CHANGES);

        process.perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
        assertThat(urls()).containsExactly("redis://shop:" + first + "@cache");
    }

    @Test
    void aRotationThatIsRefusedKeepsTheValue() {
        deploy(shop());
        List.of("shop-web-1-1", "shop-web-1-2").forEach(site.engine.world()::vanish);
        assertThat(site.engine.removeImage(
                        site.engine.image("web:1").orElseThrow().id()))
                .isTrue();
        SimSite.Process process = site.process();

        assertThatThrownBy(() -> process.perform(new Request.RotateSecret("shop", "Password", SimSite.MANDATE)))
                .isInstanceOf(Failure.class);
        assertThat(kept("Password")).hasSize(1);
    }

    @Test
    void aRemovedDeploymentKeepsItAsItKeepsItsVolumes() {
        deploy(shop());
        String value = kept("Password").getLast().text();
        SimSite.Process process = site.process();
        process.perform(new Request.Remove("shop", false, SimSite.MANDATE));

        deploy(shop());
        assertThat(urls()).containsExactly("redis://shop:" + value + "@cache");
    }
}
