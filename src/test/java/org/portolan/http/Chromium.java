package org.portolan.http;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's Chromium, driven through Playwright. */
final class Chromium implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium-headless-shell");
    private static final Path NODE = Path.of("/usr/bin/node");

    private final Playwright playwright = Playwright.create(new Playwright.CreateOptions()
            .setEnv(Map.of("PLAYWRIGHT_NODEJS_PATH", NODE.toString(), "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser = playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(PROGRAM).setArgs(List.of("--no-sandbox")));

    /** Whether browser and Node are there. */
    static boolean usable() throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM) || !Files.isExecutable(NODE)) {
            return false;
        }
        Process asked = new ProcessBuilder(NODE.toString(), "--version").start();
        String version = new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return asked.waitFor() == 0 && Integer.parseInt(version.substring(1, version.indexOf('.'))) >= 20;
    }

    /** A page of somebody who is not signed in. */
    Page page(int port, Browser.NewContextOptions options) {
        return browser.newContext(options.setBaseURL("http://127.0.0.1:" + port))
                .newPage();
    }

    /** A page of somebody who has signed in, at the overview. */
    Page signedIn(int port, String token, Browser.NewContextOptions options) {
        Page page = page(port, options);
        page.navigate("/");
        PlaywrightAssertions.assertThat(page).hasURL("http://127.0.0.1:" + port + "/sign-in");
        page.getByLabel("Token").fill(token);
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText("Deployments");
        return page;
    }

    /** Leaves a picture of the whole page where somebody wants to look at it. */
    static void picture(Page page, String name) {
        String to = System.getProperty("screenshots", "");
        if (!to.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(to, name + ".png"))
                    .setFullPage(true));
        }
    }

    /** Leaves what a screen reader is given of the page there. */
    static void heard(Page page, String name) throws IOException {
        String to = System.getProperty("screenshots", "");
        if (!to.isEmpty()) {
            Files.writeString(Path.of(to, name + ".txt"), page.locator("body").ariaSnapshot());
            StringBuilder tree = new StringBuilder();
            page.context()
                    .newCDPSession(page)
                    .send("Accessibility.getFullAXTree")
                    .getAsJsonArray("nodes")
                    .forEach(each -> tree.append(line(each.getAsJsonObject())));
            Files.writeString(Path.of(to, name + ".ax"), tree);
        }
    }

    /** A node of Chromium's accessibility tree; nothing for what is left out of it, and for text that its parent says. */
    private static String line(JsonObject node) {
        String role =
                node.has("role") ? node.getAsJsonObject("role").get("value").getAsString() : "";
        if (node.get("ignored").getAsBoolean() || role.equals("InlineTextBox") || role.equals("StaticText")) {
            return "";
        }
        String name =
                node.has("name") ? node.getAsJsonObject("name").get("value").getAsString() : "";
        return role + " " + name + "\n";
    }

    @Override
    public void close() {
        playwright.close();
    }
}
