package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An installation whose deployment {@code shop} serves, for tests of what must not disturb it. */
abstract class DeployedShop {
    TrialSite site;
    List<String> before;

    @BeforeEach
    void open() {
        site = TrialSite.open();
        site.writeWeb("shop", "web:1", "one");
        site.run("deploy", "shop").exits(0);
        before = site.containers("shop");
    }

    @AfterEach
    void close() {
        site.close();
    }

    /** The same containers serve, none started again. */
    void servesUntouched() {
        assertThat(site.containers("shop")).isEqualTo(before);
        assertThat(site.get("shop.test").body()).startsWith("one v1 ");
    }
}
