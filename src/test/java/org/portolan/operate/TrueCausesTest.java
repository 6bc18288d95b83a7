package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** A message names what was in the way, not what it looked like. */
class TrueCausesTest extends SimShop {
    @Test
    void aStoreThatRefusesIsNotALockThatSomebodyTook() {
        deploy(shop("1", 1));
        Failure full = new Failure(Kind.UNREACHABLE, "the store refused: MISCONF Redis cannot write")
                .withHint("its disk or memory is full; free some and run again");

        assertThatThrownBy(() -> site.process().deploy(shop("2", 1), () -> {
                    if (running().contains("shop-web-2-1")) {
                        site.store.refuseRenewals(full);
                    }
                    return false;
                }))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what())
                            .contains(": the store refused: MISCONF")
                            .doesNotContain("was lost");
                    assertThat(failure.kind()).isEqualTo(Kind.FENCED);
                });
    }

    @Test
    void whatTheEngineCannotDoIsSaidOnce() {
        deploy(shop("1", 1));
        AtomicBoolean taken = new AtomicBoolean();

        assertThatThrownBy(() -> site.process().deploy(shop("2", 1), () -> {
                    if (!taken.getAndSet(true)) {
                        site.engine.world().foreign("shop-web-2-1", Map.of());
                    }
                    return false;
                }))
                .hasMessageContaining("cannot create shop-web-2-1: the name is taken")
                .hasMessageNotContaining("cannot create shop-web-2-1: cannot create");
    }
}
