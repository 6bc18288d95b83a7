package org.portolan.gitserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.event.Event;
import org.portolan.model.state.Scope;
import org.portolan.source.git.GitProgram;

/** Git over HTTP as the git program of the system sees it. */
@Tag("real")
class GitHttpTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    Path folder;

    private GitSite site(String sources) throws IOException {
        return new GitSite(folder, sources, 100L * MEBIBYTE);
    }

    private static void noise(GitProgram work, String file, int bytes) throws IOException {
        byte[] noise = new byte[bytes];
        new Random(file.hashCode()).nextBytes(noise);
        Files.write(work.folder().resolve(file), noise);
    }

    @Test
    void aPushDeploysAndItsOutputSaysHow() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            GitProgram work = site.asking("shop", site.token("anna", Scope.DEPLOY), GitSite.file("shop", "1"));
            GitProgram.Result pushed = work.attempt("push", site.web("shop"), "main");
            assertThat(pushed.output()).contains("remote: ---> ", "remote: main ", ": done");
            assertThat(pushed.status()).isZero();
            assertThat(site.running()).containsExactly("shop-web-1-1");
            List<String> audit = site.sim.store.connect("audit").auditBefore("", 100).stream()
                    .map(Event::message)
                    .toList();
            assertThat(audit).anyMatch(line -> line.matches("git push shop main [0-9a-f]{7}, from 127.0.0.1"));

            work.write("Servicefile", "Name: shop\nweb:\n  image: web:1\n  scal: 2\n")
                    .commit("a slip");
            GitProgram.Result invalid = work.attempt("push", site.web("shop"), "main");
            assertThat(invalid.output())
                    .contains("remote: Servicefile:4:3", "scal", "[remote rejected] main -> main (not valid");
            assertThat(invalid.status()).isNotZero();
            assertThat(work.run("ls-remote", site.web("shop"), "main")).startsWith(work.run("rev-parse", "main~1"));

            work.run("reset", "-q", "--hard", "HEAD~1");
            work.write("Servicefile", GitSite.file("shop", "bad")).commit("bad");
            GitProgram.Result failed = work.attempt("push", site.web("shop"), "main");
            assertThat(failed.output())
                    .contains("remote: error: deployment shop is failing: ", ": FAILED; the commit is");
            assertThat(failed.status()).as("the branch has moved").isZero();
            assertThat(site.running()).containsExactly("shop-web-1-1");
        }
    }

    @Test
    void clonesAndFetchesSpeakBothVersionsOfTheProtocol() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            String token = site.token("anna", Scope.DEPLOY);
            GitProgram work = site.asking("shop", token, GitSite.file("shop", "1"));
            work.run("push", "-q", site.web("shop"), "main");
            for (String version : List.of("0", "2")) {
                Path clones = Files.createDirectories(folder.resolve("clones" + version));
                GitProgram git = site.asking(clones, token).with("GIT_TRACE_PACKET", "1");
                String said = git.run("-c", "protocol.version=" + version, "clone", "-q", site.web("shop"), "whole");
                assertThat(said.contains("< version 2")).isEqualTo(version.equals("2"));
                assertThat(clones.resolve("whole/Servicefile")).content().contains("web:1");
                GitProgram whole = site.asking(clones.resolve("whole"), token);
                // What it has is so much that it is sent compressed.
                for (int i = 0; i < 64; i++) {
                    whole.commit("own " + i);
                }
                work.commit("more " + version);
                work.run("push", "-q", site.web("shop"), "main");
                String fetched = whole.with("GIT_TRACE_CURL", "1")
                        .run("-c", "protocol.version=" + version, "fetch", site.web("shop"), "main");
                assertThat(fetched.contains("Content-Encoding: gzip")).isTrue();
                assertThat(whole.run("rev-parse", "FETCH_HEAD")).isEqualTo(work.run("rev-parse", "main"));

                git.run("clone", "-q", "--depth", "1", site.web("shop"), "shallow");
                GitProgram shallow = site.asking(clones.resolve("shallow"), token);
                assertThat(shallow.run("rev-list", "--count", "HEAD")).isEqualTo("1");
                shallow.write("more" + version, "x").commit("from a shallow clone");
                assertThat(shallow.attempt("push", site.web("shop"), "main").status())
                        .isZero();
                work.run("pull", "-q", "--ff-only", site.web("shop"), "main");
            }
        }
    }

    @Test
    void aLargePushComesInPartsAndOneThatIsTooLargeIsRefused() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", 6L * MEBIBYTE)) {
            GitProgram work = site.asking("shop", site.token("anna", Scope.DEPLOY), GitSite.file("shop", "1"));
            for (String name : List.of("a", "b", "c")) {
                noise(work, name, MEBIBYTE);
            }
            work.commit("large");
            GitProgram.Result large = work.with("GIT_TRACE_CURL", "1").attempt("push", site.web("shop"), "main");
            assertThat(large.output().contains("Send header: Transfer-Encoding: chunked"))
                    .isTrue();
            assertThat(large.output().lines().filter(line -> line.startsWith("remote:")))
                    .anyMatch(line -> line.strip().endsWith(": done"));
            assertThat(large.status()).isZero();

            work.with("GIT_TRACE_CURL", "0");
            for (String name : List.of("d", "e", "f", "g", "h", "i", "j", "k")) {
                noise(work, name, MEBIBYTE);
            }
            work.commit("too large");
            GitProgram.Result tooLarge = work.attempt("push", site.web("shop"), "main");
            assertThat(tooLarge.output())
                    .contains("exceeds the limit of 6,291,456")
                    .doesNotContain("RPC failed");
            assertThat(tooLarge.status()).isNotZero();
            work.run("reset", "-q", "--hard", "HEAD~1");
            noise(work, "object", 7 * MEBIBYTE);
            work.commit("one large object");
            assertThat(work.attempt("push", site.web("shop"), "main").output())
                    .contains("Object too large")
                    .doesNotContain("RPC failed");

            work.run("reset", "-q", "--hard", "HEAD~1");
            work.write("more", "x").commit("small");
            assertThat(work.attempt("push", site.web("shop"), "main").status()).isZero();
        }
    }

    /** What they may is decided where it is for keys, and tried there ({@link GitDoorTest}). */
    @Test
    void aTokenMayWhatAKeyOfItsScopeMay() throws Exception {
        try (GitSite site = site("{shop: {url: push, branches: {main: production, staging: staging}}}")) {
            GitProgram work = site.asking("shop", site.token("admin", Scope.ADMIN), GitSite.file("shop", "1"));
            work.run("push", "-q", site.web("shop"), "main", "main:staging");
            assertThat(site.running()).containsExactly("production-web-1-1", "staging-web-1-1");

            GitProgram none = new GitProgram(work.folder()).with("GIT_TERMINAL_PROMPT", "0");
            assertThat(none.attempt("ls-remote", site.web("shop")).output()).contains("could not read Username");
            GitProgram unknown = site.asking(work.folder(), "ptl_unknown");
            assertThat(unknown.attempt("ls-remote", site.web("shop")).output())
                    .contains("the token is unknown, expired or removed", "Authentication failed");
            GitProgram reader = site.asking(work.folder(), site.token("reader", Scope.READ));
            assertThat(reader.attempt("fetch", site.web("shop")).status()).isZero();
            assertThat(reader.attempt("push", site.web("shop"), "main").output())
                    .contains("the token reader has the scope read, a push needs deploy", "403");
            GitProgram limited = site.asking(work.folder(), site.token("ci", Scope.DEPLOY, "staging"));
            assertThat(limited.attempt("ls-remote", site.web("shop")).output())
                    .contains("there is no repository shop for the token ci", "not found");

            GitProgram bob = site.asking(work.folder(), site.token("bob", Scope.DEPLOY));
            assertThat(bob.attempt("push", site.web("new"), "main").output())
                    .contains("there is no repository new for the token bob");
            GitProgram brief = site.asking(
                    work.folder(), site.tokenFor("brief", Optional.of(Duration.ofMinutes(1)), Scope.DEPLOY));
            assertThat(brief.attempt("ls-remote", site.web("shop")).status()).isZero();
            site.sim.clock.advance(Duration.ofMinutes(2));
            assertThat(brief.attempt("ls-remote", site.web("shop")).output()).contains("Authentication failed");

            site.door.stop(Duration.ZERO);
            assertThat(reader.attempt("ls-remote", site.web("shop")).output())
                    .contains("this controller does not lead", "503");
        }
    }

    @Test
    void linesComeAsTheyAreSaidAndTheReleaseIsFinishedWhenTheClientIsKilled() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            GitProgram work = site.asking("shop", site.token("anna", Scope.DEPLOY), GitSite.file("shop", "1"));
            String url = site.web("shop");
            work.run("ls-remote", url);
            site.held = true;
            ProcessBuilder builder = new ProcessBuilder("git", "push", url, "main", "main:topic");
            work.environment().forEach(builder.environment()::put);
            Process push = builder.directory(work.folder().toFile())
                    .redirectErrorStream(true)
                    .start();
            BufferedReader reader = push.inputReader();
            try {
                awaitLine(reader, "remote: topic is not deployed");
                assertThat(push.isAlive()).isTrue();
                site.held = false;
                awaitLine(reader, "remote: --->");
            } finally {
                push.descendants().forEach(ProcessHandle::destroyForcibly);
                push.destroyForcibly().waitFor();
            }
            for (int i = 0; i < 500 && site.running().isEmpty(); i++) {
                GitSite.pause(20);
            }
            assertThat(site.running()).containsExactly("shop-web-1-1");
            assertThat(work.run("ls-remote", url)).contains("refs/heads/main");
        }
    }

    private static void awaitLine(BufferedReader reader, String start) throws Exception {
        String found = CompletableFuture.supplyAsync(() -> reader.lines()
                        .filter(line -> line.startsWith(start))
                        .findFirst()
                        .orElse(""))
                .get(20, TimeUnit.SECONDS);
        assertThat(found).startsWith(start);
    }

    @Test
    void aPushThatIsFollowedEndsWithTheController() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            GitProgram work = site.asking("shop", site.token("anna", Scope.DEPLOY), GitSite.file("shop", "1"));
            String url = site.web("shop");
            assertThat(work.run("ls-remote", url)).isEmpty();
            site.held = true;
            CompletableFuture<GitProgram.Result> push = work.begin("push", url, "main");
            Path branch = site.repository("shop").resolve("refs/heads/main");
            for (int i = 0; i < 1000 && !Files.exists(branch); i++) {
                GitSite.pause(10);
            }
            site.api.stop(Duration.ofSeconds(10));
            GitProgram.Result ended = push.join();
            assertThat(ended.output()).contains("main ", "NOT FINISHED: it continues in the controller");
            assertThat(ended.status()).as("the branch has moved").isZero();
            site.held = false;
            for (int i = 0; i < 500 && site.running().isEmpty(); i++) {
                GitSite.pause(20);
            }
            assertThat(site.running()).containsExactly("shop-web-1-1");
        }
    }
}
