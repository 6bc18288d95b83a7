package org.portolan.gitserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.state.Scope;
import org.portolan.source.git.GitProgram;

/** What becomes of clients over SSH whose controller is stopped. */
@Tag("real")
class GitDoorStopTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    /** Its branch has moved: one that is cut off would say that the push failed. */
    @Test
    void aPushThatIsFollowedEndsWithTheController() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", 100 * MEBIBYTE)) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            GitProgram work = site.work("shop", key, GitSite.file("shop", "1"));
            String url = site.url("shop");
            site.held = true;
            CompletableFuture<GitProgram.Result> push = work.begin("push", url, "main");
            Path branch = site.repository("shop").resolve("refs/heads/main");
            for (int i = 0; i < 2000 && !Files.exists(branch); i++) {
                GitSite.pause(10);
            }
            site.door.stop(DEADLINE);
            GitProgram.Result ended = push.join();
            assertThat(ended.output())
                    .contains("remote: main ", "NOT FINISHED: it continues in the controller")
                    .contains("main -> main");
            assertThat(ended.status()).as("the branch has moved").isZero();
            site.held = false;
            for (int i = 0; i < 500 && site.running().isEmpty(); i++) {
                GitSite.pause(20);
            }
            assertThat(site.running()).containsExactly("shop-web-1-1");
        }
    }

    @Test
    void whoDoesNothingIsNotWaitedFor() throws Exception {
        try (GitSite site = new GitSite(folder, "{shop: {url: push}}", 100 * MEBIBYTE)) {
            Path key = site.admitted("anna", Scope.DEPLOY);
            Path shared = folder.resolve("shared");
            List<String> command = new ArrayList<>(site.ssh(key));
            command.addAll(
                    List.of("-M", "-S", shared.toString(), "-N", "-p", String.valueOf(site.port()), "git@127.0.0.1"));
            Process connection = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                for (int i = 0; i < 1000 && !Files.exists(shared); i++) {
                    GitSite.pause(20);
                }
                assertThat(shared).exists();
                long begin = System.nanoTime();
                site.door.stop(DEADLINE);
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
            } finally {
                connection.destroyForcibly().waitFor();
            }
        }
    }
}
