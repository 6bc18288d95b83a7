package org.portolan.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalServerTest {
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";

    /** A process that watches several sources fetches them side by side. */
    @Test
    void eachFetchHearsItsOwnServerOnly() throws InterruptedException {
        LocalServer.listen();
        run("JGit-Upload-Pack", () -> System.err.println("Missing blob " + ID));

        String[] other = new String[1];
        run("another fetch", () -> {
            LocalServer.listen();
            other[0] = LocalServer.damage().orElse("");
        });

        assertThat(other[0]).isEmpty();
        assertThat(LocalServer.damage()).contains("object " + ID + " is missing");
    }

    private static void run(String name, Runnable work) throws InterruptedException {
        Thread thread = Thread.ofPlatform().name(name).start(work);
        thread.join();
    }
}
