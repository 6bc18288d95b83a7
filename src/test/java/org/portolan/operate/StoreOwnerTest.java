package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure.Kind;
import org.portolan.release.StoreOwner;
import org.portolan.sim.SimSite;
import org.portolan.store.StoreException;

/** A second machine that is given the first one's store, and a machine that lost its own id. */
class StoreOwnerTest extends SimShop {
    private static final String FIRST = "cafe0001";

    private static void assertForeign(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, told -> assertThat(told.kind()).isEqualTo(Kind.CONFLICT))
                .hasMessageContaining(FIRST)
                .hasMessageContaining(why);
    }

    @Test
    void aFreshMachineDoesNotBecomeTheOneWhoseStoreItFinds() {
        deploy(shop("1", 1));
        SimSite other = new SimSite(2);
        assertForeign(() -> StoreOwner.recover(site.store.connect("other"), other.engine), "nothing on this engine");
    }

    @Test
    void aMachineThatLostItsIdTakesItBack() {
        deploy(shop("1", 1));
        assertThat(StoreOwner.recover(site.store.connect("again"), site.engine)).contains(FIRST);
    }

    @Test
    void anEmptyStoreIsNobodys() {
        assertThat(StoreOwner.recover(site.store.connect("first"), site.engine)).isEmpty();
        StoreOwner.check(site.store.connect("first"), FIRST);
    }

    @Test
    void whoHasAnIdOfItsOwnIsRefusedBeforeItReads() {
        deploy(shop("1", 1));
        StoreOwner.check(site.store.connect("same"), FIRST);
        assertForeign(() -> StoreOwner.check(site.store.connect("other"), "0badcafe"), "this is installation 0badcafe");
        assertThat(List.of(running())).isNotEmpty();
    }
}
