package org.portolan.source.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The real git program in a folder, without anybody's configuration and with its own identities. */
public final class GitProgram {
    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();

    public GitProgram(Path folder) {
        this.folder = folder;
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("HOME", folder.toString());
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        for (String role : List.of("AUTHOR", "COMMITTER")) {
            environment.put("GIT_" + role + "_NAME", "Ada Lovelace");
            environment.put("GIT_" + role + "_EMAIL", "ada@example.org");
        }
    }

    public static GitProgram repository(Path folder) {
        GitProgram git = new GitProgram(folder);
        git.run("init", "-q", "-b", "main");
        return git;
    }

    public static GitProgram bare(Path folder) {
        GitProgram git = new GitProgram(folder);
        git.run("init", "-q", "--bare", "-b", "main");
        return git;
    }

    public Path folder() {
        return folder;
    }

    /** What it runs with. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    public GitProgram with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public GitProgram write(String path, String content) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }

    /** Commits everything and returns the commit's id. */
    public String commit(String message) {
        run("add", "-A");
        run("commit", "-q", "--allow-empty", "-m", message);
        return run("rev-parse", "HEAD");
    }

    /** What git wrote, both streams, without the last line end. */
    public String run(String... arguments) {
        Result result = attempt(arguments);
        if (result.status() != 0) {
            throw new AssertionError("git " + List.of(arguments) + ": " + result.status() + "\n" + result.output());
        }
        return result.output();
    }

    public Result attempt(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        return execute(folder, environment, command);
    }

    /**
     * The same in a separate thread. The common pool may have one thread only, and JGit waits for that pool when it first sees a file
     * system: a server in this process would wait for its client.
     */
    public CompletableFuture<Result> begin(String... arguments) {
        return CompletableFuture.supplyAsync(
                () -> attempt(arguments), task -> Thread.ofPlatform().daemon().start(task));
    }

    public static Result execute(Path folder, Map<String, String> environment, List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.directory(Files.createDirectories(folder).toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException | InterruptedException problem) {
            throw new AssertionError(problem);
        }
    }

    /** How a program ended. */
    public record Result(int status, String output) {}
}
