package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Request;
import org.portolan.sim.SimSite;

/** What can be changed from the page: that it is what was seen, and what becomes of it. */
@Timeout(60)
class PageChangesTest extends PageTest {
    private static final String SHOP = "/deployments/shop";
    private static final String WEB = SHOP + "/services/web";

    private DeploymentState shop() {
        return api.installation.store().deployment("shop").orElseThrow();
    }

    private int scale() {
        return shop().services().get("web").scale();
    }

    @Test
    void aServiceIsScaledByWhoMayDeploy() {
        String reader = signedIn(ApiSite.READ);
        String seen = page(reader, SHOP).body();
        assertThat(seen).doesNotContain("/scale", "Change web", "Restart");
        String keeper = signedIn(ApiSite.SHOP_ONLY);
        Map<String, String> form = fields(page(keeper, SHOP).body(), WEB + "/scale");
        assertThat(form).containsEntry("count", "2").containsEntry("from", "2");

        Map<String, String> stolen = new LinkedHashMap<>(form);
        stolen.put("csrf", csrf(seen));
        assertThat(send(reader, WEB + "/scale", stolen).statusCode()).isEqualTo(409);
        assertThat(scale()).isEqualTo(2);

        form.put("count", "3");
        form.put("reason", "sale");
        String after = ended(keeper, send(keeper, WEB + "/scale", form));
        assertThat(after).contains("Your change is made as release 3.", "3 of 3");
        assertThat(scale()).isEqualTo(3);
        assertThat(api.installation.store().releases("shop", 1).getFirst().who())
                .isEqualTo("shopkeeper");
        assertThat(page(signedIn(ApiSite.ADMIN), SHOP + "?change=" + "0123").body())
                .as("of nobody's change nothing is said")
                .doesNotContain("Your change");
    }

