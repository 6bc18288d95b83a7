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
import org.portolan.model.service.Desired;
import org.portolan.release.Agreement;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

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

    private Outcome ask(Desired desired, Agreement agreed) {
        return new Deployer(site.process().installation)
                .deploy(desired, List.of(), DeployOptions.by("tester@sim").agreeing(agreed));
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
