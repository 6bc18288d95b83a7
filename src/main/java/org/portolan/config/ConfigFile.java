package org.portolan.config;

import java.nio.file.Path;
import java.util.List;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;

/** Reads the configuration file. */
final class ConfigFile {
    private ConfigFile() {}

    static List<ConfigEntry> read(Path file) {
        throw new Failure(ExitStatus.INVALID, "the configuration file " + file + " is not supported yet")
                .withHint("Set the keys as environment variables; docs/configuration.md lists them.");
    }
}
