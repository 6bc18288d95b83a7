package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Single commands in containers of a service's version. */
@Tag("e2e")
class RunTest {
    private static TrialSite site;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
        site.writeWeb("shop", "web:1", "one");
        site.run("deploy", "shop").exits(0);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @Test
    void printsExitsAndLeavesNothing() {
        site.run("-D", "shop", "run", "web", "--", "/bin/sh", "-c", "echo $MESSAGE of $DEPLOY_ID; exit 7")
                .exits(7)
                .prints("one of shop");
        site.run("-D", "shop", "run", "-i", "web", "/bin/cat").exits(0);
        site.run("-D", "shop", "run", "web", "-i", "--", "/bin/cat").exits(0);
        site.run("run", "web", "-D", "shop", "--", "/bin/cat").exits(2).prints("unknown option -D behind the service");
        assertThat(site.names("shop")).containsExactly("shop-web-1-1");
        site.run("-D", "shop", "run", "wep", "/bin/cat").exits(2).prints("has no service wep", "did you mean web?");
    }

    @Test
    void endsWithItsCaller() {
        Program stopped = site.start("-D", "shop", "run", "web", "/bin/sh", "-c", "echo up; sleep 100");
        stopped.printed("up");
        assertThat(site.names("shop")).hasSize(2);
        site.run("list").exits(0).printsExactly("shop\n    web\n        running  instance shop-web-1-1  version 1\n");
        stopped.signal("TERM");
        stopped.end();
        assertThat(site.names("shop")).containsExactly("shop-web-1-1");

        Program killed = site.start("-D", "shop", "run", "web", "/bin/sh", "-c", "echo up; sleep 100");
        killed.printed("up");
        killed.signal("KILL");
        killed.end();
        // Nobody runs a command: what waited for its end removes the container.
        Waiting.until("the container of the killed run is removed", () -> site.engine()
                .docker("ps", "-aq", "--filter", "label=org.portolan.run")
                .isBlank());
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
        site.run("-D", "shop", "scale", "web=2").exits(0);
        assertThat(site.names("shop")).containsExactly("shop-web-1-1", "shop-web-1-2");
        site.run("-D", "shop", "scale", "web=1").exits(0);
    }
}
