package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.FileDrafts;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.ServiceDraft;

/** {@code volumes} and {@code tmpfs} of a service, with the definitions of named volumes. */
final class ComposeVolumes {
    /** Options of a mount that change nothing here. */
    private static final Set<String> NO_CHANGE = Set.of("rw", "cached", "delegated", "consistent", "");

    /** Files that a container reads, even where nothing says that it may not write to them. */
    private static final Pattern CONFIGURATION = Pattern.compile(
            "\\.(conf|cnf|cfg|ini|ya?ml|toml|xml|properties|env|sh|sql|js|php|py|rb|html?|css|template|tmpl|pem|crt)$"
                    + "|/(Caddyfile|nginx\\.conf\\..*)$");

    private final ComposeContext context;

    ComposeVolumes(ComposeContext context) {
        this.context = context;
    }

    /** Names of the volumes that a service mounts, to see which are shared. */
    void count(Cursor volumes) {
        Set<String> names = new TreeSet<>();
        for (Cursor item : volumes.items()) {
            String source = item.isMap() ? peek(item, "source") : source(item.peek());
            String resolved = context.variables().resolved(source);
            if (!resolved.isEmpty() && !isPath(resolved)) {
                names.add(resolved);
                Cursor section = context.section("volumes", resolved);
                if (section != null && !external(section).isEmpty()) {
                    context.declares(resolved);
                }
            }
        }
        names.forEach(context::usesVolume);
    }

    private static String peek(Cursor map, String key) {
        Cursor value = map.get(key);
        return value == null ? "" : value.peek();
    }

    private String source(String text) {
        String resolved = context.variables().resolved(text);
        int colon = resolved.indexOf(':');
        return colon < 0 ? "" : resolved.substring(0, colon);
    }

    void volumes(Cursor volumes, ServiceDraft service) {
        Map<String, Mount> byTarget = new TreeMap<>();
        List<Mount> mounts = new ArrayList<>();
        for (Cursor item : volumes.items()) {
            Mount mount = item.isMap() ? longForm(item, service) : shortForm(item);
            if (mount == null) {
                continue;
            }
            Mount replaced = byTarget.put(mount.target, mount);
            mounts.remove(replaced);
            mounts.add(mount);
        }
        Set<String> names = new TreeSet<>();
        for (Mount mount : mounts) {
            if (mount.source.isEmpty() || isPath(mount.source) || names.add(mount.source)) {
                write(mount, mounts, service);
            } else {
                mount.at.lost(
                        "a service mounts a volume once: " + mount.source + " is mounted at another path already");
            }
        }
    }

    /** Whether a path lies in what another mount of the service covers, or holds one: no file can be put there. */
    private static boolean covered(Mount file, List<Mount> mounts) {
        return mounts.stream().anyMatch(other -> !other.equals(file) && (within(file, other) || within(other, file)));
    }

    private static boolean within(Mount inner, Mount outer) {
        return (inner.target + "/").startsWith(outer.target.replaceAll("/$", "") + "/");
    }

    /** A mount; its source is a volume's name, a path, or "" for a volume without a name. */
    private record Mount(Cursor at, String source, String target, boolean readOnly) {}

    private @Nullable Mount shortForm(Cursor item) {
        String written = item.text();
        String text = context.variables().resolved(written);
        List<String> missing = context.variables().missing(written);
        if (!missing.isEmpty()) {
            item.lost("${" + String.join("}, ${", missing) + "} has no value: set it in .env and import again");
            return null;
        }
        if (ComposeVariables.varies(written)) {
            item.changed("variables in it are filled in as they are now: " + text);
        }
        String[] parts = text.split(":", 3);
        if (parts.length == 1) {
            return new Mount(item, "", parts[0], false);
        }
        boolean readOnly = false;
        for (String option : (parts.length < 3 ? "" : parts[2]).split(",", -1)) {
            if (option.equals("ro")) {
                readOnly = true;
            } else if (option.equalsIgnoreCase("z")) {
                item.lost("a label of SELinux has no counterpart: label a folder of the host on the host");
            } else if (!NO_CHANGE.contains(option)) {
                item.lost("the option " + option + " of a mount has no counterpart");
            }
        }
        return new Mount(item, parts[0], parts[1], readOnly);
    }

