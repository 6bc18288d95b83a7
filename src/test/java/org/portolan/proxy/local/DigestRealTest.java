package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.DigestCredential.Algorithm;
import org.portolan.model.service.Domain;

/** HTTP Digest at real proxies: who is let in, who is not, and what a client sees of reloads and changes. */
@Tag("real")
class DigestRealTest {
    private static final String REALM = DigestCredential.REALM;
    private static final DigestUser ANN = new DigestUser("ann", REALM, "one");

    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer web;
    private int mesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        web = new OriginServer("web");
        mesh = ProxyFixture.free();
    }

    @AfterEach
    void stop() {
        fixture.close();
        web.close();
    }

    private void apply(Domain... domains) {
        fixture.proxy.apply(fixture.part(
                List.of(ProxyFixture.http("web", mesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port()))),
                domains));
    }

    private static ProxyFixture.Named domain(String host) {
        return ProxyFixture.domain(host).route("/", ProxyFixture.target("web"));
    }

    /** Status line, headers and body of a request as it stands. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.http)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String ask(String host, String uri, String... headers) throws IOException {
        StringBuilder request =
                new StringBuilder("GET " + uri + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return raw(request + "\r\n");
    }

    private String authorized(String host, String uri, String authorization) throws IOException {
        return ask(host, uri, "Authorization: " + authorization);
    }

    private String nonce(String host) throws IOException {
        return DigestUser.nonce(ask(host, "/"), "SHA-256");
    }

    @Test
    void whoeverHasThePasswordIsLetInByBothAlgorithms() throws IOException {
        DigestCredential full = DigestCredential.of("Jöe \"J\\\" Döe", "Zone 51", "pässwörd: \"x\\ €");
        apply(
                domain("both.org").digest("ann", "one").make(),
                domain("md5.org")
                        .realm("Zone 51")
                        .ha1("joe", only(Algorithm.MD5, "joe"))
                        .make(),
                domain("sha.org")
                        .realm("Zone 51")
                        .ha1("joe", only(Algorithm.SHA_256, "joe"))
                        .make(),
                domain("utf8.org").realm("Zone 51").ha1("Jöe \"J\\\" Döe", full).make(),
                domain("mixed.org")
                        .realm("Zone 51")
                        .ha1("joe", only(Algorithm.MD5, "joe"))
                        .ha1("ann", DigestCredential.of("ann", "Zone 51", "two"))
                        .make());
        String challenge = ask("both.org", "/");
        assertThat(challenge)
                .startsWith("HTTP/1.1 401")
                .containsSubsequence(
                        "www-authenticate: Digest realm=\"protected\", qop=\"auth\", algorithm=SHA-256, nonce=\"",
                        "www-authenticate: Digest realm=\"protected\", qop=\"auth\", algorithm=MD5, nonce=\"")
                .containsIgnoringCase("cache-control: no-store")
                .doesNotContain("stale");
        assertThat(ask("sha.org", "/").toLowerCase(java.util.Locale.ROOT).split("www-authenticate", -1))
                .hasSize(2);
        assertThat(ask("mixed.org", "/")).contains("algorithm=MD5").doesNotContain("SHA-256");
        for (String path : List.of("/", "/a?b=c&d=%20e", "/a//b/../c?x=1,2")) {
            assertThat(fixture.get("both.org", path, "--digest", "-u", "ann:one"))
                    .as(path)
                    .startsWith("web GET")
                    .endsWith("200");
        }
        assertThat(fixture.status("both.org", "/", "--digest", "-u", "ann:two")).isEqualTo("401");
        assertThat(fixture.status("both.org", "/", "--digest", "-u", "bob:one")).isEqualTo("401");
        assertThat(fixture.status("both.org", "/", "-u", "ann:one")).as("Basic").isEqualTo("401");
        assertThat(fixture.status("md5.org", "/", "--digest", "-u", "joe:secret"))
                .isEqualTo("200");
        assertThat(fixture.status("sha.org", "/", "--digest", "-u", "joe:secret"))
                .isEqualTo("200");
        assertThat(fixture.status("mixed.org", "/", "--digest", "-u", "ann:two"))
                .isEqualTo("200");
        assertThat(fixture.status("utf8.org", "/", "--digest", "-u", "Jöe \"J\\\" Döe:pässwörd: \"x\\ €"))
                .isEqualTo("200");
        assertThat(fixture.get("both.org", "/up", "--digest", "-u", "ann:one", "-d", "some=thing"))
                .startsWith("web POST /up bytes=10");
        assertThat(fixture.get("both.org", "/headers", "--digest", "-u", "ann:one"))
                .contains("x-forwarded-for")
                .doesNotContain("authorization", "x-portolan");
        assertThat(fixture.settings.folder().resolve("maps/digest.map"))
                .content()
                .doesNotContain("one", "secret");
    }

    private static DigestCredential only(Algorithm algorithm, String user) {
        DigestCredential all = DigestCredential.of(user, "Zone 51", "secret");
        return new DigestCredential(Map.of(algorithm, all.hashes().get(algorithm)));
    }

    @Test
    void whatIsNotAnAnswerToAChallengeOfThisNameIsRefused() throws IOException {
        apply(
                domain("a.org").digest("ann", "one").make(),
                domain("b.org").digest("ann", "one").digest("bob", "two").make());
        String nonce = nonce("a.org");
        String good = ANN.header("SHA-256", "/x?y=1", nonce, 1);
        Map<String, String> refused = new TreeMap<>();
        refused.put("another uri", ANN.header("SHA-256", "/y", nonce, 1));
        refused.put("the uri without its query", ANN.header("SHA-256", "/x", nonce, 1));
        refused.put("another method", ANN.header("SHA-256", "POST", "/x?y=1", nonce, 1));
        refused.put("another algorithm's hash", good.replace("SHA-256", "MD5"));
        refused.put("no algorithm, which is MD5", good.replace(", algorithm=SHA-256", ""));
        refused.put("an algorithm that is not offered", good.replace("SHA-256", "SHA-512-256"));
        refused.put("a session", good.replace("SHA-256", "SHA-256-sess"));
        refused.put("another realm", new DigestUser("ann", "else", "one").header("SHA-256", "/x?y=1", nonce, 1));
        refused.put("another counter", good.replace("nc=00000001", "nc=00000002"));
        refused.put("a counter of letters", good.replace("nc=00000001", "nc=0000000g"));
        refused.put("a short counter", good.replace("nc=00000001", "nc=1"));
        refused.put("qop auth-int", good.replace("qop=auth", "qop=auth-int"));
        refused.put("no qop", good.replace("qop=auth, ", ""));
        refused.put("no cnonce", good.substring(0, good.indexOf(", cnonce")));
        refused.put("truncated", good.substring(0, good.length() - 3));
        refused.put("truncated to its name", "Digest");
        refused.put("truncated after its name", "Digest ");
        refused.put("a parameter twice", good + ", nc=00000001");
        refused.put("userhash", good + ", userhash=true");
        refused.put("rubbish after it", good + " x");
        refused.put("an empty parameter", good + ", ");
        refused.put("an open quote", good + ", x=\"" + "\\\"".repeat(40));
        refused.put("many escapes", good + ", x=\"" + "\\\"".repeat(4000) + "\"");
        refused.put("many parameters", good + ", x=1".repeat(1) + ", y1=1".repeat(1) + many());
        refused.put("a name in two forms", good + ", username*=UTF-8''ann");
        refused.put("Basic", "Basic YW5uOm9uZQ==");
        refused.put("15 KiB", good + ", x=\"" + "y".repeat(15_000) + "\"x");
        for (Map.Entry<String, String> one : refused.entrySet()) {
            String answer = authorized("a.org", "/x?y=1", one.getValue());
            assertThat(answer).as(one.getKey()).startsWith("HTTP/1.1 401");
            assertThat(DigestUser.stale(answer)).as(one.getKey()).isFalse();
        }
        assertThat(authorized("a.org", "/x?y=1", "Digest " + "x".repeat(65_536)))
                .startsWith("HTTP/1.1 431");
        assertThat(ask("a.org", "/x?y=1", "Authorization: Basic YW5uOm9uZQ==", "Authorization: " + good))
                .doesNotStartWith("HTTP/1.1 200");
        // None of these has used the nonce up.
        assertThat(authorized("a.org", "/x?y=1", good)).startsWith("HTTP/1.1 200");
        for (String again : List.of(good, good.replace("Digest ", "DIGEST  "))) {
            String replay = authorized("a.org", "/x?y=1", again);
            assertThat(replay).startsWith("HTTP/1.1 401");
            assertThat(DigestUser.stale(replay)).isTrue();
        }
        String known = authorized(
                "a.org",
                "/é/%C3%A9?q=\"",
                ANN.header("SHA-256", "/é/%C3%A9?q=\\\"", nonce, 2)
                        .replace(
                                ANN.response("SHA-256", "GET", "/é/%C3%A9?q=\\\"", nonce, "00000002", "0a4f113b"),
                                ANN.response("SHA-256", "GET", "/é/%C3%A9?q=\"", nonce, "00000002", "0a4f113b")));
        // The instance of this test does not take such a target; it was asked all the same.
        assertThat(known).startsWith("HTTP/1.1 400").contains("URISyntaxException");
        // Another name's nonce and an invented one are no proof, even with the right password.
        for (String foreign : List.of(nonce("b.org"), "0".repeat(52), nonce.replace('1', '2'), "x")) {
            String answer = authorized("a.org", "/", ANN.header("SHA-256", "/", foreign, 1));
            assertThat(answer).as(foreign).startsWith("HTTP/1.1 401");
            assertThat(DigestUser.stale(answer)).isTrue();
        }
        assertThat(authorized(
                        "b.org", "/", new DigestUser("ann", REALM, "two").header("SHA-256", "/", nonce("b.org"), 1)))
                .as("another user's password")
                .startsWith("HTTP/1.1 401");
    }

    private static String many() {
        StringBuilder more = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            more.append(", z").append(i).append("=1");
        }
        return more.toString();
    }

    @Test
    void eachCounterIsGoodOnceInAnyOrder() throws IOException {
        apply(domain("a.org").digest("ann", "one").make());
        String nonce = nonce("a.org");
        for (int count : List.of(1, 5, 3, 2, 200, 150, 4, 100, 199)) {
            // What is too far back (4, when 200 had come) is forgotten, and so refused.
            String expected = count == 4 ? "HTTP/1.1 401" : "HTTP/1.1 200";
            assertThat(authorized("a.org", "/", ANN.header("SHA-256", "/", nonce, count)))
                    .as("nc " + count)
                    .startsWith(expected);
        }
        for (int count : List.of(0, 1, 5, 3, 2, 200, 150, 100, 199)) {
            assertThat(authorized("a.org", "/", ANN.header("SHA-256", "/", nonce, count)))
                    .as("nc " + count)
                    .startsWith("HTTP/1.1 401");
        }
        // A counter far ahead leaves as many behind it as may be outstanding, and no more.
        String gaps = nonce("a.org");
        for (int count : List.of(1000, 999, 872, -871, -1, 2000, -998, -1871)) {
            assertThat(authorized("a.org", "/", ANN.header("SHA-256", "/", gaps, Math.abs(count))))
                    .as("nc " + count)
                    .startsWith(count < 0 ? "HTTP/1.1 401" : "HTTP/1.1 200");
        }
        assertThat(authorized("a.org", "/", ANN.header("MD5", "/", nonce, 201))).startsWith("HTTP/1.1 200");
        assertThat(authorized("a.org", "/", ANN.header("SHA-256", "/", nonce, Integer.MAX_VALUE)))
                .startsWith("HTTP/1.1 200");
    }
}
