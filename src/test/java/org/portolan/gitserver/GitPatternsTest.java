package org.portolan.gitserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.state.Scope;
import org.portolan.source.git.GitProgram;

/** Pushes to sources with patterns, as the git program of the system sees them, good and bad. */
@Tag("real")
class GitPatternsTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final String RELEASES =
            "{shop: {url: push, env: {TAG: 1}, branches: {main: production, 'release/*': {deployment: 'shop-*', env: {TAG: 2}}}}}";
    private static final String SERVICES = "web:\n  image: web:%%TAG%%\n  ports: {http: 80}\n  health: {http: /}\n";

    @TempDir
    Path folder;

    private GitSite site(String sources) throws IOException {
        return new GitSite(folder, sources, 100 * MEBIBYTE);
    }

    @Test
    void everyFileThatIsLikeThePathIsCheckedBeforeTheBranchMovesAndDeployedByItself() throws Exception {
        try (GitSite site = site("{fleet: {url: push, path: 'hosts/*'}}")) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("fleet", key, "not one of them\n");
            String url = site.url("fleet");
            assertThat(work.attempt("push", url, "main").output())
                    .contains("no file of source fleet is like hosts/*", "[remote rejected] main -> main (not valid");
            work.write("hosts/a/Servicefile", GitSite.file("a", "1"))
                    .write("hosts/b/Servicefile", GitSite.file("b", "1"))
                    .commit("hosts");
            GitProgram.Result pushed = work.attempt("push", url, "main");
            assertThat(pushed.output())
                    .contains(
                            "remote: hosts/a/Servicefile deploys a  ",
                            "remote: hosts/b/Servicefile deploys b  ",
                            "remote: main ",
                            ": done");
            assertThat(pushed.status()).isZero();
            assertThat(site.running()).containsExactly("a-web-1-1", "b-web-1-1");

            work.write("hosts/a/Servicefile", GitSite.file("a", "2"))
                    .write("hosts/b/Servicefile", "Name: b\nweb:\n  image: web:1\n  scal: 2\n")
                    .write("hosts/c/Servicefile", "Name: c\nweb: {image: [}\n")
                    .commit("two slips");
            GitProgram.Result invalid = work.attempt("push", url, "main", "HEAD:refs/tags/v1");
            assertThat(invalid.output())
                    .as("the faults of all files")
                    .contains(
                            "remote: hosts/b/Servicefile:4:3",
                            "remote: hosts/c/Servicefile:2:",
                            "main -> main (not valid: see above",
                            "HEAD -> v1 (not moved, as something else of this push was refused)")
                    .doesNotContain("deploys a");
            assertThat(work.run("ls-remote", url)).contains(work.run("rev-parse", "main~1") + "\trefs/heads/main");
            assertThat(work.run("ls-remote", "--tags", url)).isEmpty();
            assertThat(site.running()).containsExactly("a-web-1-1", "b-web-1-1");

            work.run("reset", "-q", "--hard", "HEAD~1");
            work.write("hosts/b/Servicefile", GitSite.file("a", "1")).commit("twice");
            assertThat(work.attempt("push", url, "main").output())
                    .contains(
                            "error: deployment a is declared by hosts/a/Servicefile and by hosts/b/Servicefile",
                            "main -> main (not valid");

            work.run("reset", "-q", "--hard", "HEAD~1");
            work.run("mv", "hosts/a", "hosts/renamed");
            work.run("rm", "-q", "-r", "hosts/b");
            work.commit("renamed and gone");
            GitProgram.Result moved = work.attempt("push", url, "main");
            assertThat(moved.status()).isZero();
            assertThat(moved.output())
                    .contains(
                            "remote: hosts/renamed/Servicefile deploys a once somebody approves, as it belongs to hosts/a/Servicefile",
                            "remote: no longer declared, and removed once somebody approves: b  ",
                            "remote: deployment a is pending-approval: takes deployment a over",
                            ": WAITS for approval; the commit is in the repository");
            assertThat(site.running()).containsExactly("a-web-1-1", "b-web-1-1");
        }
    }

    @Test
    void severalBranchesOfOnePushAreDeployedTogetherOrNotAtAll() throws Exception {
        try (GitSite site = site(RELEASES)) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("shop", key, SERVICES);
            String url = site.url("shop");
            GitProgram.Result pushed = work.attempt(
                    "push", url, "main", "main:release/1.2", "main:release/2", "main:topic", "main:refs/tags/v1");
            assertThat(pushed.status()).isZero();
            assertThat(pushed.output())
                    .contains(
                            "remote: main deploys production  ",
                            "remote: release/1.2 deploys shop-1-2  ",
                            "remote: release/2 deploys shop-2  ",
                            "remote: topic is not deployed: shop deploys main, release/*");
            assertThat(pushed.output().lines().filter(line -> line.strip().endsWith(": done")))
                    .hasSize(3);
            assertThat(site.running())
                    .as("each with the variables of its branch")
                    .containsExactly("production-web-1-1", "shop-1-2-web-1-1", "shop-2-web-1-1");
            assertThat(site.image("shop-2-web-1-1"))
                    .isEqualTo(site.image("shop-1-2-web-1-1"))
                    .isNotEqualTo(site.image("production-web-1-1"))
                    .isNotEmpty();
            assertThat(work.run("ls-remote", "--symref", url, "HEAD")).contains("refs/heads/main");

            String before = work.run("ls-remote", url);
            work.write("more", "x").commit("good");
            work.run("branch", "good");
            work.write("Servicefile", "web: {image: [}\n").commit("bad");
            GitProgram.Result invalid = work.attempt(
                    "push", url, "good:main", "good:release/1.2", "main:release/2", "good:topic", ":refs/tags/v1");
            assertThat(invalid.status()).isNotZero();
            assertThat(invalid.output())
                    .contains(
                            "main -> release/2 (not valid: see above",
                            "good -> main (not moved, as something else of this push was refused)",
                            "good -> release/1.2 (not moved",
                            "good -> topic (not moved",
                            "v1 (not moved");
            assertThat(work.run("ls-remote", url)).isEqualTo(before);

            assertThat(work.attempt("push", url, "good:release/1-2").output())
                    .contains("the branches release/1-2 and release/1.2 both stand for the deployment shop-1-2")
                    .contains("(not valid: see above");
            assertThat(work.attempt("push", url, ":release/2").output())
                    .contains("only a key with scope admin may delete or rewrite it");
            GitProgram admin = site.git(work.folder(), site.admitted("admin", Scope.ADMIN));
            GitProgram.Result deleted = admin.attempt("push", url, ":release/2");
            assertThat(deleted.status()).isZero();
            assertThat(deleted.output())
                    .contains(
                            "release/2 is deleted: nothing is deployed, and running services stay",
                            "removed once somebody approves: shop-2  ");
            site.awaitCondition("shop", "pending-approval");
            assertThat(site.running()).contains("shop-2-web-1-1");
            GitProgram.Result again = work.attempt("push", url, "good:release/1.2");
            assertThat(again.status()).isZero();
        }
    }

    @Test
    void withoutRulesABranchThatIsLikeThePatternDeploysWhatItsFileNames() throws Exception {
        try (GitSite site = site("{shop: {url: push, ref: 'try/*', env: {TAG: 1}}}")) {
            GitProgram work =
                    site.asking("shop", site.token("anna", Scope.DEPLOY), "Name: shop-%%BRANCH%%\n" + SERVICES);
            String url = site.web("shop");
            assertThat(work.attempt("push", url, "main:try/One", "main:try/two").output())
                    .contains("try/One deploys shop-try-one  ", "try/two deploys shop-try-two  ", ": done");
            assertThat(site.running()).containsExactly("shop-try-one-web-1-1", "shop-try-two-web-1-1");
            assertThat(work.run("ls-remote", "--symref", url, "HEAD"))
                    .as("a clone is not empty")
                    .contains("refs/heads/try/One");
            work.write("Servicefile", GitSite.file("shop-try-one", "1")).commit("a name of another branch");
            assertThat(work.attempt("push", url, "main:try/two").output())
                    .contains(
                            "error: deployment shop-try-one is declared by try/two and by try/One",
                            "main -> try/two (declared twice: see above");
            assertThat(work.attempt("push", url, "main:other").output()).contains("other is not deployed");
        }
    }

    @Test
    void whoIsLimitedPushesOnlyWhatIsTheirs() throws Exception {
        try (GitSite site =
                site("{fleet: {url: push, path: 'hosts/*'}, shop: {url: push, branches: {'release/*': 'shop-*'}}}")) {
            GitProgram work = site.work("fleet", site.admitted("admin", Scope.ADMIN), "x\n");
            work.write("hosts/a/Servicefile", GitSite.file("a", "1")).commit("a");
            GitProgram limited = site.git(work.folder(), site.admitted("ann", Scope.DEPLOY, "a", "shop-1"));
            assertThat(limited.attempt("push", site.url("fleet"), "main").output())
                    .as("before anything is known of it")
                    .contains("there is no repository fleet for the key key-ann");
            work.run("push", "-q", site.url("fleet"), "main");
            work.write("hosts/b/Servicefile", GitSite.file("b", "1")).commit("b");
            assertThat(limited.attempt("push", site.url("fleet"), "main").output())
                    .contains("main -> main (the key key-ann may not change the deployment b)")
                    .doesNotContain("deploys");
            assertThat(site.running()).containsExactly("a-web-1-1");
            work.run("reset", "-q", "--hard", "HEAD~1");
            work.write("hosts/a/Servicefile", GitSite.file("a", "2")).commit("a again");
            assertThat(limited.attempt("push", site.url("fleet"), "main").output())
                    .contains(": done");
            GitProgram token = site.asking(work.folder(), site.token("ci", Scope.DEPLOY, "b"));
            assertThat(token.attempt("push", site.web("fleet"), "main").output())
                    .contains("there is no repository fleet for the token ci");

            work.write("Servicefile", SERVICES.replace("%%TAG%%", "1")).commit("shop");
            work.run("push", "-q", site.url("shop"), "main:release/1");
            assertThat(limited.attempt("push", site.url("shop"), "main:release/1", "main:release/2")
                            .output())
                    .contains("main -> release/2 (the key key-ann may not change the deployment shop-2)");
            work.commit("more");
            assertThat(limited.attempt("push", site.url("shop"), "main:release/1")
                            .status())
                    .isZero();
            assertThat(site.running()).contains("shop-1-web-1-1").doesNotContain("shop-2-web-1-1");
        }
    }

    /** Clients of every kind at a source with patterns. */
    @Test
    void otherWaysToPushAreNoWayAround() throws Exception {
        try (GitSite site = site(RELEASES)) {
            Path key = site.admitted("admin", Scope.ADMIN);
            GitProgram work = site.work("shop", key, SERVICES);
            String url = site.url("shop");
            work.run("push", "-q", url, "main:release/1", "main:release/2");

            work.run("commit", "-q", "--amend", "-m", "rewritten");
            assertThat(work.attempt("push", url, "main:release/1").output()).contains("non-fast-forward");
            assertThat(work.attempt("push", "--force", url, "main:release/1").output())
                    .contains(": done");
            assertThat(work.attempt("push", "--atomic", url, "+main:release/2", "main:refs/notes/x")
                            .output())
                    .contains("only branches and tags can be pushed", "main -> release/2 (");
            assertThat(work.run("ls-remote", url, "refs/heads/release/2"))
                    .doesNotContain(work.run("rev-parse", "main"));
            GitProgram.Result options = work.attempt("push", "-o", "skip=checks", url, "main:release/3");
            assertThat(options.output()).contains("does not support push options");
            assertThat(work.run("ls-remote", url)).doesNotContain("release/3");

            site.git(folder, key).run("clone", "-q", "--depth", "1", "-b", "release/1", url, "shallow");
            GitProgram shallow = site.git(folder.resolve("shallow"), key);
            shallow.write("more", "x").commit("from a shallow clone");
            assertThat(shallow.attempt("push", url, "HEAD:release/1").output()).contains(": done");
            assertThat(site.git(folder, key).run("ls-remote", url, "refs/heads/release/1"))
                    .startsWith(shallow.run("rev-parse", "HEAD"));

            work.run("fetch", "-q", url, "release/1");
            work.run("reset", "-q", "--hard", "FETCH_HEAD");
            work.write("Servicefile", SERVICES + "  scale: 2\n").commit("cut");
            String before = shallow.run("rev-parse", "HEAD");
            String next = work.run("rev-parse", "HEAD");
            byte[] pack = pack(work, before, next);
            String release = before + " " + next + " refs/heads/release/1\0 report-status";
            answer(begun(site, key), Arrays.copyOf(pack, pack.length / 2), release);
            assertThat(work.run("ls-remote", url, "refs/heads/release/1")).startsWith(before);

            Process late = begun(site, key);
            assertThat(late.getInputStream().read())
                    .as("it was told where the branches are")
                    .isEqualTo('0');
            shallow.write("Servicefile", SERVICES + "  labels: {x: y}\n").commit("sooner");
            shallow.run("push", "-q", url, "HEAD:release/1");
            assertThat(answer(late, pack, release, "0".repeat(40) + " " + next + " refs/heads/release/4"))
                    .contains("unpack ok", "ng refs/heads/release/1 ", "ng refs/heads/release/4 ");
            assertThat(work.run("ls-remote", url))
                    .contains(shallow.run("rev-parse", "HEAD") + "\trefs/heads/release/1")
                    .doesNotContain("release/4");

            work.run("fetch", "-q", url, "release/1");
            work.run("reset", "-q", "--hard", "FETCH_HEAD");
            work.write("one", "x").commit("one");
            shallow.write("two", "x").commit("two");
            CompletableFuture<GitProgram.Result> other = shallow.begin("push", url, "HEAD:release/1");
            List<GitProgram.Result> results = List.of(work.attempt("push", url, "HEAD:release/1"), other.join());
            assertThat(results).filteredOn(result -> result.status() == 0).hasSize(1);
            assertThat(site.running()).anyMatch(instance -> instance.startsWith("shop-1-web-"));
        }
    }

    private static byte[] pack(GitProgram work, String old, String next) throws Exception {
        Path list = Files.writeString(work.folder().resolveSibling("objects"), next + "\n^" + old + "\n");
        Process packing = new ProcessBuilder("git", "pack-objects", "--revs", "--stdout", "-q")
                .directory(work.folder().toFile())
                .redirectInput(list.toFile())
                .start();
        byte[] pack = packing.getInputStream().readAllBytes();
        assertThat(packing.waitFor()).isZero();
        return pack;
    }

    private static Process begun(GitSite site, Path key) throws IOException {
        List<String> command = new ArrayList<>(List.of("timeout", "20"));
        command.addAll(site.ssh(key));
        command.addAll(List.of("-p", String.valueOf(site.port()), "git@127.0.0.1", "git-receive-pack '/shop.git'"));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** What comes back for these commands and the pack, or as much of it as there is. */
    private static String answer(Process push, byte[] pack, String... lines) throws Exception {
        try (OutputStream out = push.getOutputStream()) {
            for (String line : lines) {
                out.write("%04x%s".formatted(line.length() + 4, line).getBytes(StandardCharsets.ISO_8859_1));
            }
            out.write("0000".getBytes(StandardCharsets.ISO_8859_1));
            out.write(pack);
        }
        String answer = new String(push.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        push.waitFor();
        return answer;
    }
}