    @Test
    void nobodyUndoesWhatTheyDidNotSee() {
        String boss = signedIn(ApiSite.ADMIN);
        Map<String, String> form = fields(page(boss, SHOP).body(), WEB + "/scale");
        api.site.process().perform(new Request.Scale("shop", Map.of("web", 5), SimSite.MANDATE));
        form.put("count", "4");

        HttpResponse<String> refused = send(boss, WEB + "/scale", form);
        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body())
                .contains("shop has changed since this page was made", "href=\"/deployments/shop\">Back to shop");
        form.remove("seen");
        assertThat(send(boss, WEB + "/scale", form).statusCode()).isEqualTo(412);
        for (String path : List.of(WEB + "/stop", WEB + "/restart", SHOP + "/unpin", SHOP + "/rollback")) {
            form.put("to", "1");
            assertThat(send(boss, path, form).statusCode()).as(path).isEqualTo(412);
        }
        assertThat(scale()).isEqualTo(5);
        assertThat(shop().lastRelease()).isEqualTo(3);
    }

    @Test
    void aNumberThatNobodyCanMeanIsRefused() {
        String boss = signedIn(ApiSite.ADMIN);
        Map<String, String> form = fields(page(boss, SHOP).body(), WEB + "/scale");
        for (String count : List.of("", "-1", "3.5", "10001", "99999999999", "many")) {
            form.put("count", count);
            assertThat(send(boss, WEB + "/scale", form).statusCode()).as(count).isEqualTo(400);
        }
        form.put("count", "3");
        form.put("reason", "x".repeat(300));
        assertThat(send(boss, WEB + "/scale", form).statusCode()).isEqualTo(400);
        assertThat(send(boss, SHOP + "/services/none/stop", form).statusCode()).isEqualTo(400);
        form.put("reason", "");
        assertThat(send(boss, SHOP + "/services/none/stop", form).statusCode()).isEqualTo(404);
        assertThat(shop().lastRelease()).isEqualTo(2);
    }

    @Test
    void aServiceIsStoppedStartedAndRestarted() {
        String boss = signedIn(ApiSite.ADMIN);
        String html =
                ended(boss, send(boss, WEB + "/stop", fields(page(boss, SHOP).body(), WEB + "/scale")));
        assertThat(html).contains("formaction=\"" + WEB + "/start\"", "stopped").doesNotContain(WEB + "/stop\"");
        assertThat(shop().stopped()).containsExactly("web");

        html = ended(boss, send(boss, WEB + "/start", fields(html, WEB + "/scale")));
        assertThat(html).contains("formaction=\"" + WEB + "/stop\"", "2 of 2");
        assertThat(shop().stopped()).isEmpty();

        List<String> before = containers();
        ended(boss, send(boss, WEB + "/restart", fields(html, WEB + "/scale")));
        assertThat(containers()).hasSameSizeAs(before).doesNotContainAnyElementsOf(before);
    }

    private List<String> containers() {
        return api.site.engine.observe().containers().stream()
                .filter(each -> each.name().startsWith("shop-web"))
                .map(each -> each.id())
                .toList();
    }

    private static Desired canary(String tag) {
        Map<String, Object> steps = Map.of(
                "strategy",
                "canary",
                "steps",
                List.of(Map.of("weight", 20L, "promote", true), Map.of("weight", 50L, "promote", true)));
        Map<String, Object> web = Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "rollout", steps);
        return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
    }

    @Test
    void aCanaryIsPromotedAtTheStepThatWasSeen() {
        String boss = signedIn(ApiSite.ADMIN);
        AtomicInteger rounds = new AtomicInteger();
        AtomicReference<Map<String, String>> first = new AtomicReference<>();
        AtomicReference<String> read = new AtomicReference<>("");
        AtomicInteger stale = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        api.site.process().deploy(canary("1"), () -> {
            int round = rounds.incrementAndGet();
            if (round == 200) {
                String html = page(boss, SHOP).body();
                read.set(html);
                first.set(fields(html, SHOP + "/promote"));
                assertThat(send(boss, SHOP + "/promote", first.get()).statusCode())
                        .isEqualTo(303);
            }
            if (round == 400) {
                stale.set(send(boss, SHOP + "/promote", first.get()).statusCode());
                Map<String, String> now = fields(page(boss, SHOP).body(), SHOP + "/promote");
                second.set(send(boss, SHOP + "/promote", now).statusCode());
            }
            return round > 3000;
        });
        assertThat(read.get())
                .contains("web version 3: step 1, 20 % of the traffic", "A release is in progress", "releasing");
        assertThat(stale.get()).as("the second step was not seen").isEqualTo(412);
        assertThat(second.get()).isEqualTo(303);
        assertThat(shop().running()).isEmpty();
        assertThat(page(boss, SHOP).body()).doesNotContain("/promote\"");
    }

    @Test
    void aRollbackIsHeldUntilItIsUnpinned() {
        String boss = signedIn(ApiSite.ADMIN);
        String html = page(boss, SHOP).body();
        assertThat(html).doesNotContain("/unpin\"").contains("Roll back to release 1");
        html = ended(boss, send(boss, SHOP + "/rollback", fields(html, SHOP + "/rollback")));
        assertThat(html).contains("pinned to release 1", "Your change is made as release 3");
        html = ended(boss, send(boss, SHOP + "/unpin", fields(html, SHOP + "/unpin")));
        assertThat(html).contains("Your change is made.").doesNotContain("pinned to release 1");
        Map<String, String> there = fields(page(boss, SHOP + "/releases/2").body(), SHOP + "/rollback");
        assertThat(there).containsEntry("to", "2");
    }

    @Test
    void aSourceIsNamedInTheFormAndInTheAuditLog() {
        String name = "fleet:hosts/one/Servicefile";
        stands(Standing.unknown(Subject.SOURCE, name, Instant.EPOCH)
                .with(Condition.PENDING_APPROVAL, "removes shop", Instant.EPOCH)
                .asking("77aa01"));
        String boss = signedIn(ApiSite.ADMIN);
        String html = page(boss, "/sources").body();
        Map<String, String> form = fields(html, "/sources/approve");
        assertThat(form).containsEntry("source", name).containsEntry("id", "77aa01");
        assertThat(send(boss, "/sources/approve", form).statusCode()).isEqualTo(303);
        assertThat(api.installation.store().instructions())
                .extracting(Instruction::name)
                .containsExactly(name);
        assertThat(api.recorded)
                .extracting(Event::data)
                .filteredOn(ChangeRequested.class::isInstance)
                .last()
                .isInstanceOfSatisfying(ChangeRequested.class, asked -> assertThat(asked.message("", 0))
                        .contains("/sources/" + name + "/approve"));
        form.put("source", "nobody\nfollows");
        assertThat(send(boss, "/sources/suspend", form).statusCode()).isEqualTo(404);
        assertThat(send(signedIn(ApiSite.SHOP_ONLY), "/sources/suspend", form).statusCode())
                .isEqualTo(409);
    }

    @Test
    void whoApprovesSeesThePlanAndApprovesJustThat() {
        Desired files = ApiSite.shop("3", 4);
        api.site.engine.world().image("web:3", Behaviour.GOOD, 80);
        stands(Standing.unknown(Subject.DEPLOYMENT, "shop", Instant.EPOCH)
                .with(Condition.PENDING_APPROVAL, "takes over shop from other", Instant.EPOCH)
                .asking("5f2c0a"));
        api.declared.put("site", List.of(files));
        String boss = signedIn(ApiSite.ADMIN);
        String html = page(boss, SHOP).body();
        assertThat(html).contains("Not deployed yet", "of source site", "web", "image");
        assertThat(page(signedIn(ApiSite.SHOP_ONLY), SHOP).body())
                .contains("Not deployed yet")
                .doesNotContain("of source site");
        Map<String, String> form = fields(html, SHOP + "/approve");
        assertThat(form.get("plan")).isNotEmpty();

        api.declared.put("site", List.of(ApiSite.shop("3", 9)));
        HttpResponse<String> refused = send(boss, SHOP + "/approve", form);
        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body()).contains("what would be deployed of shop has changed meanwhile");
        assertThat(api.installation.store().instructions()).isEmpty();

        api.declared.put("site", List.of(files));
        assertThat(send(boss, SHOP + "/approve", form).statusCode()).isEqualTo(303);
        assertThat(api.installation.store().instructions()).hasSize(1);
    }

    @Test
    void howTheConfigurationStandsIsShownToWhoMaySeeAll() {
        Instant since = Instant.parse("2026-11-28T06:00:00Z");
        Standing failing = Standing.unknown(Subject.CONFIGURATION, "/etc/portolan.yaml", since)
                .with(
                        Condition.FAILING,
                        "not taken over, what was read before stays in force: portolan.yaml:3:1: unknown key polll",
                        since);
        stands(failing);
        String reader = signedIn(ApiSite.READ);
        assertThat(page(reader, "/").body()).contains("<h2 id=\"controller\">", "unknown key polll", "failing since");
        assertThat(page(reader, "/sources").body())
                .contains(
                        "not taken over", "unknown key polll", "datetime=\"2026-11-28T06:00:00Z\"", "Correct the file");
        String keeper = signedIn(ApiSite.SHOP_ONLY);
        assertThat(page(keeper, "/").body()).doesNotContain("/etc/portolan.yaml");
        assertThat(page(keeper, "/sources").body()).doesNotContain("/etc/portolan.yaml");

        stands(failing.with(Condition.DRIFT, "in force after a restart: api.port", since));
        assertThat(page(reader, "/sources").body()).contains("needs a restart", "api.port");
        stands(failing.with(Condition.OK, "", since));
        assertThat(page(reader, "/sources").body()).contains("in force");
        assertThat(page(reader, "/").body()).doesNotContain("id=\"controller\"");
        stands(Standing.unknown(Subject.CONTROLLER, "api", since)
                .with(Condition.FAILING, "the API's new certificate cannot be used", since));
        assertThat(page(reader, "/").body()).contains("id=\"controller\"", "new certificate cannot be used");
        assertThat(page(keeper, "/").body()).doesNotContain("certificate");
    }
}
