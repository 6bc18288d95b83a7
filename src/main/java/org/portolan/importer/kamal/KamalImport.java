package org.portolan.importer.kamal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Intake;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Overlay;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.Remark;
import org.portolan.importer.draft.VariableFile;
import org.portolan.servicefile.yaml.YamlNode;

/** Translates a deploy.yml of Kamal: roles and accessories are services, the proxy's hosts are domains. */
public final class KamalImport {
    private KamalImport() {}

    /** Whether the document looks like a deploy.yml. */
    public static boolean recognises(YamlNode.Mapping root) {
        boolean named = root.get("service") instanceof YamlNode.Scalar && root.get("image") instanceof YamlNode.Scalar;
        return named
                && (root.get("servers") != null
                        || root.get("accessories") != null
                        || root.get("registry") != null
                        || root.get("proxy") != null);
    }

    /** The draft of the Servicefile. */
    public static Draft translate(Cursor root, String path, Intake intake, InputFiles files, ImportOptions options) {
        Cursor merged = destination(root, path, intake, files, options);
        String raw = text(merged, "service", "app");
        String name = Naming.name(raw, "app");
        Draft draft = new Draft(options.deployment().orElse(name));
        Map<String, String> secrets = secrets(path, files, options);
        Map<String, Optional<Cursor>> roles = roles(merged);
        KamalServices services = new KamalServices(merged, raw, draft, options, secrets, files, path, roles.size());
        String image = roles.isEmpty() ? "" : image(merged, draft);
        for (Map.Entry<String, Optional<Cursor>> role : roles.entrySet()) {
            services.role(role.getKey(), role.getValue(), image);
        }
        Cursor accessories = merged.get("accessories");
        if (accessories != null) {
            for (Cursor.Pair accessory : accessories.entries()) {
                services.accessory(accessory.key(), accessory.value());
            }
        }
        intake.finish(KamalReasons::of);
        expressions(merged);
        int line = 0;
        for (String text : files.text(path).orElse("").split("\n", -1)) {
            line++;
            if (MacroText.isStatement(text)) {
                intake.lost(root, line, "nothing runs a statement of Ruby here: " + text.strip());
            }
        }
        return draft;
    }

    /** Values that Ruby would compute. */
    private static void expressions(Cursor node) {
        node.entries().forEach(pair -> expressions(pair.value()));
        if (node.isList()) {
            node.items().forEach(KamalImport::expressions);
        } else if (node.peek().contains("<%")) {
            node.toDo("nothing computes an expression of Ruby here: write the value itself");
        }
    }

    private static Cursor destination(
            Cursor root, String path, Intake intake, InputFiles files, ImportOptions options) {
        if (options.variant().isEmpty()) {
            return root;
        }
        String beside = path.replaceFirst("\\.(ya?ml)$", "." + options.variant().get() + ".$1");
        Optional<YamlNode> top = files.yaml(beside, MacroText::markRuby);
        if (top.isEmpty()) {
            intake.remark(root.at(), Remark.Kind.TO_DO, "", "there is no file " + beside + " for the destination");
            return root;
        }
        intake.add(top.get());
        return intake.cursor(new Overlay(intake, false).over(root.node(), top.get()), "", root.at());
    }

    private static Map<String, String> secrets(String path, InputFiles files, ImportOptions options) {
        Map<String, String> secrets = new HashMap<>();
        String suffix = options.variant().map(name -> "." + name).orElse("");
        for (String file : List.of("secrets-common", "secrets", "secrets" + suffix)) {
            for (String folder : List.of("../.kamal/", ".kamal/")) {
                files.text(InputFiles.resolve(path, folder + file))
                        .ifPresent(text -> secrets.putAll(VariableFile.read(text)));
            }
        }
        secrets.values().removeIf(value -> value.contains("$"));
        return secrets;
    }

    private static String image(Cursor root, Draft draft) {
        String image = MacroText.fill(text(root, "image", "missing"));
        Cursor registry = root.get("registry");
        Cursor server = registry == null ? null : registry.get("server");
        if (server != null && !server.peek().isEmpty() && !image.startsWith(server.peek() + "/")) {
            image = MacroText.fill(server.text()) + "/" + image;
        }
        draft.parameter("VERSION", Optional.of("latest"), "the image's tag: Kamal uses the commit");
        return image + ":{{VERSION}}";
    }

    /** The roles in their order; a list of servers is the role {@code web}. */
    private static Map<String, Optional<Cursor>> roles(Cursor root) {
        Map<String, Optional<Cursor>> roles = new LinkedHashMap<>();
        Cursor servers = root.get("servers");
        if (servers != null && servers.isMap()) {
            servers.entries().forEach(pair -> roles.put(pair.key(), Optional.of(pair.value())));
        } else {
            roles.put("web", Optional.ofNullable(servers));
        }
        return roles;
    }

    static String text(@Nullable Cursor map, String key, String otherwise) {
        Cursor value = map == null ? null : map.get(key);
        return value == null || !value.isText() ? otherwise : value.text();
    }

    /** Texts of a list, or of a single value. */
    static List<String> texts(@Nullable Cursor list) {
        return list == null ? List.of() : new ArrayList<>(list.texts());
    }

    /** A duration that the input gives in seconds. */
    static Part seconds(String number) {
        return Part.text(number + "s");
    }
}
