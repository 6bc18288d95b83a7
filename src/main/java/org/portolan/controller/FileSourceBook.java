package org.portolan.controller;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.portolan.config.ConfigurationEditor;
import org.portolan.config.NewSource;
import org.portolan.config.SourceSettings;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** That of a file of this machine. */
public final class FileSourceBook implements SourceBook {
    private final ConfigurationEditor editor;
    private final Supplier<List<SourceSettings>> sources;

    /** @param sources as the file has them now */
    public FileSourceBook(ConfigurationEditor editor, Supplier<List<SourceSettings>> sources) {
        this.editor = editor;
        this.sources = sources;
    }

    @Override
    public boolean here() {
        return true;
    }

    @Override
    public Listed list() {
        // First: a change that comes in between makes it an old one.
        String tag = editor.tag();
        return new Listed(sources.get().stream().map(FileSourceBook::entry).toList(), tag);
    }

    private static Entry entry(SourceSettings source) {
        Optional<SourceSettings.Watch> watch = source.watch();
        return new Entry(
                source.name(),
                source.location(),
                source.path(),
                watch.flatMap(SourceSettings.Watch::ref),
                watch.map(each -> List.copyOf(each.branches().keySet())).orElse(List.of()),
                watch.isPresent());
    }

    @Override
    public String add(String name, SequencedMap<String, String> keys, Predicate<String> seen) {
        if (!NewSource.isName(name)) {
            throw new Failure(Kind.INVALID, "'" + name + "' is not a valid name of a source")
                    .withHint("use letters, digits, hyphens and _, at most 63");
        }
        return editor.add(new NewSource(name, keys), seen).toString();
    }

    @Override
    public String remove(String name, Predicate<String> seen) {
        return editor.remove(name, seen).toString();
    }
}
