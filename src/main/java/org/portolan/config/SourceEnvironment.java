package org.portolan.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.SourceId;
import org.portolan.servicefile.decode.FlatFile;

/**
 * The variables that the configuration gives a source, in place of the environment of the deploying user.
 *
 * @param plain written in the configuration: secret only where their names say so
 * @param secret from files of variables
 */
public record SourceEnvironment(SortedMap<String, String> plain, SortedMap<String, String> secret) {
    private static final long MOST_BYTES = 1 << 20;

    /**
     * Lays all that speaks of a source over each other.
     *
     * @throws Failure when a file of variables cannot be read
     */
    public static SourceEnvironment of(List<SourceSettings> all, SourceId source) {
        SortedMap<String, String> plain = new TreeMap<>();
        SortedMap<String, String> secret = new TreeMap<>();
        for (SourceSettings settings : SourceSettings.of(all, source)) {
            for (Path file : settings.envFiles()) {
                SortedMap<String, String> variables = read(file, settings);
                plain.keySet().removeAll(variables.keySet());
                secret.putAll(variables);
            }
            settings.env().forEach((name, value) -> {
                secret.remove(name);
                plain.put(name, value.text());
            });
        }
        return new SourceEnvironment(plain, secret);
    }

    /** The same with these over it. */
    public SourceEnvironment with(Map<String, String> variables) {
        SortedMap<String, String> open = new TreeMap<>(plain);
        SortedMap<String, String> hidden = new TreeMap<>(secret);
        hidden.keySet().removeAll(variables.keySet());
        open.putAll(variables);
        return new SourceEnvironment(open, hidden);
    }

    private static SortedMap<String, String> read(Path file, SourceSettings settings) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw unreadable(file, settings, "it is larger than 1 MiB");
            }
            return FlatFile.variables(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            throw unreadable(file, settings, "it does not exist");
        } catch (IOException problem) {
            throw unreadable(file, settings, String.valueOf(problem.getMessage()));
        }
    }

    private static Failure unreadable(Path file, SourceSettings settings, String why) {
        return new Failure(
                        Kind.INVALID,
                        settings.at() + ": the source " + settings.name() + " cannot read its env file " + file + ": "
                                + why)
                .withHint("make the file readable for the deploying user, or remove it from env_files");
    }

    @Override
    public String toString() {
        return plain.keySet() + " and, secret, " + secret.keySet();
    }
}
