package org.portolan.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.Commands;
import org.portolan.process.Home;
import org.portolan.process.Programs;
import org.portolan.process.StateFiles;

/** Root's systemd, or a user's own manager. */
final class Systemd {
    private static final Duration SHORT = Duration.ofSeconds(20);
    /** Stopping the controller waits for what is in progress. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Path folder;
    private final boolean root;

    Systemd(Map<String, String> environment) {
        root = isRoot();
        folder = root
                ? Path.of("/etc/systemd/system")
                : Home.userHome(environment).resolve(".config/systemd/user");
    }

    static boolean isRoot() {
        return System.getProperty("user.name", "").equals("root");
    }

    /** Whether this machine was started by it. */
    static boolean runs() {
        return Files.isDirectory(Path.of("/run/systemd/system"))
                && Programs.find("systemctl").isPresent();
    }

    boolean isUsers() {
        return !root;
    }

    Path file(String unit) {
        return folder.resolve(unit);
    }

    /** Writes a unit; false when it is there already with this text. */
    boolean write(String unit, String text) {
        if (StateFiles.holds(file(unit), text)) {
            return false;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw new Failure(Kind.FAILED, "cannot create " + folder + ": " + unwritable.getMessage());
        }
        AtomicFiles.write(file(unit), text.getBytes(StandardCharsets.UTF_8), AtomicFiles.READABLE);
        return true;
    }

    void call(String... words) {
        Commands.Result result = tried(words);
        if (!result.succeeded()) {
            throw new Failure(Kind.FAILED, "systemctl " + String.join(" ", words) + " failed")
                    .withDetails(result.output().strip().lines().toList());
        }
    }

    /** Whether a unit runs. */
    boolean active(String unit) {
        return tried("is-active", "--quiet", unit).succeeded();
    }

    private Commands.Result tried(String... words) {
        List<String> command = new ArrayList<>(List.of("systemctl"));
        if (!root) {
            command.add("--user");
        }
        command.addAll(List.of(words));
        return Commands.run(command, List.of(words).contains("--now") || words[0].equals("restart") ? LONG : SHORT);
    }

    /** Stops a unit, and removes it. */
    boolean remove(String unit) {
        if (!Files.exists(file(unit))) {
            return false;
        }
        call("disable", "--now", unit);
        try {
            Files.delete(file(unit));
        } catch (IOException problem) {
            throw new Failure(Kind.FAILED, "cannot remove " + file(unit) + ": " + problem.getMessage());
        }
        call("daemon-reload");
        return true;
    }

    /** A path as one word of a unit file, nothing in it filled in. */
    static String word(Path path) {
        return "\""
                + path.toString()
                        .replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("%", "%%")
                        .replace("$", "$$") + "\"";
    }
}
