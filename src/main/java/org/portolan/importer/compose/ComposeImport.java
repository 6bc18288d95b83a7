package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Intake;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Remark;
import org.portolan.importer.draft.SecretDrafts;
import org.portolan.importer.draft.VariableFile;
import org.portolan.servicefile.yaml.YamlNode;

/** Translates a Compose file. */
public final class ComposeImport {
    /** The names that Compose looks for, and beside which it looks for an override file. */
    private static final List<String> USUAL =
            List.of("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml");

    private ComposeImport() {}

    /** Whether the document looks like a Compose file. */
    public static boolean recognises(YamlNode.Mapping root) {
        return (root.get("services") instanceof YamlNode.Mapping services
                        && services.entries().stream().allMatch(entry -> entry.value() instanceof YamlNode.Mapping))
                || (root.get("include") instanceof YamlNode.Sequence);
    }

    /**
     * The draft of the Servicefile.
     *
     * @param path of the file in the tree
     */
    public static Draft translate(Cursor file, String path, Intake intake, InputFiles files, ImportOptions options) {
        Cursor root = overridden(file, path, intake, files);
        List<Cursor> roots = new ArrayList<>();
        Map<String, Cursor> services = new ComposeServices(intake, files).of(root, path, roots);
        Map<String, String> known = new HashMap<>();
        files.text(InputFiles.resolve(path, ".env")).ifPresent(text -> known.putAll(VariableFile.read(text)));
        String name = project(root, options, known);
        Draft draft = new Draft(options.deployment().orElse(Naming.name(name, "app")));
        SecretDrafts secrets = new SecretDrafts(draft, options);
        ComposeVariables variables = new ComposeVariables(
                known, draft, variable -> secrets.secretName(variable, known.getOrDefault(variable, "")));
        ComposeContext context = new ComposeContext(options, files, draft, variables, path, name);
        ComposeVolumes volumes = new ComposeVolumes(context);
        for (String service : services.keySet()) {
            context.name(service);
        }
        for (Cursor each : roots) {
            for (String kind : List.of("volumes", "secrets", "configs")) {
                Cursor section = each.get(kind);
                if (section != null) {
                    section.entries().forEach(pair -> {
                        context.section(kind, pair.key(), pair.value());
                        if (pair.value().isNull()) {
                            pair.value().use();
                        }
                    });
                }
            }
        }
        services.values().forEach(body -> {
            Cursor mounted = body.get("volumes");
            if (mounted != null) {
                volumes.count(mounted);
            }
            completing(body, context);
        });
        context.nameSharedVolumes();
        ComposeService translation = new ComposeService(context);
        services.forEach(translation::translate);
        new ComposeJobs(context, intake).write();
        context.writeLinks();
        context.writeDomains();
        for (Cursor each : roots) {
            Cursor networks = each.get("networks");
            if (networks != null) {
                new ComposeNetworks(context).defined(networks);
            }
            Cursor version = each.get("version");
            if (version != null) {
                version.lost("a Servicefile has no version; Compose ignores it, too");
            }
        }
        intake.finish(ComposeReasons::of);
        return draft;
    }

    /** With the override file beside a file of a usual name, which Compose lays over it unasked. */
    private static Cursor overridden(Cursor root, String path, Intake intake, InputFiles files) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!USUAL.contains(name)) {
            return root;
        }
        for (String usual : USUAL) {
            String beside = usual.replaceFirst("\\.(ya?ml)$", ".override.$1");
            Optional<YamlNode> top = files.yaml(InputFiles.resolve(path, beside), UnaryOperator.identity());
            if (top.isPresent()
                    && top.get() instanceof YamlNode.Mapping over
                    && root.node() instanceof YamlNode.Mapping base) {
                intake.add(over);
                intake.remark(
                        over.at(),
                        Remark.Kind.CHANGED,
                        "",
                        beside + " is laid over " + name + ", as Compose does: leave out what is for development");
                return intake.cursor(new ComposeMerge(intake).over(base, over), "", root.at());
            }
        }
        return root;
    }

    private static String project(Cursor root, ImportOptions options, Map<String, String> known) {
        Cursor name = root.get("name");
        String folder = options.folder().substring(options.folder().lastIndexOf('/') + 1);
        if (name == null) {
            String said = known.getOrDefault("COMPOSE_PROJECT_NAME", "");
            return projectName(said.isEmpty() ? folder : said);
        }
        ComposeVariables variables = new ComposeVariables(known, new Draft("x"), variable -> false);
        String text = variables.resolved(name);
        return projectName(text.isEmpty() ? folder : text);
    }

    /** The name as Compose takes it: lower-case letters, digits, hyphens and underscores. */
    static String projectName(String text) {
        String name = text.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9_-]", "");
        return name.isEmpty() ? "app" : name;
    }

    private static void completing(Cursor body, ComposeContext context) {
        Cursor depends = body.get("depends_on");
        if (depends == null) {
            return;
        }
        for (Cursor.Pair pair : depends.entries()) {
            Cursor condition = pair.value().get("condition");
            if (condition != null && condition.peek().equals("service_completed_successfully")) {
                context.completing(pair.key());
            }
        }
    }
}
