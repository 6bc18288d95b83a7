package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.portolan.model.state.Standing;
import org.portolan.store.Commit;
import org.portolan.store.Commit.Standings;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** A test of pages as a browser without JavaScript uses them. */
abstract class PageTest extends ApiTest {
    private static final Pattern FIELD = Pattern.compile("<input [^>]*name=\"([^\"]+)\"[^>]*>");
    private static final Pattern VALUE = Pattern.compile(" value=\"([^\"]*)\"");
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    HttpResponse<String> signIn(String token) {
        return api.send(post("/sign-in", "token=" + token));
    }

    /** The cookie of a new session. */
    String signedIn(String token) {
        return cookie(signIn(token));
    }

    HttpRequest.Builder post(String path, String form) {
        return api.to(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
    }

    static String cookie(HttpResponse<?> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    HttpResponse<String> page(String cookie, String path) {
        return api.send(api.to(path).header("Cookie", cookie));
    }

    static String csrf(String html) {
        Matcher found = CSRF.matcher(html);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** What the form of a page that is sent to a path sends, before anybody writes into it. */
    static Map<String, String> fields(String html, String action) {
        int at = html.indexOf("action=\"" + action + "\"");
        assertThat(at).as(action).isNotNegative();
        int begin = html.lastIndexOf("<form", at);
        String form = html.substring(begin, html.indexOf("</form>", begin));
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher field = FIELD.matcher(form);
        while (field.find()) {
            Matcher value = VALUE.matcher(field.group());
            fields.put(field.group(1), value.find() ? plain(value.group(1)) : "");
        }
        return fields;
    }

    private static String plain(String escaped) {
        return escaped.replace("&#10;", "\n")
                .replace("&#61;", "=")
                .replace("&#39;", "'")
                .replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    /** Sends a form of a page that was looked at. */
    HttpResponse<String> send(String cookie, String path, Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return api.send(post(path, form).header("Cookie", cookie));
    }

    /** The page that a form led to, once the change has ended. */
    String ended(String cookie, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        String location = answer.headers().firstValue("Location").orElseThrow();
        long until = System.nanoTime() + 10_000_000_000L;
        String html = page(cookie, location).body();
        while (html.contains("Your change is being made") && System.nanoTime() < until) {
            html = page(cookie, location).body();
        }
        return html;
    }

    /** Says in the store, too, what a standing is, as the controller does. */
    void stands(Standing standing) {
        api.standings.removeIf(
                other -> other.subject() == standing.subject() && other.name().equals(standing.name()));
        api.standings.add(standing);
        try (Lease lease =
                api.installation.store().acquire(Store.LEADER, "test").orElseThrow()) {
            api.installation
                    .store()
                    .commit(
                            lease,
                            Commit.standings(lease.name(), new Standings(List.of(standing), List.of()), List.of()));
        }
    }
}
