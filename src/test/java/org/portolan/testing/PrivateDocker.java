package org.portolan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Docker Engine of the tests' own, inside {@code scripts/sandbox}: its own data, socket and control group. {@link
 * #shared()} starts one for the whole JVM and ends it with the JVM; nothing outside the sandbox is touched.
 */
public final class PrivateDocker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern IMAGE_ID = Pattern.compile("\"Id\":\"(sha256:[0-9a-f]{64})\"");
    private static @Nullable PrivateDocker shared;

    private final Path folder;
    private final Path socket;
    private final List<String> flags;
    private final Map<String, String> images = new TreeMap<>();
    private Process process;

    private PrivateDocker(Path folder, List<String> flags) {
        this.folder = folder;
        this.socket = folder.resolve("sock");
        this.flags = flags;
        this.process = launch();
    }

    /** The engine of this JVM, started by the first who asks. */
    public static synchronized PrivateDocker shared() {
        PrivateDocker engine = shared;
        if (engine == null) {
            engine = start();
            shared = engine;
            Runtime.getRuntime().addShutdownHook(new Thread(engine::close, "private-docker-end"));
        }
        return engine;
    }

    /** An engine for one test, with further flags of dockerd; the caller closes it. */
    public static PrivateDocker start(String... flags) {
        String sandbox = System.getenv("PORTOLAN_SANDBOX");
        if (sandbox == null) {
            throw new IllegalStateException(
                    "tests with a real engine run inside the sandbox: scripts/sandbox mvn … -Dgroups=real test");
        }
        try {
            return new PrivateDocker(Files.createTempDirectory(Path.of(sandbox), "docker"), List.of(flags));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path socket() {
        return socket;
    }

    /** A value for {@code DOCKER_HOST}. */
    public String host() {
        return "unix://" + socket;
    }

    /** What dockerd wrote so far. */
    public Path log() {
        return folder.resolve("log");
    }

    /** A folder beside the engine's data, removed with it. */
    public Path folder() {
        return folder;
    }

    /** An image of busybox alone, whose command sleeps and obeys TERM. */
    public String busybox() {
        return image("test/busybox:1", Map.of(), sh("trap 'exit 0' TERM; while :; do sleep 0.1; done"), List.of());
    }

    /** A command that runs a script in the image's shell. */
    public static List<String> sh(String script) {
        return List.of("/bin/sh", "-c", script);
    }

    /**
     * Makes an image from scratch: the static busybox with its applets, and files.
     *
     * @param name the reference to give it; the same name again makes it again, with the new content
     * @param files absolute path in the image to text; a text that begins with {@code #!} is executable
     * @param cmd the image's command
     * @param exposed TCP ports that it says it listens on
     * @return the image's id
     */
    public synchronized String image(String name, Map<String, String> files, List<String> cmd, List<Integer> exposed) {
        String key = name + files + cmd + exposed;
        String made = images.get(key);
        if (made != null && made.equals(imageId(name))) {
            return made;
        }
        try {
            Path root = Files.createTempDirectory(folder, "image");
            for (String path : List.of("bin", "tmp", "etc", "proc", "sys", "dev", "root", "var")) {
                Files.createDirectories(root.resolve(path));
            }
            Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
            for (String applet : run(List.of("/bin/busybox", "--list")).split("\n", -1)) {
                Path link = root.resolve("bin").resolve(applet);
                if (!applet.equals("busybox") && !Files.exists(link)) {
                    Files.createSymbolicLink(link, Path.of("busybox"));
                }
            }
            Files.writeString(
                    root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/:/bin/sh\n");
            Files.writeString(root.resolve("etc/group"), "root:x:0:\nuser:x:1000:\n");
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path target = root.resolve(file.getKey().substring(1));
                Files.createDirectories(target.getParent());
                Files.writeString(target, file.getValue());
                if (file.getValue().startsWith("#!") && !target.toFile().setExecutable(true, false)) {
                    throw new IOException("cannot make executable: " + target);
                }
            }
            Path tar = folder.resolve(root.getFileName() + ".tar");
            run(List.of("tar", "-C", root.toString(), "-cf", tar.toString(), "."));
            List<String> command = new ArrayList<>(List.of("import", "--change", "CMD " + json(cmd)));
            command.addAll(List.of("--change", "ENV PATH=/bin"));
            for (int port : exposed) {
                command.addAll(List.of("--change", "EXPOSE " + port));
            }
            command.addAll(List.of(tar.toString(), name));
            String id = docker(command.toArray(String[]::new)).strip();
            Files.delete(tar);
            run(List.of("rm", "-rf", root.toString()));
            images.put(key, id);
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the docker command against this engine and returns what it printed; fails if it fails. */
    public String docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "-H", host()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Removes every container of the engine. */
    public void removeContainers() {
        String all = docker("ps", "-aq").strip();
        if (!all.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("rm", "-f", "-v"));
            command.addAll(List.of(all.split("\n", -1)));
            docker(command.toArray(String[]::new));
        }
    }

    /** Stops the engine's process without ending it: it accepts and never answers. */
    public void freeze() {
        run(List.of("kill", "-STOP", String.valueOf(process.pid())));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!stopped() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** The signal reaches one thread after the other. */
    private boolean stopped() {
        try (var threads = Files.list(Path.of("/proc", String.valueOf(process.pid()), "task"))) {
            return threads.allMatch(thread -> {
                try {
                    return Files.readString(thread.resolve("status")).contains("State:\tT");
                } catch (IOException ended) {
                    return true;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void thaw() {
        run(List.of("kill", "-CONT", String.valueOf(process.pid())));
    }

    /** Kills the engine as power loss would; containers may live on until {@link #restart()}. */
    public void crash() {
        process.destroyForcibly();
        await();
    }

    /** Starts the engine again on its data. */
    public void restart() {
        if (process.isAlive()) {
            process.destroy();
            await();
        }
        process = launch();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            removeContainers();
            process.destroy();
            await();
        }
        unmount();
        run(List.of("rm", "-rf", "--one-file-system", folder.toString()));
    }

    /** An engine that crashed once leaves mounts behind. */
    private void unmount() {
        try {
            List<String> mounts = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
                String mount = line.split(" ", -1)[1];
                if (mount.startsWith(folder + "/")) {
                    mounts.addFirst(mount);
                }
            }
            for (String mount : mounts) {
                run(List.of("umount", "-l", mount));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(
                "dockerd",
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("pid"),
                "--host=unix://" + socket,
                "--cgroup-parent=" + System.getenv().getOrDefault("PORTOLAN_SANDBOX_CGROUP", "/docker-tests")));
        command.addAll(flags);
        try {
            Files.deleteIfExists(folder.resolve("pid"));
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!answers()) {
                if (!started.isAlive() || System.nanoTime() > end) {
                    started.destroyForcibly();
                    throw new IllegalStateException("dockerd did not start:\n" + Files.readString(log()));
                }
                Thread.sleep(20);
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private boolean answers() throws IOException, InterruptedException {
        if (!Files.exists(socket)) {
            return false;
        }
        return new ProcessBuilder("curl", "-sf", "-m", "1", "--unix-socket", socket.toString(), "http://docker/_ping")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private void await() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asked on the engine's socket: to start the docker command for each question costs far more than the answer. */
    private String imageId(String name) {
        try (SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            engine.write(ByteBuffer.wrap(
                    ("GET /images/" + name + "/json HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            Matcher id = IMAGE_ID.matcher(
                    new String(Channels.newInputStream(engine).readAllBytes(), StandardCharsets.UTF_8));
            return id.find() ? id.group(1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String json(List<String> words) {
        StringBuilder text = new StringBuilder("[");
        for (String word : words) {
            text.append(text.length() > 1 ? "," : "")
                    .append('"')
                    .append(word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                    .append('"');
        }
        return text.append(']').toString();
    }

    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + " exited " + status + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
