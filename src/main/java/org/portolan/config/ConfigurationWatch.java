package org.portolan.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.FileStamp;

/**
 * Looks whether the configuration's file was changed while a process runs. A change is read once the file was the same at two looks,
 * so that a half-written one is not taken. For one thread, but for {@link #hurry}.
 */
public final class ConfigurationWatch {
    private final Map<String, String> environment;
    private final Path home;
    private final Path file;
    private final Configuration started;
    private final Map<ConfigKey, List<String>> startedWith;
    private final boolean wasThere;
    private String settled = "";
    private String seen;
    private byte[] content = {};
    private final AtomicBoolean hurry = new AtomicBoolean();

    /**
     * Begins with a configuration that was read.
     *
     * @param started that the process works with
     */
    public ConfigurationWatch(Map<String, String> environment, Path home, Configuration started) {
        this.environment = environment;
        this.home = home;
        this.file = Configurations.file(environment, home);
        this.started = started;
        this.startedWith = written();
        this.wasThere = Files.exists(file);
        this.seen = FileStamp.of(file);
    }

    private Map<ConfigKey, List<String>> written() {
        try {
            return ConfigReader.written(Configurations.entries(environment, home), environment);
        } catch (Failure changedSince) {
            // It was read a moment ago; the next look says what is wrong.
            return Map.of();
        }
    }

    /**
     * What was found.
     *
     * @param taken what is in force now; empty: what was
     * @param later keys that were changed and need a restart
     * @param fault why it was not taken
     */
    public record Found(Optional<Configuration> taken, List<String> later, Optional<Failure> fault) {}

    /** The file, for people. */
    public Path file() {
        return file;
    }

    /** Has the next look read the file at once. */
    public void hurry() {
        hurry.set(true);
    }

    /** Looks; empty: nothing was changed since the last look that found something. */
    public Optional<Found> look() {
        String now = FileStamp.of(file);
        boolean same = now.equals(seen);
        boolean asked = hurry.getAndSet(false);
        seen = now;
        if (!asked && (!same || now.equals(settled))) {
            return Optional.empty();
        }
        boolean first = settled.isEmpty();
        settled = now;
        byte[] before = content;
        Found found = read();
        // Touched, or written as it was.
        boolean nothing = !asked && !first && Arrays.equals(before, content) && content.length > 0;
        return nothing ? Optional.empty() : Optional.of(found);
    }

    private Found read() {
        // Also of a file that cannot be read: the former one is news then.
        content = new byte[0];
        try {
            content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            if (wasThere && !Files.exists(file)) {
                throw new Failure(Kind.NOT_FOUND, "the configuration file " + file + " does not exist any more");
            }
            Configuration read = Configurations.read(environment, home);
            Map<ConfigKey, List<String>> written = written();
            List<String> later = Arrays.stream(ConfigKey.values())
                    .filter(key -> !Objects.equals(written.get(key), startedWith.get(key)))
                    .map(ConfigKey::path)
                    .toList();
            return new Found(Optional.of(started.with(read)), later, Optional.empty());
        } catch (Failure fault) {
            return new Found(Optional.empty(), List.of(), Optional.of(fault));
        } catch (IOException unreadable) {
            return new Found(
                    Optional.empty(),
                    List.of(),
                    Optional.of(new Failure(Kind.INVALID, "cannot read " + file + ": " + unreadable.getMessage())));
        }
    }
}
