package org.portolan.store.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.StoreContract;

/** Another process that uses a store, for tests that kill it. */
final class StoreChild implements AutoCloseable {
    private final Process process;

    private StoreChild(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param url a server's address, or "" for the embedded one
     * @param action {@code read} or {@code hold}
     */
    static StoreChild start(Path directory, String url, String action) throws IOException {
        List<String> line = Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreChild.class.getName(),
                        directory.toString(),
                        url,
                        action)
                .toList();
        return new StoreChild(new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Waits until it has done its part; gives the server's process as it sees it. */
    String awaitLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = process.getInputStream().read();
                c >= 0 && c != '\n';
                c = process.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    void killNine() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        Optional<String> url = args[1].isEmpty() ? Optional.empty() : Optional.of(args[1]);
        RedisStore store = RedisStore.open(RedisServers.settings(url, directory));
        store.deployments();
        if (args[2].equals("hold")) {
            Lease lease = store.acquire("shop", "holds until it is killed").orElseThrow();
            store.commit(lease, Commit.of(StoreContract.fullState("shop")));
        }
        String server = StoreProcesses.of(directory).stream()
                .map(process -> Long.toString(process.pid()))
                .findFirst()
                .orElse("");
        System.out.write((server + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        if (args[2].equals("hold")) {
            Thread.sleep(60_000);
        }
    }
}
