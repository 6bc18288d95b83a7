package org.portolan.importer.marathon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Intake;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Overlay;
import org.portolan.importer.draft.Remark;
import org.portolan.servicefile.yaml.YamlNode;

/** Translates an app, a list of apps or a group of Marathon. */
public final class MarathonImport {
    private MarathonImport() {}

    /** Whether the document looks like an app or a group. */
    public static boolean recognises(YamlNode root) {
        YamlNode one = root instanceof YamlNode.Sequence list && !list.items().isEmpty()
                ? list.items().get(0)
                : root;
        if (!(one instanceof YamlNode.Mapping map) || map.get("services") != null || map.get("spec") != null) {
            return false;
        }
        boolean app = map.get("id") instanceof YamlNode.Scalar;
        for (String key : List.of("container", "cmd", "args", "instances", "cpus", "mem", "apps", "groups")) {
            if (map.get(key) != null && (app || (key.equals("apps") && map.get("apps") instanceof YamlNode.Sequence))) {
                return !(key.equals("apps") && map.get("name") != null);
            }
        }
        return false;
    }

    /** The draft of the Servicefile. */
    public static Draft translate(Cursor root, String path, Intake intake, InputFiles files, ImportOptions options) {
        Cursor merged = environment(root, path, intake, files, options);
        List<Cursor> apps = new ArrayList<>();
        collect(merged, apps, true);
        String first = apps.isEmpty() ? "" : id(apps.get(0));
        String[] parts = first.replaceFirst("^/", "").split("/", -1);
        String group = merged.get("id") != null && apps.size() > 1
                ? id(merged)
                : parts.length == 1 && apps.size() > 1 ? "" : parts[0];
        String name = Naming.name(group.replaceFirst("^/", ""), Naming.name(folder(options), "app"));
        Draft draft = new Draft(options.deployment().orElse(name));
        MarathonTags tags = new MarathonTags(draft);
        MarathonApp translation = new MarathonApp(draft, options, tags);
        for (Cursor app : apps) {
            translation.name(id(app));
        }
        apps.forEach(app -> translation.translate(app, id(app)));
        tags.write();
        intake.finish(MarathonReasons::of);
        return draft;
    }

    private static String folder(ImportOptions options) {
        return options.folder().substring(options.folder().lastIndexOf('/') + 1);
    }

    /** The id, which is used: it names the service. */
    private static String id(Cursor app) {
        Cursor id = app.get("id");
        return id == null ? "app" : MacroText.shown(id.text()).replace("%", "");
    }

    private static void collect(Cursor node, List<Cursor> apps, boolean top) {
        if (node.isList()) {
            node.items().forEach(item -> collect(item, apps, false));
            return;
        }
        boolean group = node.get("apps") != null || node.get("groups") != null;
        for (String key : List.of("apps", "groups")) {
            Cursor below = node.get(key);
            if (below != null) {
                below.items().forEach(item -> collect(item, apps, false));
            }
        }
        if (group) {
            Cursor id = node.get("id");
            if (id != null && !top) {
                id.lost("all apps of the file are services of one deployment");
            }
        } else {
            apps.add(node);
        }
    }

    /** The overrides of marathon_deploy: {@code PRODUCTION.yml} beside the file; lists are appended. */
    private static Cursor environment(
            Cursor root, String path, Intake intake, InputFiles files, ImportOptions options) {
        if (options.variant().isEmpty()) {
            return root;
        }
        String name = options.variant().get().toUpperCase(java.util.Locale.ROOT);
        for (String end : List.of(".yml", ".yaml", ".json")) {
            Optional<YamlNode> top = files.yaml(InputFiles.resolve(path, name + end), MacroText::mark);
            if (top.isPresent()) {
                intake.add(top.get());
                return intake.cursor(new Overlay(intake, true).over(root.node(), top.get()), "", root.at());
            }
        }
        intake.remark(root.at(), Remark.Kind.TO_DO, "", "there is no file " + name + ".yml beside it");
        return root;
    }
}
