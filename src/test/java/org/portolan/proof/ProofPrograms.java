package org.portolan.proof;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that the proof runs: Portolan as a user has it, docker, docker-compose. */
final class ProofPrograms {
    static final String IMAGE = "proof/server:1";
    private static final int PATIENCE_SECONDS = 180;

    /** How a program ended. */
    record Ended(int status, String output) {}

    private ProofPrograms() {}

    /** Runs a program that must succeed. */
    static String run(Path folder, String... command) throws IOException, InterruptedException {
        Ended ended = run(folder, Map.of(), List.of(command));
        if (ended.status() != 0) {
            throw new IOException(String.join(" ", command) + " exited " + ended.status() + ":\n" + ended.output());
        }
        return ended.output();
    }

    static Ended run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        return end(start(folder, environment, command), command);
    }

    static Process start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    static Ended end(Process process, List<String> command) throws IOException, InterruptedException {
        StringBuilder output = new StringBuilder();
        Thread reader = Thread.ofVirtual().start(() -> {
            try (InputStream in = process.getInputStream()) {
                byte[] block = new byte[4096];
                for (int n = in.read(block); n > 0; n = in.read(block)) {
                    synchronized (output) {
                        output.append(new String(block, 0, n, StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException killed) {
                // A killed process's output ends where it was.
            }
        });
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(
                    String.join(" ", command) + " did not end within " + PATIENCE_SECONDS + " s:\n" + output);
        }
        // A process that it left behind may hold the pipe open.
        reader.join(java.time.Duration.ofSeconds(1));
        synchronized (output) {
            return new Ended(process.exitValue(), output.toString());
        }
    }
}
