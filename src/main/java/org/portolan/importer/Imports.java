package org.portolan.importer;

import java.util.List;
import java.util.Optional;
import org.portolan.importer.compose.ComposeImport;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Intake;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.kamal.KamalImport;
import org.portolan.importer.kaylee.KayleeImport;
import org.portolan.importer.marathon.MarathonImport;
import org.portolan.importer.running.RunningImport;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Inspection;
import org.portolan.servicefile.yaml.Problems;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.source.FileTree;

/** The way in: a file of another system to a Servicefile. */
public final class Imports {
    private Imports() {}

    /**
     * Translates a file.
     *
     * @param tree the files; nothing outside of it is read
     * @param path the file's path in it
     * @param system the system that it is of; empty: recognised by its content
     * @throws org.portolan.model.InvalidInput when it is not valid YAML or JSON
     * @throws Failure when it is not a file of a system that is known
     */
    public static Imported translate(
            FileTree tree, String path, Optional<ForeignSystem> system, ImportOptions options) {
        Problems first = new Problems();
        Optional<YamlNode> guess = new InputFiles(tree, first, options.secretNames())
                .yaml(path, text -> MacroText.markRuby(MacroText.mark(text)));
        if (system.isEmpty()) {
            first.check();
        }
        ForeignSystem found = system.or(() -> guess.flatMap(ForeignSystem::of)).orElseThrow(() -> new Failure(
                        Kind.INVALID, tree.shown(path) + " is not a file of a system that can be imported")
                .withHint("say what it is: --from " + String.join(", ", ForeignSystem.words())));
        Problems problems = new Problems();
        InputFiles files = new InputFiles(tree, problems, options.secretNames());
        Optional<YamlNode> root = files.yaml(path, text -> prepared(found, text));
        problems.check();
        Intake intake = new Intake();
        Cursor cursor = intake.add(
                root.orElseThrow(() -> new Failure(Kind.INVALID, tree.shown(path) + " is empty or cannot be read")));
        Draft draft =
                switch (found) {
                    case COMPOSE -> ComposeImport.translate(cursor, path, intake, files, options);
                    case KAMAL -> KamalImport.translate(cursor, path, intake, files, options);
                    case MARATHON -> MarathonImport.translate(cursor, path, intake, files, options);
                    case KAYLEE -> KayleeImport.translate(cursor, intake, options);
                };
        problems.check();
        return new Imported(found, draft, intake.remarks());
    }

    /**
     * Translates what runs of a Compose project.
     *
     * @param found all containers of the project
     */
    public static Imported running(String project, List<Inspection> found, ImportOptions options) {
        Problems problems = new Problems();
        Intake intake = new Intake();
        InputFiles none = new InputFiles(new NoFiles(), problems, options.secretNames());
        Draft draft = RunningImport.translate(project, found, intake, none, options);
        problems.check();
        return new Imported(ForeignSystem.COMPOSE, draft, intake.remarks());
    }

    /** What the system's own tools fill in before it is YAML is marked, so that it can be read. */
    private static String prepared(ForeignSystem system, String text) {
        return switch (system) {
            case KAMAL -> MacroText.markRuby(text);
            case MARATHON -> MacroText.mark(text);
            case COMPOSE, KAYLEE -> text;
        };
    }
}
