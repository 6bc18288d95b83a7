package org.portolan.importer;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.portolan.importer.compose.ComposeImport;
import org.portolan.importer.kamal.KamalImport;
import org.portolan.importer.kaylee.KayleeImport;
import org.portolan.importer.marathon.MarathonImport;
import org.portolan.servicefile.yaml.YamlNode;

/** A system whose files can be imported. */
public enum ForeignSystem {
    /** Docker Compose. */
    COMPOSE("Compose"),
    /** Kamal. */
    KAMAL("Kamal"),
    /** Marathon, and marathon_deploy. */
    MARATHON("Marathon"),
    /** kaylee. */
    KAYLEE("kaylee");

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
        if (root instanceof YamlNode.Mapping map) {
            if (ComposeImport.recognises(map)) {
                return Optional.of(COMPOSE);
            }
            if (KamalImport.recognises(map)) {
                return Optional.of(KAMAL);
            }
            if (KayleeImport.recognises(map)) {
                return Optional.of(KAYLEE);
            }
        }
        return MarathonImport.recognises(root) ? Optional.of(MARATHON) : Optional.empty();
    }
}
