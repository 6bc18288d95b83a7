package org.portolan.gitserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.event.Event;
import org.portolan.model.state.Scope;
import org.portolan.source.git.GitProgram;

/** The Git server as the git and ssh programs of the system see it. */
@Tag("real")
class GitDoorTest {
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path folder;

    private GitSite site(String sources) throws IOException {
        return new GitSite(folder, sources, 100 * MEBIBYTE);
    }

    @Test
    void aPushDeploysAndItsOutputSaysHow() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("shop", key, GitSite.file("shop", "1"));
            GitProgram.Result pushed = work.attempt("push", site.url("shop"), "main");
            assertThat(pushed.output()).contains("remote: ---> ", "remote: main ", ": done");
            assertThat(pushed.status()).isZero();
            assertThat(site.running()).containsExactly("shop-web-1-1");
            assertThat(Files.getPosixFilePermissions(site.state.resolve("git_host_key")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));

            work.write("Servicefile", GitSite.file("shop", "bad")).commit("bad");
            GitProgram.Result failed = work.attempt("push", site.url("shop"), "main");
            assertThat(failed.output())
                    .contains("remote: error: deployment shop is failing: ", ": FAILED; the commit is");
            assertThat(failed.status()).as("the branch has moved").isZero();
            assertThat(site.running()).containsExactly("shop-web-1-1");

