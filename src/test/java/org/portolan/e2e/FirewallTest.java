package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A packet filter that keeps containers from the mesh, in the sandbox's own network. */
@Tag("e2e")
class FirewallTest {
    /** As a firewall that lets in only what was asked for: answers to this machine pass. */
    private static final String RULE = "INPUT -i br-+ -p tcp --syn -j DROP";

    private final List<String> made = new ArrayList<>();

    @AfterEach
    void open() {
        made.forEach(rule -> iptables("-D " + rule));
    }

    private static String iptables(String arguments) {
        return Program.start(
                        java.nio.file.Path.of("/"),
                        Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                        List.of(("iptables " + arguments).split(" ", -1)))
                .end()
                .exits(0)
                .out();
    }

    private void rule(String rule) {
        iptables("-I " + rule);
        made.add(rule);
    }

    @Test
    void doctorAndTheFirstDeployNameTheRuleThatIsMissing() {
        try (TrialSite site = TrialSite.open()) {
            site.run("doctor").exits(0).prints("checked only the rules (no instance is running to test it)");
            site.writeWeb("shop", "web:1", "one");
            site.run("deploy", "shop").exits(0).printsNot("warning");
            site.run("doctor").prints("containers reach the mesh at ", "(tested from shop-web-1-1, in its network)");

            rule(RULE);
            site.run("doctor")
                    .exits(0)
                    .prints(
                            "containers cannot reach the mesh at ",
                            "a rule here: -A INPUT -i br-+ -p tcp",
                            "Allow it: iptables -I INPUT -s 10.201.0.0/16 -p tcp --dport 15000:19999 -j ACCEPT");

            site.writeWeb("other", "web:1", "one");
            Ran first = site.run("deploy", "other")
                    .exits(0)
                    .prints(
                            "warning: containers cannot reach the mesh at ",
                            "(tested from other-web-1-1, in its network)");
            site.writeWeb("other", "web:2", "two");
            site.run("deploy", "other").exits(0).printsNot("warning");

            Matcher command = Pattern.compile("Allow it: iptables -I (.*)").matcher(first.out() + first.err());
            assertThat(command.find()).isTrue();
            rule(command.group(1));
            site.run("doctor").exits(0).prints("containers reach the mesh at ");
        }
    }

    @Test
    void withoutAnInstanceTheRulesAreReadAndItSaysSo() {
        try (TrialSite site = TrialSite.open()) {
            rule(RULE);
            site.run("doctor")
                    .exits(0)
                    .prints("containers may be unable to reach the mesh: -A INPUT", "checked only the rules");
        }
    }
}
