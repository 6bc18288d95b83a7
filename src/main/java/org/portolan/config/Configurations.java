package org.portolan.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Finds and reads the configuration. Without a file nothing is parsed. */
public final class Configurations {
    private Configurations() {}

    /** The configuration file, whether it exists or not: {@code PORTOLAN_CONFIG}, else {@code portolan.yaml} in the home. */
    public static Path file(Map<String, String> environment, Path home) {
        return named(environment).orElseGet(() -> home.resolve("portolan.yaml"));
    }

    /**
     * Reads the configuration.
     *
     * @param home the state directory
     * @throws org.portolan.model.InvalidInput with every fault at once
     */
    public static Configuration read(Map<String, String> environment, Path home) {
        Path file = file(environment, home);
        return ConfigReader.read(entries(environment, home), environment, home, base(file, home));
    }

    /**
     * Reads what is to become the configuration's file.
     *
     * @param shown the file, for people
     * @throws org.portolan.model.InvalidInput with every fault at once
     */
    static void validate(String shown, String text, Map<String, String> environment, Path home) {
        Path folder = file(environment, home).toAbsolutePath().getParent();
        ConfigReader.read(ConfigFile.text(shown, text), environment, home, folder == null ? home : folder);
    }

    /** What relative paths start at. */
    static Path base(Path file, Path home) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null || !Files.exists(file) ? home : folder;
    }

    /** What the file says; nothing when there is none. */
    static List<ConfigEntry> entries(Map<String, String> environment, Path home) {
        Path file = file(environment, home);
        if (!Files.exists(file)) {
            if (named(environment).isPresent()) {
                throw new Failure(
                        Kind.NOT_FOUND, "the configuration file " + file + " (PORTOLAN_CONFIG) does not exist");
            }
            return List.of();
        }
        return ConfigFile.read(file);
    }

    private static Optional<Path> named(Map<String, String> environment) {
        String name = environment.getOrDefault("PORTOLAN_CONFIG", "");
        return name.isBlank() ? Optional.empty() : Optional.of(Path.of(name));
    }
}
