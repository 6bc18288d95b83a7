package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.Release;
import org.portolan.release.Outcome;

/** Who asks, and why, is kept with what was asked for, and says what may be done. */
class MandateTest extends SimShop {
    private static Mandate because(String reason) {
        return new Mandate(new Caller.Person("ada@host"), reason, Agreement.EVERYTHING);
    }

    @Test
    void historyKeepsWhoAskedAndWhy() {
        site.process().perform(new Request.Apply(shop("1", 1), List.of(), because("  new\n  prices ")));
        site.process().perform(new Request.Scale("shop", Map.of("web", 2), because("sale")));
        site.process().perform(new Request.Restart("shop", java.util.Set.of("web"), because("")));

        assertThat(site.process().installation.store().releases("shop", 10))
                .extracting(Release::cause)
                .containsExactly("restart", "scale: sale", "new prices");
        assertThat(site.process().installation.store().releases("shop", 10))
                .extracting(Release::who)
                .containsOnly("ada@host");
    }

    @Test
    void aRollbackWithAReasonIsKnownAsOne() {
        deploy(shop("1", 1));
        deploy(shop("2", 1));
        deploy(shop("3", 1));
        Request.Rollback back = new Request.Rollback("shop", Optional.empty(), because("prices: wrong"));

        site.process().perform(back);
        assertThat(site.process().installation.store().releases("shop", 1))
                .extracting(Release::cause)
                .containsExactly("rollback to 2: prices: wrong");
        assertThat(site.process().operations().planRollback(back).release()).isEqualTo(1);
    }

    @Test
    void aHookRetriesAFailedCommitOnlyIfItMay() {
        deploy(shop("1", 1));
        Desired commit = of("c1", shop("bad", 1));
        assertThatThrownBy(() -> hook(commit, false)).hasMessageContaining("failed");

        assertThatThrownBy(() -> hook(commit, false)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.REFUSED);
            assertThat(failure.what()).contains("failed before and is not retried automatically");
        });
        assertThatThrownBy(() -> hook(commit, true))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.FAILED));
    }

    @Test
    void aHookTakesOverNoOtherSourcesDeployment() {
        deploy(shop("1", 1));
        Desired other = shop("2", 1);
        Desired fork = new Desired(
                "shop", Origin.of(new SourceId("file:///fork", "Servicefile")), other.services(), List.of(), "");

        assertThatThrownBy(() -> hook(fork, true)).hasMessageContaining("an automatic deploy from");
        assertThat(deploy(fork)).isEqualTo(Outcome.Kind.DONE);
    }

    private Outcome hook(Desired desired, boolean retries) {
        Mandate mandate = new Mandate(new Caller.Hook("hook@sim", retries), "", Agreement.EVERYTHING);
        return site.process().perform(new Request.Apply(desired, List.of(), mandate));
    }

    private static Desired of(String commit, Desired desired) {
        Origin origin =
                new Origin(desired.origin().source(), Optional.of(commit), false, Optional.empty(), Optional.empty());
        return new Desired("shop", origin, new TreeMap<>(desired.services()), List.of(), "");
    }
}
