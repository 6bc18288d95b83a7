package org.portolan.store.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;
import org.portolan.process.Programs;

/** Finds a redis-server: one on the PATH first, else the one that the library embedded-redis brings for this system. */
final class RedisPrograms {
    private static final String EXECUTABLE = "rwx------";

    private final Path directory;
    private final Optional<Path> installed;

    RedisPrograms(Path directory) {
        this(directory, Programs.find("redis-server"));
    }

    RedisPrograms(Path directory, Optional<Path> installed) {
        this.directory = directory;
        this.installed = installed;
    }

    /**
     * A program to start.
     *
     * @param olderThanFiles whether the folder's data files are in the form of a newer Redis, which this one would overlook
     */
    record Program(Path file, boolean olderThanFiles) {}

    Program choose() {
        return installed
                .map(file -> new Program(file, false))
                .orElseGet(() -> new Program(extract(), DataFiles.inNewerForm(directory)));
    }

    private Path extract() {
        String name = resource()
                .orElseThrow(() -> missing("this build contains no Redis for this system ("
                        + System.getProperty("os.name") + ", " + System.getProperty("os.arch") + ")"));
        Path file = directory.resolve("server").resolve(name);
        // Named apart, since only what runs as redis-server is recognised as one.
        Path program = file.resolve("redis-server");
        if (Files.isExecutable(program)) {
            return program;
        }
        try (InputStream content = RedisPrograms.class.getResourceAsStream("/" + name)) {
            if (content == null) {
                throw missing("this build of Portolan contains no Redis");
            }
            Home.makeFolder(file);
            AtomicFiles.write(program, content.readAllBytes(), EXECUTABLE);
            return program;
        } catch (IOException problem) {
            throw FileProblems.failure("unpack", program, problem);
        }
    }

    private static Failure missing(String why) {
        return new Failure(Kind.UNAVAILABLE, "redis-server is not on the PATH, and " + why)
                .withHint("install redis-server (6.2 or newer), or set PORTOLAN_REDIS to a server's address");
    }

    /** The library's file for this system, as embedded-redis 1.4.4 names it. */
    private static Optional<String> resource() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch", "");
        if (system.startsWith("linux")) {
            return switch (architecture) {
                case "amd64", "x86_64" -> Optional.of("redis-server-6.2.6-v5-linux-amd64");
                case "aarch64", "arm64" -> Optional.of("redis-server-6.2.7-linux-arm64");
                case "x86", "i386", "i686" -> Optional.of("redis-server-6.2.7-linux-386");
                default -> Optional.empty();
            };
        }
        if (system.startsWith("mac")) {
            return architecture.equals("aarch64")
                    ? Optional.of("redis-server-6.2.6-v5-darwin-arm64")
                    : Optional.of("redis-server-6.2.6-v5-darwin-amd64");
        }
        return Optional.empty();
    }
}
