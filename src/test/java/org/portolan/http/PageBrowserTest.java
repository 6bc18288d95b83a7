package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.service.Domain;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.operate.Request;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * The pages in Debian's Chromium: dark and light, on a narrow screen, without JavaScript, by keyboard, and by the rules of axe. Needs
 * the package {@code chromium-headless-shell}, which scripts/test installs, and Node 20 or newer, which Debian 12 does not have; without
 * them it is skipped, and scripts/test reports it. With {@code -Dscreenshots=FOLDER} it leaves pictures there.
 */
@Tag("e2e")
@EnabledIf("usable")
class PageBrowserTest {
    private static final List<String> PAGES = List.of(
            "/",
            "/deployments/shop",
            "/deployments/shop/releases/2",
            "/deployments/shop/logs/web",
            "/map",
            "/sources",
            "/events");

    private static Chromium chromium;

    @TempDir
    Path folder;

    private ApiSite api;

    @BeforeAll
    static void openBrowser() {
        chromium = new Chromium();
    }

    static boolean usable() throws IOException, InterruptedException {
        return Chromium.usable();
    }

    @AfterAll
    static void closeBrowser() {
        chromium.close();
    }

    @BeforeEach
    void open() {
        api = new ApiSite(folder);
        api.site
                .process()
                .deploy(SimSite.with(
                        ApiSite.shop("2", 3),
                        SimSite.domain("shop.example.org", new Domain.Target("shop", "web", "http", 1))));
        api.started();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Page signedIn(Browser.NewContextOptions options) {
        return chromium.signedIn(api.port, ApiSite.ADMIN, options);
    }

    private static String name(String path) {
        return path.equals("/") ? "overview" : path.substring(1).replace('/', '-');
    }

    @Test
    void everyPageKeepsTheRulesOfAxeInLightAndDark() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = signedIn(new Browser.NewContextOptions().setColorScheme(scheme));
            for (String path : PAGES) {
                page.navigate(path);
                Chromium.picture(page, name(path) + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
                List<String> found = new ArrayList<>();
                new AxeBuilder(page)
                        .analyze()
                        .getViolations()
                        .forEach(rule -> found.add(rule.getId() + ": "
                                + rule.getNodes().stream()
                                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                        .toList()));
                assertThat(found).as(path + " " + scheme).isEmpty();
            }
            page.context().close();
        }
    }

    @Test
    void aNarrowScreenNeedsNoScrollingToTheSide() {
        Page page = signedIn(new Browser.NewContextOptions().setViewportSize(360, 720));
        for (String path : PAGES) {
            page.navigate(path);
            Chromium.picture(page, name(path) + "-360");
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as(path)
                    .isEqualTo(360);
        }
    }

    @Test
    void everythingIsThereWithoutJavaScript() {
        Page page = signedIn(new Browser.NewContextOptions().setJavaScriptEnabled(false));
        page.getByRole(
                        com.microsoft.playwright.options.AriaRole.LINK,
                        new Page.GetByRoleOptions().setName("shop").setExact(true))
                .first()
                .click();
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText("shop");
        PlaywrightAssertions.assertThat(
                        page.locator("#history + .wide tbody tr").first())
                .containsText("3");
        page.locator("#history + .wide summary").last().click();
        PlaywrightAssertions.assertThat(page.locator("#a-back-1 button")).hasText("Roll back to release 1");
        PlaywrightAssertions.assertThat(page.locator("#a-back-1 button")).isVisible();
    }

    @Test
    void whatHappensShowsWithoutLoadingThePageAgain() {
        Page page = signedIn(new Browser.NewContextOptions());
        page.navigate("/events");
        PlaywrightAssertions.assertThat(page.locator("#live")).hasText("Live");
        page.evaluate("window.kept = 1");
        api.site.process().deploy(ApiSite.shop("1", 1));
        PlaywrightAssertions.assertThat(page.locator(".events li").first()).containsText("Released shop 4");
        assertThat(page.evaluate("window.kept")).isEqualTo(1);
    }

    @Test
    void aFormThatIsOpenStaysAsItWasOpenedAndIsRefusedOnceItIsStale() {
        Page page = signedIn(new Browser.NewContextOptions());
        page.navigate("/deployments/shop");
        page.evaluate("window.kept = 1");
        page.locator("#c-web summary").click();
        page.getByLabel("Instances of web").fill("4");
        api.site.process().perform(new Request.Scale("shop", Map.of("web", 5), SimSite.MANDATE));
        PlaywrightAssertions.assertThat(page.locator("#v-web")).containsText("5 of 5");
        PlaywrightAssertions.assertThat(page.locator("#timeline")).hasText("Release 4");
        assertThat(page.evaluate("window.kept"))
                .as("the page was not loaded again")
                .isEqualTo(1);
        PlaywrightAssertions.assertThat(page.getByLabel("Instances of web")).hasValue("4");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText("It has changed meanwhile");
        assertThat(scale()).isEqualTo(5);
        page.getByText("Back to shop").click();
        page.locator("#c-web summary").click();
        PlaywrightAssertions.assertThat(page.getByLabel("Instances of web")).hasValue("5");
    }