            work.run("checkout", "-q", "-b", "topic");
            work.write("more", "x").commit("topic");
            assertThat(work.attempt("push", site.url("shop"), "topic", "HEAD:refs/tags/v1")
                            .output())
                    .contains("topic is not deployed: shop deploys main");
            GitProgram other = site.git(Files.createDirectories(folder.resolve("clones")), key);
            other.run("clone", "-q", "--depth", "1", site.url("shop"), "shallow");
            assertThat(folder.resolve("clones/shallow/Servicefile")).content().contains("web:bad");
            assertThat(work.attempt("push", site.url("shop"), "HEAD:refs/notes/x")
                            .output())
                    .contains("only branches and tags can be pushed");
            List<String> audit = site.sim.store.connect("audit").auditBefore("", 100).stream()
                    .map(Event::message)
                    .toList();
            assertThat(audit).anyMatch(line -> line.matches("git push shop main [0-9a-f]{7}, from 127.0.0.1"));
        }
    }

    @Test
    void aPushOfManyTagsIsOneEntryOfTheAuditLog() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("shop", key, GitSite.file("shop", "1"));
            for (int i = 1; i <= 30; i++) {
                work.run("tag", "v" + i);
            }
            assertThat(work.attempt("push", "--tags", site.url("shop"), "main").status())
                    .isZero();
            List<String> audit = site.sim.store.connect("audit").auditBefore("", 100).stream()
                    .map(Event::message)
                    .filter(line -> line.startsWith("git push"))
                    .toList();
            assertThat(audit).hasSize(1);
            assertThat(audit.getFirst()).contains("git push shop main ", ", v1 ", " and 21 more, from 127.0.0.1");
        }
    }

    @Test
    void anInvalidFileIsRefusedWithItsPlaceAndTheBranchDoesNotMove() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("shop", key, "Name: shop\nweb:\n  image: web:1\n  scal: 2\n");
            GitProgram.Result pushed = work.attempt("push", site.url("shop"), "main");
            assertThat(pushed.output())
                    .contains("remote: Servicefile:4:3", "scal", "[remote rejected] main -> main (not valid");
            assertThat(pushed.status()).isNotZero();
            assertThat(work.run("ls-remote", site.url("shop"))).isEmpty();

            Files.delete(work.folder().resolve("Servicefile"));
            work.write("README", "x").commit("no file");
            assertThat(work.attempt("push", site.url("shop"), "main").output())
                    .contains("Servicefile does not exist in shop.git at main");
            assertThat(site.running()).isEmpty();
            assertThat(site.sim.store.connect("audit").auditBefore("", 100))
                    .as("what was refused was not done")
                    .noneMatch(event -> event.message().contains("git push"));
        }
    }

    @Test
    void aBranchDeploysItsDeploymentAndAKeyOnlyItsOwn() throws Exception {
        try (GitSite site = site("{shop: {url: push, branches: {main: production, staging: staging}},"
                + " plain: {url: push}, site: {url: push, branches: {main: blog}}}")) {
            Path admin = site.admitted("admin", Scope.ADMIN);
            Path limited = site.admitted("ci", Scope.DEPLOY, "staging");
            Path reader = site.admitted("reader", Scope.READ);
            Path team = site.admitted("team", Scope.DEPLOY, "production", "staging");
            GitProgram work = site.work("shop", team, GitSite.file("shop", "1"));
            assertThat(site.git(work.folder(), limited)
                            .attempt("push", site.url("shop"), "main:staging")
                            .output())
                    .as("by its rules the source is also another deployment's")
                    .contains("there is no repository shop for the key key-ci");
            assertThat(work.attempt("push", site.url("shop"), "main:staging").output())
                    .contains("staging ", ": done");
            assertThat(site.running()).containsExactly("staging-web-1-1");
            GitProgram all = site.git(work.folder(), admin);
            all.run("push", "-q", site.url("shop"), "main");
            assertThat(site.running()).containsExactly("production-web-1-1", "staging-web-1-1");

            GitProgram reading = site.git(work.folder(), reader);
            assertThat(reading.attempt("fetch", site.url("shop")).status()).isZero();
            assertThat(reading.attempt("push", site.url("shop"), "main").output())
                    .contains("the key key-reader has the scope read, a push needs deploy");

            Path deployer = site.admitted("bob", Scope.DEPLOY);
            GitProgram bob = site.git(work.folder(), deployer);
            bob.run("commit", "-q", "--amend", "-m", "rewritten");
            assertThat(bob.attempt("push", "--force", site.url("shop"), "main").output())
                    .contains("only a key with scope admin may delete or rewrite it");
            assertThat(bob.attempt("push", site.url("shop"), ":staging").status())
                    .isNotZero();
            assertThat(all.attempt("push", "--force", site.url("shop"), "main").status())
                    .isZero();
            GitProgram.Result deleted = all.attempt("push", site.url("shop"), ":staging");
            assertThat(deleted.output()).contains("staging is deleted: nothing is deployed");
            assertThat(deleted.status()).isZero();
            assertThat(site.running()).containsExactly("production-web-1-1", "staging-web-1-1");

            assertThat(bob.attempt("push", site.url("new"), "main").output()).contains("there is no repository new");
            all.write("Servicefile", GitSite.file("blog", "1")).commit("another");
            assertThat(all.attempt("push", site.url("new"), "HEAD:trunk").output())
                    .contains("trunk ", ": done");
            assertThat(site.running()).contains("blog-web-1-1");
            assertThat(site.repository("new").resolve("HEAD")).content().contains("refs/heads/trunk");
            all.write("Servicefile", GitSite.file("other", "1")).commit("renamed");
            GitProgram blogger = site.git(work.folder(), site.admitted("blogger", Scope.DEPLOY, "blog"));
            assertThat(blogger.attempt("ls-remote", site.url("plain")).output())
                    .as("nothing was deployed of it yet")
                    .contains("there is no repository plain for the key key-blogger");
            assertThat(blogger.attempt("ls-remote", site.url("site")))
                    .as("its rules tell before the first release")
                    .isEqualTo(new GitProgram.Result(0, ""));
            assertThat(blogger.attempt("push", site.url("new"), "HEAD:trunk").output())
                    .contains("the key key-blogger may not change the deployment other");
        }
    }

    @Test
    void onlyKnownKeysComeInAndOnlyForGit() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            GitSite.pause(1500);
            assertThat(site.door.describe()).as("nobody could come in yet").isEmpty();
            List<Path> keys = List.of(
                    site.key("ed", "-t", "ed25519"),
                    site.key("ec", "-t", "ecdsa", "-b", "384"),
                    site.key("rsa", "-t", "rsa", "-b", "2048"));
            for (Path key : keys) {
                site.allow(key, Scope.READ);
                assertThat(site.git(folder, key).attempt("ls-remote", site.url("shop")))
                        .isEqualTo(new GitProgram.Result(0, ""));
            }
            Path wrong = site.key("wrong", "-t", "ed25519");
            assertThat(site.git(folder, wrong)
                            .attempt("ls-remote", site.url("shop"))
                            .output())
                    .contains("Permission denied (publickey)");

            Path key = keys.getFirst();
            String only = "portolan: only git push, fetch and clone are possible here";
            assertThat(site.ssh(key, "git@127.0.0.1")).isEqualTo(new GitProgram.Result(128, only));
            for (String command : List.of(
                    "id",
                    "git-shell",
                    "git-receive-pack '/../../etc'",
                    "git-upload-pack 'shop.git'; id",
                    "git-upload-archive 'shop.git'")) {
                assertThat(site.ssh(key, "git@127.0.0.1", command)).isEqualTo(new GitProgram.Result(128, only));
            }
            assertThat(site.ssh(key, "-s", "git@127.0.0.1", "sftp").status()).isNotZero();
            assertThat(site.ssh(key, "-W", "127.0.0.1:" + site.port(), "git@127.0.0.1")
                            .status())
                    .isNotZero();
            assertThat(site.ssh(key, "-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1", "git@127.0.0.1")
                            .status())
                    .isEqualTo(255);
        }
    }

    @Test
    void whatIsTooLargeOrNoPackIsRefusedAndTheServerGoesOn() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", MEBIBYTE)) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("shop", key, GitSite.file("shop", "1"));
            byte[] noise = new byte[(int) (3 * MEBIBYTE)];
            new Random(1).nextBytes(noise);
            Files.write(work.folder().resolve("noise"), noise);
            work.commit("large");
            GitProgram.Result large = work.attempt("push", site.url("shop"), "main");
            assertThat(large.status()).isNotZero();
            assertThat(large.output()).contains("Object too large");
            work.run("reset", "-q", "--hard", "HEAD~1");
            for (String part : List.of("a", "b", "c")) {
                byte[] half = new byte[(int) MEBIBYTE / 2];
                new Random(part.hashCode()).nextBytes(half);
                Files.write(work.folder().resolve(part), half);
            }
            work.commit("many");
            GitProgram.Result many = work.attempt("push", site.url("shop"), "main");
            assertThat(many.status()).isNotZero();
            assertThat(many.output()).contains("exceeds the limit of 1,048,576");

            String id = "1".repeat(40);
            String line = "0".repeat(40) + " " + id + " refs/heads/main\0 report-status";
            byte[] head = "%04x%s0000PACK".formatted(line.length() + 4, line).getBytes(StandardCharsets.ISO_8859_1);
            byte[] countless = {0, 0, 0, 2, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff};
            assertThat(raw(site, key, head, countless)).contains("the push has 2147483647 objects, more than 500000");
            byte[] nonsense = {
                0, 0, 0, 2, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21
            };
            assertThat(raw(site, key, head, nonsense)).contains("unpack").doesNotContain("unpack ok");

            work.run("reset", "-q", "--hard", "HEAD~1");
            assertThat(work.attempt("push", site.url("shop"), "main").status()).isZero();
            assertThat(site.running()).containsExactly("shop-web-1-1");
        }
    }

    private static Process begun(GitSite site, Path key, String service) throws IOException {
        List<String> command = new ArrayList<>(List.of("timeout", "20"));
        command.addAll(site.ssh(key));
        command.addAll(List.of("-p", String.valueOf(site.port()), "git@127.0.0.1", service));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private String raw(GitSite site, Path key, byte[]... parts) throws IOException {
        Process process = begun(site, key, "git-receive-pack '/shop.git'");
        try (OutputStream out = process.getOutputStream()) {
            for (byte[] part : parts) {
                out.write(part);
            }
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void whenTheClientIsKilledTheReleaseIsFinished() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("shop", key, GitSite.file("shop", "1"));
            ProcessBuilder builder = new ProcessBuilder("git", "push", site.url("shop"), "main");
            builder.environment().put("GIT_SSH_COMMAND", String.join(" ", site.ssh(key)));
            Process push = builder.directory(work.folder().toFile())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader reader = push.inputReader()) {
                String line = reader.readLine();
                while (line != null && !line.startsWith("remote: --->")) {
                    line = reader.readLine();
                }
                assertThat(line).isNotNull();
            }
            push.descendants().forEach(ProcessHandle::destroyForcibly);
            push.destroyForcibly().waitFor();
            for (int i = 0; i < 500 && site.running().isEmpty(); i++) {
                GitSite.pause(20);
            }
            assertThat(site.running()).containsExactly("shop-web-1-1");
            assertThat(work.run("ls-remote", site.url("shop"))).contains("refs/heads/main");
        }
    }

    @Test
    void aKeyThatIsRemovedEndsOnOpenConnectionsToo() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            Path other = site.admitted("bob", Scope.READ);
            site.work("shop", key, GitSite.file("shop", "1")).run("push", "-q", site.url("shop"), "main", "main:topic");
            String topic = site.git(folder, other)
                    .run("ls-remote", site.url("shop"), "topic")
                    .substring(0, 40);
            Path shared = folder.resolve("shared");
            List<String> command = new ArrayList<>(site.ssh(key));
            command.addAll(
                    List.of("-M", "-S", shared.toString(), "-N", "-p", String.valueOf(site.port()), "git@127.0.0.1"));
            Process connection = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Process push = null;
            try {
                for (int i = 0; i < 500 && !Files.exists(shared); i++) {
                    GitSite.pause(20);
                }
                GitProgram through = new GitProgram(folder)
                        .with("GIT_SSH_COMMAND", String.join(" ", site.ssh(key)) + " -S " + shared);
                assertThat(through.attempt("ls-remote", site.url("shop")).status())
                        .isZero();
                push = begun(site, key, "git-receive-pack '/shop.git'");
                int first = push.getInputStream().read();
                assertThat(first).as("it was let in").isEqualTo('0');

                site.remove(key);
                GitSite.pause(600);
                assertThat(through.attempt("ls-remote", site.url("shop")).output())
                        .contains("the key key-anna was removed or changed, or has expired");
                String line = topic + " " + "0".repeat(40) + " refs/heads/topic\0 report-status";
                push.getOutputStream()
                        .write("%04x%s0000".formatted(line.length() + 4, line).getBytes(StandardCharsets.ISO_8859_1));
                push.getOutputStream().close();
                assertThat(new String(push.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .contains("ng refs/heads/topic not checked");
                assertThat(site.git(folder, other).run("ls-remote", site.url("shop"), "topic"))
                        .startsWith(topic);
            } finally {
                connection.destroyForcibly().waitFor();
                if (push != null) {
                    push.destroyForcibly().waitFor();
                }
            }
        }
    }

    @Test
    void clonesAtOnceAreLimited() throws Exception {
        try (GitSite site = site("{shop: {url: push}}")) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("shop", key, GitSite.file("shop", "1"));
            work.run("push", "-q", site.url("shop"), "main");
            List<Process> open = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    Process clone = begun(site, key, "git-upload-pack '/shop.git'");
                    open.add(clone);
                    assertThat(clone.getInputStream().read()).isEqualTo('0');
                }
                assertThat(work.attempt("ls-remote", site.url("shop")).output())
                        .contains("too many clones and fetches at once");
            } finally {
                for (Process clone : open) {
                    clone.destroyForcibly().waitFor();
                }
            }
            assertThat(work.attempt("ls-remote", site.url("shop")).status())
                    .as("they are gone")
                    .isZero();
        }
    }
}
