package org.portolan.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.FileProblems;
import org.portolan.servicefile.decode.FlatFile;

/** Reads the configuration file. */
final class ConfigFile {
    private static final long MOST_BYTES = 1 << 20;
    static final List<String> SECRETS = List.of("password", "redis", "key", "secret", "env", "url", "token");

    private ConfigFile() {}

    static List<ConfigEntry> read(Path file) {
        String text;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new Failure(Kind.INVALID, file + " is larger than 1 MiB");
            }
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw FileProblems.ofGiven("read", file, unreadable);
        }
        return entries(file.toString(), text, "");
    }

    /** The values of a text that is not in a file yet. */
    static List<ConfigEntry> text(String shown, String text) {
        return entries(shown, text, "");
    }

    /** Reads a section that stands alone, in a variable. */
    static List<ConfigEntry> section(String variable, String section, String text) {
        return entries(variable, text, section + ".");
    }

    private static List<ConfigEntry> entries(String shown, String text, String before) {
        List<ConfigEntry> entries = new ArrayList<>();
        List<FlatFile.Value> values = FlatFile.read(shown, text, SECRETS, empty -> {
            // One that nobody knows is a mistake, whatever is in it; of the others it is their default.
            if (before.isEmpty() && !ConfigReader.knows(empty.path())) {
                entries.add(new ConfigEntry(empty.path(), List.of(), empty.at()));
            }
        });
        for (FlatFile.Value value : values) {
            entries.add(new ConfigEntry(before + value.path(), value.items(), value.at()));
        }
        return entries;
    }
}
