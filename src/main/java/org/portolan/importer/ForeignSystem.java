package org.portolan.importer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.portolan.importer.compose.ComposeImport;
import org.portolan.servicefile.yaml.YamlNode;

/** A system whose files can be imported. */
public enum ForeignSystem {
    /** Docker Compose. */
    COMPOSE("Compose");

    private final String title;

    ForeignSystem(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> words() {
        return Stream.of(values()).map(ForeignSystem::word).toList();
    }

    /** The system of a word; empty when there is none. */
    public static Optional<ForeignSystem> named(String word) {
        return Stream.of(values()).filter(system -> system.word().equals(word)).findFirst();
    }

    /** The system that a document looks like one of. */
    static Optional<ForeignSystem> of(YamlNode root) {
        if (root instanceof YamlNode.Mapping map && ComposeImport.recognises(map)) {
            return Optional.of(COMPOSE);
        }
        return Optional.empty();
    }
}
