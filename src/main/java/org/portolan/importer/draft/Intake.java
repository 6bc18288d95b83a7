package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.portolan.model.Position;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * The documents of one import, with what was used of them. Reading a value through a {@link Cursor} uses it; what was
 * neither used nor reported when the import ends is reported by {@link #finish}, so nothing can be dropped silently.
 */
public final class Intake {
    private final Set<YamlNode> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<YamlNode> documents = new ArrayList<>();
    private final Set<Remark> remarks = new LinkedHashSet<>();

    /** Adds a document; what of it stays unused is reported. */
    public Cursor add(YamlNode document) {
        documents.add(document);
        return new Cursor(this, document, "", document.at());
    }

    /** A place in a tree that was made of parts of the documents. */
    public Cursor cursor(YamlNode node, String path, Position at) {
        return new Cursor(this, node, path, at);
    }

    /** Counts everything in it as used. */
    public void use(YamlNode node) {
        switch (node) {
            case YamlNode.Scalar scalar -> used.add(scalar);
            case YamlNode.Sequence list -> list.items().forEach(this::use);
            case YamlNode.Mapping map -> map.entries().forEach(entry -> use(entry.value()));
        }
    }

    /** Reports something. */
    public void remark(Position at, Remark.Kind kind, String subject, String text) {
        remarks.add(new Remark(at, kind, subject, text));
    }

    /** Reports that a line of a document that YAML does not see is not in the Servicefile. */
    public void lost(Cursor document, int line, String why) {
        remark(new Position(document.at().file(), line, 1), Remark.Kind.LOST, "", why);
    }

    /** Takes what was reported of a key back: it turned out not to matter. */
    public void retract(Remark.Kind kind, String subject) {
        remarks.removeIf(remark -> remark.kind() == kind && remark.subject().equals(subject));
    }

    /**
     * Reports everything that nothing used: a whole map or list in one line.
     *
     * @param why what to say of a key, by its path
     */
    public void finish(Function<String, String> why) {
        for (YamlNode document : documents) {
            report(document, document.at(), "", why);
        }
    }

    /** The report: what a person must do, what is missing, what is changed, each in the order of the input. */
    public List<Remark> remarks() {
        List<Remark> sorted = new ArrayList<>(remarks);
        sorted.sort(Comparator.comparing((Remark remark) -> remark.at().file()).thenComparing(Remark::at));
        return sorted;
    }

    private void report(YamlNode node, Position at, String path, Function<String, String> why) {
        if (!anyLeft(node)) {
            return;
        }
        if (!path.isEmpty() && !anyUsed(node)) {
            use(node);
            remark(at, Remark.Kind.LOST, path, why.apply(path));
        } else if (node instanceof YamlNode.Mapping map) {
            for (YamlNode.Entry entry : map.entries()) {
                report(entry.value(), entry.key().at(), join(path, entry.key().text()), why);
            }
        } else if (node instanceof YamlNode.Sequence list) {
            int index = 0;
            for (YamlNode item : list.items()) {
                report(item, item.at(), path + "[" + index++ + "]", why);
            }
        } else {
            use(node);
            remark(at, Remark.Kind.LOST, path, why.apply(path));
        }
    }

    private boolean anyLeft(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> !used.contains(scalar);
            case YamlNode.Sequence list -> list.items().stream().anyMatch(this::anyLeft);
            case YamlNode.Mapping map -> map.entries().stream().anyMatch(entry -> anyLeft(entry.value()));
        };
    }

    private boolean anyUsed(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> used.contains(scalar);
            case YamlNode.Sequence list -> list.items().stream().anyMatch(this::anyUsed);
            case YamlNode.Mapping map -> map.entries().stream().anyMatch(entry -> anyUsed(entry.value()));
        };
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
