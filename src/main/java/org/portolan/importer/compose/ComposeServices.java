package org.portolan.importer.compose;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Intake;
import org.portolan.servicefile.yaml.YamlNode;

/** The services of a Compose file with what they extend, and those of the files that it includes. */
final class ComposeServices {
    private static final int DEEPEST = 16;

    private final Intake intake;
    private final InputFiles files;
    private final ComposeMerge merge;
    private final Map<String, YamlNode.Mapping> others = new LinkedHashMap<>();

    ComposeServices(Intake intake, InputFiles files) {
        this.intake = intake;
        this.files = files;
        this.merge = new ComposeMerge(intake);
    }

    /** The bodies of all services, by name. */
    Map<String, Cursor> of(Cursor root, String path, List<Cursor> roots) {
        roots.add(root);
        Map<String, Cursor> found = new LinkedHashMap<>();
        Cursor include = root.get("include");
        if (include != null) {
            for (Cursor item : include.items()) {
                included(item, path, found, roots);
            }
        }
        Cursor services = root.get("services");
        if (services != null) {
            for (Cursor.Pair pair : services.entries()) {
                if (!(pair.value().node() instanceof YamlNode.Mapping body)) {
                    continue;
                }
                YamlNode.Mapping merged = extended(body, services, path, new HashSet<>());
                found.put(
                        pair.key(),
                        intake.cursor(merged, pair.value().path(), pair.value().at()));
            }
        }
        return found;
    }

    private void included(Cursor item, String path, Map<String, Cursor> found, List<Cursor> roots) {
        Cursor paths = item.isMap() ? item.get("path") : item;
        if (paths == null) {
            return;
        }
        for (Cursor each : paths.items()) {
            String inTree = InputFiles.resolve(path, each.text());
            Optional<YamlNode> node =
                    roots.size() > DEEPEST ? Optional.empty() : files.yaml(inTree, UnaryOperator.identity());
            if (node.isEmpty() || inTree == null) {
                each.lost("the file " + each.text() + " cannot be read here: import it, too");
            } else {
                found.putAll(of(intake.add(node.get()), inTree, roots));
            }
        }
    }

    /** The body with what it extends below it. */
    private YamlNode.Mapping extended(YamlNode.Mapping body, Cursor services, String path, Set<String> seen) {
        YamlNode extend = body.get("extends");
        if (extend == null) {
            return body;
        }
        Cursor at = intake.cursor(extend, "services.extends", extend.at());
        String name = at.isMap() ? at.text("service") : at.text();
        String file = at.isMap() ? at.text("file") : null;
        YamlNode.Mapping rest = new YamlNode.Mapping(
                body.entries().stream()
                        .filter(entry -> !entry.key().text().equals("extends"))
                        .toList(),
                body.at());
        if (name == null || !seen.add(path + " " + file + " " + name)) {
            at.lost("the service that it extends cannot be found, or it extends itself");
            return rest;
        }
        if (file == null) {
            Cursor base = services.get(name);
            if (base == null || !(base.node() instanceof YamlNode.Mapping below)) {
                at.lost("this file has no service " + name);
                return rest;
            }
            return merge.over(extended(below, services, path, seen), rest);
        }
        return fromFile(at, file, name, path, rest, seen);
    }

    private YamlNode.Mapping fromFile(
            Cursor at, String file, String name, String path, YamlNode.Mapping rest, Set<String> seen) {
        String inTree = InputFiles.resolve(path, file);
        YamlNode.Mapping root = read(inTree);
        YamlNode services = root == null ? null : root.get("services");
        YamlNode base = services instanceof YamlNode.Mapping map ? map.get(name) : null;
        if (!(base instanceof YamlNode.Mapping below) || services == null || inTree == null) {
            at.lost(file + " has no service " + name + " that can be read here: copy it into this file");
            return rest;
        }
        intake.add(new YamlNode.Mapping(
                List.of(new YamlNode.Entry(
                        YamlNode.Scalar.of("services", below.at()),
                        new YamlNode.Mapping(
                                List.of(new YamlNode.Entry(YamlNode.Scalar.of(name, below.at()), below)), below.at()))),
                below.at()));
        Cursor all = intake.cursor(services, "services", services.at());
        if (inTree.indexOf('/') >= 0
                && !inTree.substring(0, inTree.lastIndexOf('/') + 1)
                        .equals(path.substring(0, path.lastIndexOf('/') + 1))) {
            at.changed("relative paths of a file in another folder are taken as relative to this one: check them");
        }
        return merge.over(extended(below, all, inTree, seen), rest);
    }

    private YamlNode.@Nullable Mapping read(@Nullable String path) {
        if (path == null) {
            return null;
        }
        YamlNode.Mapping known = others.get(path);
        if (known == null && files.yaml(path, UnaryOperator.identity()).orElse(null) instanceof YamlNode.Mapping map) {
            known = map;
            others.put(path, map);
        }
        return known;
    }
}
