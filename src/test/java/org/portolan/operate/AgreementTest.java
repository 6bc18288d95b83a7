package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.NeedsConsent;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Lease;

/** Consent is part of a request: what lacks it is refused with what it needs, and asked for again with that. */
class AgreementTest extends SimShop {
    @Test
    void whatNeedsConsentIsRefusedWithItAndDoneWhenItIsNamed() {
        deploy(services("a", "b", "c"));

        NeedsConsent needs = needed(services("a"), Agreement.NONE);
        assertThat(needs.kind()).isEqualTo(Failure.Kind.NEEDS_CONSENT);
        assertThat(needs.needed()).hasSize(1).first().asString().contains("b", "c");
        assertThat(running()).containsExactly("shop-a-1-1", "shop-b-1-1", "shop-c-1-1");
        assertThat(site.process().installation.store().holder("shop"))
                .as("nobody waits for the answer")
                .isEmpty();

        assertThat(ask(services("a"), Agreement.NONE.and(needs.needed())).kind())
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-a-1-1");
    }

    @Test
    void whatChangedMeanwhileNeedsConsentAnew() {
        deploy(services("a", "b", "c"));
        List<String> first = needed(services("a"), Agreement.NONE).needed();
        deploy(services("a", "b", "c", "d"));

        Agreement old = Agreement.NONE.and(first);
        NeedsConsent again = needed(services("a"), old);
        assertThat(again.needed()).isNotEqualTo(first).first().asString().contains("d");
        assertThat(running()).hasSize(4);
        assertThat(ask(services("a"), old.and(again.needed())).kind()).isEqualTo(Outcome.Kind.DONE);
    }

    @Test
    void whatNeedsNoConsentIsDoneWithoutAny() {
        assertThat(ask(services("a", "b", "c"), Agreement.NONE).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(ask(services("a", "b"), Agreement.NONE).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThatThrownBy(() -> Agreement.NONE.and(List.of("x")).require(List.of("x", "y"), "say so"))
                .isInstanceOf(NeedsConsent.class);
    }

    @Test
    void aRemovalIsAgreedToByWhatIsLost() {
        deploy(SimSite.desired(
                "shop", Map.of("db", Map.of("image", "db:1", "volumes", Map.of("rows", "/rows"))), Map.of()));

        assertThat(lost(true, Agreement.NONE).needed())
                .startsWith("remove shop", "remove volume shop-db-rows with all data")
                .hasSize(2);
        NeedsConsent needs = lost(false, Agreement.NONE);
        assertThat(needs.needed()).containsExactly("remove shop");
        assertThat(running()).hasSize(1);
        assertThat(lost(true, Agreement.NONE.and(needs.needed())).needed())
                .as("consent to the removal is none to the loss of its data")
                .hasSize(2);

        Outcome outcome = remove(false, Agreement.NONE.and(needs.needed()), DeployOptions.DEFAULT);
        assertThat(outcome.keptVolumes()).contains("shop-db-rows");
        assertThat(running()).isEmpty();
    }

    @Test
    void whatCameWhileARemovalWaitedForTheLockIsNotLostWithoutConsent() {
        deploy(services("a", "b"));
        Agreement agreed = Agreement.NONE.and(lost(true, Agreement.NONE).needed());
        SimSite.Process busy = site.process();
        Lease held = busy.installation.store().acquire("shop", "works").orElseThrow();
        DeployOptions waiting = DeployOptions.DEFAULT.attended(() -> {
            site.engine.ensureVolume(new VolumeSpec(
                    "shop-a-new",
                    Map.of(Labels.INSTALLATION, "cafe0001", Labels.DEPLOYMENT, "shop", Labels.SERVICE, "a"),
                    "local",
                    Map.of()));
            held.close();
            return false;
        });

        assertThatThrownBy(() -> remove(true, agreed, waiting))
                .isInstanceOfSatisfying(NeedsConsent.class, needs -> assertThat(needs.needed())
                        .contains("remove volume shop-a-new with all data"));
        assertThat(running()).hasSize(2);
    }

    @Test
    void volumesAreRemovedOnlyWithConsent() {
        deploy(SimSite.desired(
                "shop", Map.of("db", Map.of("image", "db:1", "volumes", Map.of("rows", "/rows"))), Map.of()));
        remove(false, Agreement.EVERYTHING, DeployOptions.DEFAULT);
        List<String> name = List.of("shop-db-rows");

        NeedsConsent needs = catchThrowableOfType(NeedsConsent.class, () -> site.process()
                .perform(new Request.RemoveVolumes("shop", name, SimSite.MANDATE.agreeing(Agreement.NONE))));
        assertThat(needs.needed()).containsExactly("remove volume shop-db-rows of shop with all data");
        assertThat(site.engine.world().volumeNames()).contains("shop-db-rows");

        Mandate agreed = SimSite.MANDATE.agreeing(Agreement.NONE.and(needs.needed()));
        site.process().perform(new Request.RemoveVolumes("shop", name, agreed));
        assertThat(site.engine.world().volumeNames()).doesNotContain("shop-db-rows");
    }

    private NeedsConsent lost(boolean volumes, Agreement agreed) {
        NeedsConsent needs =
                catchThrowableOfType(NeedsConsent.class, () -> remove(volumes, agreed, DeployOptions.DEFAULT));
        assertThat(needs).isNotNull();
        return needs;
    }

    private Outcome remove(boolean volumes, Agreement agreed, DeployOptions options) {
        return site.process().perform(new Request.Remove("shop", volumes, SimSite.MANDATE.agreeing(agreed)), options);
    }

    private Outcome ask(Desired desired, Agreement agreed) {
        return site.process().perform(new Request.Apply(desired, List.of(), SimSite.MANDATE.agreeing(agreed)));
    }

    private NeedsConsent needed(Desired desired, Agreement agreed) {
        NeedsConsent needs = catchThrowableOfType(NeedsConsent.class, () -> ask(desired, agreed));
        assertThat(needs).isNotNull();
        return needs;
    }

    private static Desired services(String... names) {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        for (String name : names) {
            services.put(name, Map.of("image", "redis:1", "ports", Map.of("", 6379L)));
        }
        return SimSite.desired("shop", services, Map.of());
    }
}