    private @Nullable Mount longForm(Cursor item, ServiceDraft service) {
        String type = text(item, "type");
        String source = text(item, "source");
        String target = text(item, "target");
        boolean readOnly = text(item, "read_only").equals("true");
        Cursor bind = item.get("bind");
        Cursor created = bind == null ? null : bind.get("create_host_path");
        if (created != null && !created.peek().equals("true")) {
            created.lost("the engine makes the folder of a bind mount when it is missing");
        } else if (created != null) {
            created.use();
        }
        item.text("consistency");
        if (target.isEmpty()) {
            return null;
        }
        if (type.equals("tmpfs")) {
            Cursor options = item.get("tmpfs");
            String size = options == null ? "" : text(options, "size");
            String mode = options == null ? "" : text(options, "mode");
            List<String> words = new ArrayList<>();
            if (!size.isEmpty()) {
                words.add("size=" + size);
            }
            if (!mode.isEmpty()) {
                words.add("mode=" + mode);
            }
            service.keys().map("tmpfs").put(target, String.join(",", words));
            return null;
        }
        if (!type.equals("bind") && !type.equals("volume")) {
            item.lost("a mount of the type " + type + " has no counterpart");
            return null;
        }
        return new Mount(item, source, target, readOnly);
    }

    private String text(Cursor map, String key) {
        Cursor value = map.get(key);
        return value == null ? "" : context.variables().resolved(value);
    }

    private void write(Mount mount, List<Mount> mounts, ServiceDraft service) {
        if (!mount.target.startsWith("/") || mount.target.equals("/") || mount.target.contains("..")) {
            mount.at.lost("the path in the container must be absolute: " + mount.target);
            return;
        }
        Part.Fields volumes = service.keys().map("volumes");
        if (mount.source.isEmpty()) {
            put(
                    volumes,
                    Naming.free(
                            Naming.name(mount.target, "data"), volumes.entries().keySet()),
                    mount);
        } else if (isPath(mount.source)) {
            bind(mount, mounts, volumes, service);
        } else {
            named(mount, volumes);
        }
        if (volumes.isEmpty()) {
            service.keys().remove("volumes");
        }
    }

    private void bind(Mount mount, List<Mount> mounts, Part.Fields volumes, ServiceDraft service) {
        String inTree = context.inTree(mount.source);
        boolean single = context.files().presence(inTree) == InputFiles.Presence.FILE;
        if (mount.source.startsWith(".") && (mount.readOnly || (single && isConfiguration(mount.source)))) {
            Optional<String> obstacle = covered(mount, mounts)
                    ? Optional.of("it lies in another mount of the service")
                    : new FileDrafts(context.files()).obstacle(inTree);
            if (obstacle.isEmpty()) {
                String target = mount.target.replaceAll("/+$", "");
                service.keys().map("files").put(Naming.literal(target), Naming.literal(relative(mount.source)));
                if (!mount.readOnly) {
                    mount.at.changed("the file is a part of the version; what the container writes to it is lost");
                }
                return;
            }
        }
        if (mount.source.startsWith(".") && context.files().mountable(inTree)) {
            String path = relative(mount.source);
            bound(path.startsWith("../") ? path : "./" + path, mount, volumes);
            mount.at.changed((single ? "a file" : "a folder")
                    + " of the repository is mounted from where it lies; it is not part of a version, and only the file can"
                    + " be deployed, no commit");
            return;
        }
        String absolute = InputFiles.absolute(mount.source, context.options());
        if (absolute == null) {
            mount.at.lost("the path " + mount.source + " cannot be resolved here: write an absolute path");
            return;
        }
        if (!mount.source.startsWith("/")) {
            boolean file = single;
            boolean home = mount.source.startsWith("~");
            mount.at.changed((home
                            ? "a path of the home directory"
                            : file ? "a file beside the Compose file" : "a folder beside the Compose file")
                    + " is mounted from " + absolute
                    + " of this machine; it is not part of a version");
        }
        bound(absolute, mount, volumes);
    }

