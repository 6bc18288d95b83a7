package org.portolan.importer.kaylee;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Draft;
import org.portolan.importer.draft.EnvDrafts;
import org.portolan.importer.draft.ImportOptions;
import org.portolan.importer.draft.Intake;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.RunOptions;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.importer.draft.ShellWords;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.yaml.YamlNode;

/** Translates a unit: one service, or one for each app of a pod. */
public final class KayleeImport {
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("maxReplicasPerHost", "all instances run on one host"),
            Map.entry("machine", "Portolan places on the engine that it drives"),
            Map.entry("machineId", "Portolan places on the engine that it drives"),
            Map.entry("global", "Portolan runs a number of instances: scale"),
            Map.entry("conflicts", "Portolan places on the engine that it drives"),
            Map.entry("engine", "Portolan drives Docker"));

    private final Draft draft;
    private final EnvDrafts env;

    private KayleeImport(Draft draft, ImportOptions options) {
        this.draft = draft;
        this.env = new EnvDrafts(draft, options);
    }

    /** Whether the document looks like a unit. */
    public static boolean recognises(YamlNode.Mapping root) {
        if (!(root.get("name") instanceof YamlNode.Scalar)) {
            return false;
        }
        boolean old = root.get("spec") instanceof YamlNode.Mapping spec
                && (spec.get("image") != null || spec.get("apps") != null);
        return old || root.get("apps") instanceof YamlNode.Sequence;
    }

    /** The draft of the Servicefile. */
    public static Draft translate(Cursor root, Intake intake, ImportOptions options) {
        Cursor named = root.get("name");
        String name = Naming.name(named == null ? "unit" : named.text(), "unit");
        Draft draft = new Draft(options.deployment().orElse(name));
        Cursor spec = root.get("spec");
        new KayleeImport(draft, options).unit(name, spec == null ? root : spec);
        intake.finish(path -> {
            String key = path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[[0-9]+\\]$", "");
            return REASONS.getOrDefault(key, "no counterpart");
        });
        return draft;
    }

    private void unit(String name, Cursor spec) {
        Cursor apps = spec.get("apps");
        List<Cursor> all = apps == null ? List.of(spec) : apps.items();
        for (int i = 0; i < all.size(); i++) {
            Cursor app = all.get(i);
            Cursor image = app.get("image");
            String reference = image == null ? "" : image.text().replaceFirst("^docker://", "");
            String own = i == 0 ? name : name + "-" + Naming.name(Names.serviceOf(reference), "app");
            ServiceDraft service =
                    draft.service(Naming.free(own, draft.services().keySet()));
            image(reference, image == null ? spec : image, service);
            command(app, spec, service);
            common(spec, all.size() > 1, service);
            if (apps != null) {
                variables(app.get("env"), service);
            }
        }
        if (all.size() > 1 && apps != null) {
            apps.changed(
                    "the apps of a pod share a network address; here each is a service, which the others find by name");
        }
    }

    private static void image(String reference, Cursor at, ServiceDraft service) {
        String fault = Names.checkImage(reference);
        service.keys().put("image", fault == null ? Naming.literal(reference) : "invalid");
        if (fault != null) {
            at.toDo("not a valid image: " + fault);
        } else if (at.isText()
                && !at.peek().startsWith("docker://")
                && at.path().contains("apps")) {
            at.toDo("an image for rkt: check that the engine can pull it");
        }
    }

    private void command(Cursor app, Cursor spec, ServiceDraft service) {
        List<String> words = new ArrayList<>();
        Cursor command = app.get("cmd");
        boolean pod = !app.path().equals(spec.path());
        if (command != null && pod) {
            service.keys().put("entrypoint", Part.texts(words(command)));
        } else if (command != null) {
            words.addAll(words(command));
        }
        Cursor args = pod ? app.get("args") : null;
        if (args != null) {
            args.items().forEach(item -> words.addAll(words(item)));
        }
        if (!words.isEmpty()) {
            service.keys().put("cmd", Part.texts(words));
        }
    }

    /** Words as systemd splits them, {@code $$} being a dollar sign. */
    private static List<String> words(Cursor line) {
        String text = line.text().replace("$$", "$");
        if (text.contains("${KAYLEE_ID}") || text.contains("${")) {
            line.changed("nothing fills in ${…} here: it stays as written");
        }
        List<String> words = new ArrayList<>();
        ShellWords.split(text)
                .orElseGet(() -> List.of(text.split("\\s+", -1)))
                .forEach(word -> words.add(Naming.unfilled(Naming.literal(word))));
        return words;
    }

    private void common(Cursor spec, boolean pod, ServiceDraft service) {
        Cursor replicas = spec.get("replicas");
        if (replicas != null) {
            service.keys().put("scale", Part.number(replicas.text()));
        }
        Cursor delay = spec.get("startupDelay");
        if (delay != null) {
            service.keys().map("rollout").put("min_healthy", delay.text() + "s");
        }
        variables(spec.get("env"), service);
        Cursor files = spec.get("envFiles");
        if (files != null) {
            for (Cursor file : files.items()) {
                file.lost("a file of the host: copy it beside the Servicefile, and write env_files: [NAME.env]");
            }
        }
        volumes(spec.get("volumes"), pod, service);
        PortDrafts ports = new PortDrafts();
        RunOptions run = new RunOptions(env, ports);
        for (String key : List.of("dockerArgs", "args")) {
            Cursor given = spec.get(key);
            if (given != null) {
                List<RunOptions.Word> words = new ArrayList<>();
                for (Cursor item : given.items()) {
                    ShellWords.split(item.text())
                            .ifPresentOrElse(
                                    split -> split.forEach(word -> words.add(new RunOptions.Word(word, item))),
                                    () -> item.lost("a quote in it is not closed"));
                }
                run.words(words, service);
            }
        }
        Cursor network = spec.get("net");
        if (network != null) {
            run.translate("network", network.text(), network, service);
        }
        ports.write(service);
    }

    private void variables(@Nullable Cursor variables, ServiceDraft service) {
        if (variables == null) {
            return;
        }
        for (Cursor item : variables.items()) {
            Cursor name = item.get("name");
            Cursor value = item.get("value");
            if (name != null) {
                env.put(
                        service,
                        name.text(),
                        item,
                        value == null ? "" : value.text().replace("$$", "$"));
            }
        }
    }

    /** Volumes; the apps of a pod share those that it names. */
    private void volumes(@Nullable Cursor volumes, boolean pod, ServiceDraft service) {
        if (volumes == null) {
            return;
        }
        for (Cursor item : volumes.items()) {
            Cursor path = item.get("path");
            Cursor source = item.get("source");
            Cursor id = item.get("id");
            Cursor driver = item.get("driver");
            Cursor options = item.get("options");
            if (path == null) {
                continue;
            }
            String target = path.text();
            Part.Fields mounts = service.keys().map("volumes");
            if (source != null && source.peek().startsWith("/")) {
                mounts.put(source.text(), target);
                continue;
            }
            String name = id == null ? target : id.text();
            String key = Naming.free(Naming.name(name, "data"), mounts.entries().keySet());
            if (driver == null) {
                mounts.put(key, target);
                if (pod) {
                    draft.section("Volumes").map(key);
                }
                continue;
            }
            Part.Fields volume = new Part.Fields().put("target", target);
            volume.put("driver", driver.text()).put("source", name);
            if (options != null) {
                for (String option : options.text().split("\\s*,\\s*", -1)) {
                    int equals = option.indexOf('=');
                    volume.map("options")
                            .put(
                                    equals < 0 ? option : option.substring(0, equals),
                                    equals < 0 ? "" : option.substring(equals + 1));
                }
            }
            mounts.put(key, volume);
        }
    }
}
