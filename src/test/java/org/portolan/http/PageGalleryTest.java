package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;

/**
 * Pages of an installation in which much is going on, as {@link PageBrowserTest} looks at those of a small one. With {@code
 * -Dscreenshots=FOLDER} it leaves pictures there, and what a screen reader is given.
 */
@Tag("e2e")
@EnabledIf("usable")
class PageGalleryTest {
    private static final Map<String, String> SCENES = new LinkedHashMap<>();

    static {
        SCENES.put("overview", "/");
        SCENES.put("release", "/deployments/rolling");
        SCENES.put("failed", "/deployments/broken");
        SCENES.put("failed-release", "/deployments/broken/releases/2");
        SCENES.put("waiting", "/deployments/waiting");
        SCENES.put("ailing", "/deployments/ailing");
        SCENES.put("held", "/deployments/held");
        SCENES.put("bare", "/deployments/empty");
        SCENES.put("long", "/deployments/" + PageScenes.LONG);
        SCENES.put("map", "/map");
        SCENES.put("sources", "/sources");
        SCENES.put("events", "/events");
        SCENES.put("nothing", "/deployments/nothing");
        SCENES.put("nowhere", "/nowhere");
    }

    @TempDir
    static Path folder;

    private static Chromium chromium;
    private static PageScenes scenes;

    static boolean usable() throws IOException, InterruptedException {
        return Chromium.usable();
    }

    @BeforeAll
    static void open() {
        chromium = new Chromium();
        scenes = new PageScenes(folder);
    }

    @AfterAll
    static void close() throws InterruptedException {
        chromium.close();
        scenes.close();
    }

    private static Page signedIn(Browser.NewContextOptions options) {
        return chromium.signedIn(scenes.api.port, ApiSite.ADMIN, options);
    }

    @Test
    void everyPageKeepsTheRulesOfAxeInLightAndDark() throws IOException {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            Page page = signedIn(new Browser.NewContextOptions().setColorScheme(scheme));
            for (Map.Entry<String, String> scene : SCENES.entrySet()) {
                page.navigate(scene.getValue());
                if (scene.getKey().equals("long")) {
                    page.locator("#c-web summary").click();
                }
                String name = scene.getKey() + "-" + scheme.name().toLowerCase(Locale.ROOT);
                Chromium.picture(page, name);
                if (scheme == ColorScheme.LIGHT) {
                    Chromium.heard(page, scene.getKey());
                }
                List<String> found = new ArrayList<>();
                new AxeBuilder(page)
                        .analyze()
                        .getViolations()
                        .forEach(rule -> found.add(rule.getId() + ": "
                                + rule.getNodes().stream()
                                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                        .toList()));
                assertThat(found).as(name).isEmpty();
            }
            page.context().close();
        }
    }

    @Test
    void aNarrowScreenNeedsNoScrollingToTheSide() {
        Page page = signedIn(new Browser.NewContextOptions().setViewportSize(360, 720));
        for (Map.Entry<String, String> scene : SCENES.entrySet()) {
            page.navigate(scene.getValue());
            for (int at = page.locator("details.ask").count() - 1; at >= 0; at--) {
                page.locator("details.ask").nth(at).evaluate("each => each.open = true");
            }
            Chromium.picture(page, scene.getKey() + "-360");
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as(scene.getKey())
                    .isEqualTo(360);
        }
        page.context().close();
    }

    @Test
    void nothingOfAPageIsCutOffWhereTextIsTwiceAsLarge() {
        Page page = signedIn(new Browser.NewContextOptions().setViewportSize(1280, 900));
        for (Map.Entry<String, String> scene : SCENES.entrySet()) {
            page.navigate(scene.getValue());
            page.evaluate("document.documentElement.style.fontSize = '200%'");
            assertThat(page.evaluate("document.documentElement.scrollWidth"))
                    .as(scene.getKey())
                    .isEqualTo(1280);
        }
        page.context().close();
    }

    @Test
    void printedItIsWhiteAndWithoutForms() {
        Page page = signedIn(new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK));
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        page.navigate("/deployments/held");
        Chromium.picture(page, "held-print");
        assertThat(page.locator("details.ask").first().isVisible()).isFalse();
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(255, 255, 255)");
        page.context().close();
    }

    @Test
    void whereThereIsNothingItSaysWhatIsToBeDone() {
        scenes.api.tokens.put("ptl_new", Principal.of("newcomer", Scope.READ, Set.of("nothing")));
        Page page = chromium.signedIn(scenes.api.port, "ptl_new", new Browser.NewContextOptions());
        for (String path : List.of("/", "/map", "/sources", "/events")) {
            page.navigate(path);
            Chromium.picture(page, "none-" + (path.equals("/") ? "overview" : path.substring(1)));
            PlaywrightAssertions.assertThat(page.locator(".lead").first()).isVisible();
            assertThat(new AxeBuilder(page).analyze().getViolations()).as(path).isEmpty();
        }
        page.context().close();
    }

    @Test
    void picturesOfTheRest() throws IOException {
        Page page = signedIn(new Browser.NewContextOptions().setJavaScriptEnabled(false));
        page.navigate("/deployments/held");
        page.locator("#history + .wide summary").first().click();
        Chromium.picture(page, "held-nojs");
        page.context().close();
        Page out = chromium.page(scenes.api.port, new Browser.NewContextOptions());
        out.navigate("/sign-in");
        Chromium.picture(out, "sign-in");
        out.getByLabel("Token").fill("ptl_wrong");
        out.keyboard().press("Enter");
        out.waitForURL("**/sign-in");
        Chromium.picture(out, "sign-in-refused");
        assertThat(out.locator("[role=alert]").textContent()).contains("unknown, expired or removed");
        out.context().close();
        assertThat(Files.exists(folder)).isTrue();
    }
}