    /** Mounts a path of the host; one that is mounted already needs a name, since a map has it as a key. */
    private static void bound(String path, Mount mount, Part.Fields volumes) {
        if (volumes.get(Naming.literal(path)) != null) {
            Part.Fields more =
                    new Part.Fields().put("bind", Naming.literal(path)).put("target", Naming.literal(mount.target));
            readOnly(more, mount);
            String name =
                    Naming.free(Naming.name(path, "data"), volumes.entries().keySet());
            volumes.put(name, more);
        } else {
            put(volumes, path, mount);
        }
    }

    private void named(Mount mount, Part.Fields volumes) {
        Cursor section = context.section("volumes", mount.source);
        String external = section == null ? "" : external(section);
        String driver = section == null ? "" : text(section, "driver");
        String own = section == null ? "" : text(section, "name");
        Part.Fields options = new Part.Fields();
        Cursor given = section == null ? null : section.get("driver_opts");
        if (given != null) {
            given.entries()
                    .forEach(pair -> options.put(pair.key(), context.variables().fill(pair.value())));
        }
        boolean custom = !options.isEmpty() || !(driver.isEmpty() || driver.equals("local"));
        Optional<String> shared = context.sharedName(mount.source);
        if (shared.isPresent()) {
            Part.Fields volume = context.draft().section("Volumes").map(shared.get());
            if (!external.isEmpty() || !own.isEmpty()) {
                volume.put("external", external.isEmpty() ? own : external);
            } else if (custom) {
                volume.put("driver", driver.isEmpty() ? "local" : driver);
                if (!options.isEmpty()) {
                    volume.put("options", options);
                }
            }
            if (external.isEmpty() && !own.isEmpty()) {
                mount.at.toDo("make the volume before the first deploy: docker volume create " + own);
            }
            put(volumes, shared.get(), mount);
            return;
        }
        String name = context.volumeName(mount.source, volumes);
        if (own.isEmpty() && !custom) {
            put(volumes, name, mount);
            return;
        }
        Part.Fields volume = new Part.Fields().put("target", mount.target);
        volume.put("driver", driver.isEmpty() ? "local" : driver);
        volume.put("source", own.isEmpty() ? context.project() + "_" + mount.source : own);
        if (!options.isEmpty()) {
            volume.put("options", options);
        }
        readOnly(volume, mount);
        volumes.put(name, volume);
    }

    /** The engine's name of a volume that exists already; "" when Compose makes it. */
    private String external(Cursor section) {
        Cursor external = section.get("external");
        if (external == null) {
            return "";
        }
        if (external.isMap()) {
            String name = text(external, "name");
            return name.isEmpty() ? key(section) : name;
        }
        if (!context.variables().resolved(external).equals("true")) {
            return "";
        }
        String name = text(section, "name");
        return name.isEmpty() ? key(section) : name;
    }

    private static String key(Cursor section) {
        return section.path().substring(section.path().indexOf('.') + 1);
    }

    private static void readOnly(Part.Fields volume, Mount mount) {
        if (mount.readOnly) {
            volume.put("read_only", Part.plain(true));
        }
    }

    private static void put(Part.Fields volumes, String name, Mount mount) {
        String target = Naming.literal(mount.target);
        volumes.put(Naming.literal(name), mount.readOnly ? target + ":ro" : target);
    }

    private String relative(String source) {
        return context.relative(source).replaceAll("/+$", "");
    }

    private static boolean isConfiguration(String path) {
        return CONFIGURATION.matcher(path).find();
    }

    static boolean isPath(String source) {
        return source.startsWith("/") || source.startsWith(".") || source.startsWith("~");
    }

    void tmpfs(Cursor tmpfs, ServiceDraft service) {
        for (Cursor item : tmpfs.items()) {
            String text = context.variables().fill(item);
            int colon = text.indexOf(':');
            String path = colon < 0 ? text : text.substring(0, colon);
            service.keys().map("tmpfs").put(path, colon < 0 ? "" : text.substring(colon + 1));
        }
    }
}
