package org.portolan.importer.compose;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.FileDrafts;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.servicefile.format.Names;

/** {@code secrets} and {@code configs} of a service: files that Compose mounts. Here they are {@code files}. */
final class ComposeMounted {
    private final ComposeContext context;

    ComposeMounted(ComposeContext context) {
        this.context = context;
    }

    void translate(String kind, Cursor list, ServiceDraft service) {
        boolean secret = kind.equals("secrets");
        String folder = secret ? "/run/secrets/" : "/";
        for (Cursor item : list.items()) {
            String name =
                    item.isMap() ? text(item, "source") : context.variables().resolved(item);
            String target = item.isMap() ? text(item, "target") : "";
            String path = target.startsWith("/") ? target : folder + (target.isEmpty() ? name : target);
            Cursor section = context.section(kind, name);
            String file = text(section, "file");
            String environment = text(section, "environment");
            Cursor content = section == null ? null : section.get("content");
            if (content != null) {
                Part.Fields inline =
                        new Part.Fields().put("content", context.variables().fill(content));
                write(path, inline, item, secret, service);
            } else if (!environment.isEmpty() && Names.checkVariable(environment) == null) {
                Part.Fields macro = new Part.Fields().put("content", "%%" + environment + "%%");
                item.toDo("set " + environment + " in the environment of each deploy: it is the content of " + path);
                write(path, macro, item, secret, service);
            } else if (file.isEmpty()) {
                item.lost(
                        "there is no file for it under " + kind + " at the top: add it to files, with content or from");
            } else {
                file(file, path, item, secret, service);
            }
        }
    }

    private void file(String file, String path, Cursor item, boolean secret, ServiceDraft service) {
        Optional<String> obstacle = new FileDrafts(context.files()).obstacle(context.inTree(file));
        if (obstacle.isEmpty()) {
            write(path, new Part.Fields().put("from", Naming.literal(context.relative(file))), item, secret, service);
            return;
        }
        String absolute = InputFiles.absolute(file, context.options());
        if (absolute == null) {
            item.lost("the path " + file + " cannot be resolved here");
            return;
        }
        service.keys().map("volumes").put(Naming.literal(absolute), Naming.literal(path) + ":ro");
        item.changed("the file is mounted from " + absolute + " of this machine, since " + obstacle.get());
    }

    private void write(String path, Part.Fields file, Cursor item, boolean secret, ServiceDraft service) {
        String mode = text(item, "mode").replaceFirst("^0o?", "");
        if (mode.matches("[0-7]{1,4}")) {
            file.put("mode", "0" + "0".repeat(Math.max(0, 3 - mode.length())) + mode);
        } else if (!mode.isEmpty()) {
            lost(item, "mode", "not permissions in octal digits: " + mode);
        }
        String user = number(item, "uid");
        String group = number(item, "gid");
        if (!user.isEmpty() || !group.isEmpty()) {
            file.put("user", (user.isEmpty() ? "0" : user) + (group.isEmpty() ? "" : ":" + group));
        }
        if (secret) {
            file.put("secret", Part.plain(true));
        }
        boolean plain = file.entries().size() == 1 && file.get("from") != null;
        Part from = file.get("from");
        service.keys().map("files").put(Naming.literal(path), plain && from != null ? from : file);
    }

    /** The number of a user or group; "" where none is said, or a name, which only the image knows. */
    private String number(Cursor item, String key) {
        String text = text(item, key);
        if (text.isEmpty() || text.matches("[0-9]{1,9}")) {
            return text;
        }
        lost(item, key, "not a number: " + text + "; docker run --rm --entrypoint id IMAGE -u NAME shows it");
        return "";
    }

    private static void lost(Cursor item, String key, String why) {
        Cursor at = item.get(key);
        if (at != null) {
            at.lost(why);
        }
    }

    private String text(@Nullable Cursor map, String key) {
        Cursor value = map == null ? null : map.get(key);
        return value == null ? "" : context.variables().resolved(value);
    }
}