    @Test
    void aFormThatIsClosedIsBroughtUpToDateAndASecondClickIsNoSecondChange() {
        Page page = signedIn(new Browser.NewContextOptions());
        page.navigate("/deployments/shop");
        page.locator("#c-web summary").click();
        page.getByLabel("Instances of web").fill("9");
        page.locator("#c-web summary").click();
        api.site.process().perform(new Request.Scale("shop", Map.of("web", 2), SimSite.MANDATE));
        PlaywrightAssertions.assertThat(page.locator("#v-web")).containsText("2 of 2");
        page.locator("#c-web summary").click();
        PlaywrightAssertions.assertThat(page.getByLabel("Instances of web")).hasValue("2");
        page.getByLabel("Instances of web").fill("1");
        page.evaluate("const go = document.querySelector('#c-web button'); go.click(); go.click();");
        PlaywrightAssertions.assertThat(page.locator(".note")).containsText("Your change is made as release 5.");
        assertThat(scale()).isEqualTo(1);
    }

    private int scale() {
        return api.installation
                .store()
                .deployment("shop")
                .orElseThrow()
                .services()
                .get("web")
                .scale();
    }

    @Test
    void aReleaseShowsWhileItGoes() throws InterruptedException {
        api.site.engine.world().image("web:3", Behaviour.GOOD, 80);
        Page page = signedIn(new Browser.NewContextOptions());
        page.navigate("/deployments/shop");
        CountDownLatch seen = new CountDownLatch(1);
        AtomicInteger rounds = new AtomicInteger();
        Thread release = Thread.ofPlatform().start(() -> api.site.process().deploy(ApiSite.shop("3", 3), () -> {
            if (told("web-3-1") && rounds.incrementAndGet() == 4) {
                try {
                    seen.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
            return false;
        }));
        PlaywrightAssertions.assertThat(page.locator("main [role=status]").first())
                .hasText("releasing");
        PlaywrightAssertions.assertThat(page.locator("#timeline")).hasText("Release 4");
        PlaywrightAssertions.assertThat(page.locator(".events")).containsText("New instance id shop-web-3-1");
        PlaywrightAssertions.assertThat(page.locator("#v-web .mark")).hasCount(4);
        seen.countDown();
        release.join();
        PlaywrightAssertions.assertThat(page.locator(".events li").last()).containsText("Released shop 4");
        PlaywrightAssertions.assertThat(page.locator("main [role=status]").first())
                .hasText("ok");
    }

    @Test
    void whatHappenedBeforeThePageListenedIsShown() {
        api.site.engine.world().image("web:3", Behaviour.GOOD, 80);
        Page page = signedIn(new Browser.NewContextOptions());
        AtomicInteger asked = new AtomicInteger();
        page.route("**/live", route -> {
            if (asked.incrementAndGet() == 1) {
                api.site.process().deploy(ApiSite.shop("3", 3));
            }
            route.resume();
        });
        page.navigate("/deployments/shop");
        PlaywrightAssertions.assertThat(page.locator(".events li").last()).containsText("Released shop 4");
        assertThat(asked.get()).isPositive();
    }

    private boolean told(String instance) {
        return api.site.engine.observe().containers().stream()
                .anyMatch(container -> container.name().endsWith(instance));
    }

    @Test
    void aLogGoesOnUntilItIsPaused() {
        api.site.engine.world().print("listens on port 80");
        Page page = signedIn(new Browser.NewContextOptions());
        page.navigate("/deployments/shop/logs/web");
        Locator pause = page.getByText("Pause", new Page.GetByTextOptions().setExact(true));
        PlaywrightAssertions.assertThat(pause).isVisible();
        PlaywrightAssertions.assertThat(page.locator(".log li").last()).containsText(" UTC");
        pause.focus();
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(pause).hasAttribute("aria-pressed", "true");
    }

    @Test
    void whatWaitsForApprovalCanBeAgreedToWithoutJavaScript() {
        Standing waits = Standing.unknown(Standing.Subject.DEPLOYMENT, "shop", Instant.EPOCH)
                .with(Standing.Condition.PENDING_APPROVAL, "takes over shop from other", Instant.EPOCH)
                .asking("5f2c0a");
        api.standings.add(0, waits);
        try (Lease lease =
                api.installation.store().acquire(Store.LEADER, "test").orElseThrow()) {
            api.installation
                    .store()
                    .commit(
                            lease,
                            Commit.standings(lease.name(), new Commit.Standings(List.of(waits), List.of()), List.of()));
        }
        Page page = signedIn(new Browser.NewContextOptions().setJavaScriptEnabled(false));
        page.navigate("/deployments/shop");
        page.locator("#a-approve summary").click();
        Chromium.picture(page, "approval");
        page.getByLabel("Reason").first().fill("we moved it");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText("shop");
        assertThat(api.installation.store().instructions())
                .extracting(Instruction::who, Instruction::asks)
                .containsExactly(Tuple.tuple("boss", "5f2c0a"));
    }

    @Test
    void theKeyboardReachesEverything() {
        Page page = signedIn(new Browser.NewContextOptions());
        page.navigate("/");
        page.keyboard().press("Tab");
        PlaywrightAssertions.assertThat(page.locator(".skip")).isFocused();
        List<String> reached = new ArrayList<>();
        for (int step = 0; step < 9; step++) {
            page.keyboard().press("Tab");
            reached.add((String) page.evaluate("document.activeElement.textContent.trim()"));
            assertThat((String) page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
                    .as(reached.getLast())
                    .isNotEqualTo("none");
        }
        assertThat(reached).contains("Portolan", "Map", "Events", "Sign out", "shop");
    }
}
