package org.portolan.gitserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.state.Scope;
import org.portolan.source.git.GitProgram;

/** Git over HTTP from clients that are none of Git's. */
@Tag("real")
class GitHttpHostileTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final String ZERO = "0".repeat(40);

    @TempDir
    Path folder;

    private static String basic(String token) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString(("x:" + token).getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private static String head(String method, String path, String token, String more) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + basic(token) + more
                + "\r\n";
    }

    private static String posting(String path, String token, String service, String more) {
        return head("POST", path, token, "Content-Type: application/x-" + service + "-request\r\n" + more);
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private static Socket connect(GitSite site) throws IOException {
        site.web("shop");
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.apiPort);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String ask(GitSite site, String head, byte[] body) {
        try (Socket socket = connect(site)) {
            send(socket, head.getBytes(StandardCharsets.ISO_8859_1));
            send(socket, body);
            return rest(socket);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static String push(GitSite site, String token, byte[] body) {
        return ask(
                site,
                posting(
                        "/git/shop.git/git-receive-pack",
                        token,
                        "git-receive-pack",
                        "Content-Length: " + body.length + "\r\n"),
                body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] command(String from, String to, String branch) {
        String line = from + " " + to + " refs/heads/" + branch + "\0 report-status";
        return bytes("%04x%s0000".formatted(line.length() + 4, line));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void onlyTheSmartProtocolOfRepositoriesIsAnswered() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", MEBIBYTE)) {
            String token = site.token("anna", Scope.DEPLOY);
            site.asking("shop", token, GitSite.file("shop", "1")).run("push", "-q", site.web("shop"), "main");
            for (String path : List.of(
                    "/git/shop.git/HEAD",
                    "/git/shop.git/config",
                    "/git/shop.git/objects/info/packs",
                    "/git/shop.git/git-upload-archive",
                    "/git/",
                    "/git/../git/nothing.git/info/refs?service=git-upload-pack",
                    "/git/..%2fshop.git/info/refs?service=git-upload-pack",
                    "/git/%2e%2e/info/refs?service=git-upload-pack",
                    "/git/shop.git%00/info/refs?service=git-upload-pack",
                    "/git/-shop/info/refs?service=git-upload-pack",
                    "/git/" + "a".repeat(64) + "/info/refs?service=git-upload-pack",
                    "/git/shop.git/info/refs?service=git-upload-archive",
                    "/git/shop.git/info/refs?service=git-upload-pack%00",
                    "/git/shop.git/info/refs")) {
                assertThat(ask(site, head("GET", path, token, ""), new byte[0]))
                        .as(path)
                        .matches("(?s)HTTP/1.1 (400|404) .*")
                        .doesNotContain("refs/heads");
            }
            assertThat(ask(
                            site,
                            head("GET", "/git/shop.git/info/refs?service=git-upload-pack", token, ""),
                            new byte[0]))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("refs/heads/main", "Cache-Control: no-store");
            assertThat(ask(
                            site,
                            head(
                                    "POST",
                                    "/git/shop.git/git-receive-pack",
                                    token,
                                    "Content-Type: text/plain\r\nContent-Length: 4\r\n"),
                            bytes("0000")))
                    .as("a form in a browser could send this")
                    .startsWith("HTTP/1.1 415 ");
            assertThat(ask(
                            site,
                            posting(
                                    "/git/shop.git/git-receive-pack",
                                    token,
                                    "git-receive-pack",
                                    "Content-Encoding: br\r\nContent-Length: 4\r\n"),
                            bytes("0000")))
                    .startsWith("HTTP/1.1 415 ");
            assertThat(ask(
                            site,
                            "GET /git/shop.git/HEAD HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                            new byte[0]))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("WWW-Authenticate: Basic ", "Content-Type: text/plain");
            assertThat(ask(site, head("GET", "/v1/deployments", token, ""), new byte[0]))
                    .as("a browser sends a password it knows by itself: elsewhere it counts for nothing")
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void aBodyThatStopsOrIsABombMovesNothing() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", MEBIBYTE)) {
            String token = site.token("anna", Scope.DEPLOY);
            GitProgram work = site.asking("shop", token, GitSite.file("shop", "1"));
            work.run("push", "-q", site.web("shop"), "main");
            byte[] create = command(ZERO, "1".repeat(40), "topic");
            assertThat(push(site, token, bytes("What is this? It is nothing of Git's.")))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("portolan: the body is not what git sends");
            byte[] packHead = {'P', 'A', 'C', 'K', 0, 0, 0, 2, 0, 0, 0, 3};
            try (Socket socket = connect(site)) {
                send(
                        socket,
                        bytes(posting(
                                "/git/shop.git/git-receive-pack",
                                token,
                                "git-receive-pack",
                                "Content-Length: 100000\r\n")));
                send(socket, joined(create, packHead));
                socket.shutdownOutput();
                rest(socket);
            }
            byte[] countless = {'P', 'A', 'C', 'K', 0, 0, 0, 2, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
            assertThat(push(site, token, joined(create, countless)))
                    .contains("the push has 2147483647 objects, more than 500000");

            ByteArrayOutputStream small = new ByteArrayOutputStream();
            try (GZIPOutputStream packed = new GZIPOutputStream(small)) {
                packed.write(joined(create, packHead));
                byte[] nothing = new byte[MEBIBYTE];
                for (int i = 0; i < 64; i++) {
                    packed.write(nothing);
                }
            }
            assertThat(small.size()).isLessThan(MEBIBYTE);
            String bomb = ask(
                    site,
                    posting(
                            "/git/shop.git/git-receive-pack",
                            token,
                            "git-receive-pack",
                            "Content-Encoding: gzip\r\nContent-Length: " + small.size() + "\r\n"),
                    small.toByteArray());
            assertThat(bomb).contains("unpack ").doesNotContain("unpack ok");

            ByteArrayOutputStream wanted = new ByteArrayOutputStream();
            try (GZIPOutputStream packed = new GZIPOutputStream(wanted)) {
                String id = work.run("rev-parse", "main");
                packed.write(bytes("0032want " + id + "\n0000"));
                for (int i = 0; i < 300_000; i++) {
                    packed.write(bytes("0032have " + "2".repeat(40) + "\n"));
                }
                packed.write(bytes("0009done\n"));
            }
            String many = ask(
                    site,
                    posting(
                            "/git/shop.git/git-upload-pack",
                            token,
                            "git-upload-pack",
                            "Content-Encoding: gzip\r\nContent-Length: " + wanted.size() + "\r\n"),
                    wanted.toByteArray());
            assertThat(many).contains("HTTP/1.1 200 ").doesNotContain("PACK");
            assertThat(work.run("ls-remote", site.web("shop"))).doesNotContain("topic");
        }
    }

    @Test
    void aTokenThatIsRemovedEndsInTheMiddleOfAPush() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", MEBIBYTE)) {
            String token = site.token("anna", Scope.DEPLOY);
            GitProgram work = site.asking("shop", token, GitSite.file("shop", "1"));
            work.run("push", "-q", site.web("shop"), "main", "main:topic");
            String topic = work.run("rev-parse", "main");
            byte[] delete = command(topic, ZERO, "topic");
            try (Socket socket = connect(site)) {
                send(
                        socket,
                        bytes(posting(
                                "/git/shop.git/git-receive-pack",
                                token,
                                "git-receive-pack",
                                "Content-Length: " + delete.length + "\r\n")));
                GitSite.pause(300);
                site.removeToken("anna");
                GitSite.pause(600);
                send(socket, delete);
                assertThat(rest(socket)).contains("ng refs/heads/topic not checked");
            }
            GitProgram bob = site.asking(work.folder(), site.token("bob", Scope.READ));
            assertThat(bob.run("ls-remote", site.web("shop"), "topic")).startsWith(topic);
            assertThat(push(site, token, delete)).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void pushesAtOnceAreLimitedForBothWaysTogether() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", MEBIBYTE)) {
            String token = site.token("anna", Scope.DEPLOY);
            GitProgram work = site.asking("shop", token, GitSite.file("shop", "1"));
            work.run("push", "-q", site.web("shop"), "main");
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < 8; i++) {
                    Socket socket = connect(site);
                    open.add(socket);
                    send(
                            socket,
                            bytes(posting(
                                    "/git/shop.git/git-receive-pack",
                                    token,
                                    "git-receive-pack",
                                    "Content-Length: 1000\r\n")));
                }
                GitSite.pause(500);
                assertThat(work.attempt("push", site.web("shop"), "main").output())
                        .contains("too many pushes at once", "503");
                String refused = push(site, token, bytes("0000"));
                assertThat(refused).startsWith("HTTP/1.1 200 ").contains("\003portolan: too many pushes at once");
                Path key = site.admitted("bob", Scope.DEPLOY);
                assertThat(site.git(work.folder(), key)
                                .attempt("push", site.url("shop"), "main")
                                .output())
                        .contains("too many pushes at once");
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
            for (int i = 0;
                    i < 100 && work.attempt("push", site.web("shop"), "main").status() != 0;
                    i++) {
                GitSite.pause(50);
            }
            assertThat(work.attempt("push", site.web("shop"), "main").status())
                    .as("they are gone")
                    .isZero();
        }
    }
}
