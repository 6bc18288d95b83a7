package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.List;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.ServiceDraft;

/** {@code build} of a service: the command that makes its image, which Portolan expects to be there. */
final class ComposeBuild {
    private final ComposeContext context;

    ComposeBuild(ComposeContext context) {
        this.context = context;
    }

    /** Writes the command as a comment; returns it without the tag, to see which builds are the same. */
    String translate(Cursor build, String tag, ServiceDraft service) {
        ComposeVariables variables = context.variables();
        List<String> words = new ArrayList<>(List.of("docker", "build", "-t", shown(tag)));
        String folder = build.isText() ? variables.resolved(build) : text(build, "context", ".");
        String file = build.isText() ? "" : text(build, "dockerfile", "");
        if (!file.isEmpty()) {
            words.add("-f");
            words.add(word(file.startsWith("/") ? file : below(folder, file)));
        }
        option(words, "--target", build.isText() ? "" : text(build, "target", ""));
        option(words, "--network", build.isText() ? "" : text(build, "network", ""));
        Cursor args = build.get("args");
        if (args != null) {
            for (Cursor.Pair pair : args.entries()) {
                option(words, "--build-arg", pair.key() + "=" + variables.resolved(pair.value()));
            }
            if (!args.isMap()) {
                args.items().forEach(item -> option(words, "--build-arg", variables.resolved(item)));
            }
        }
        words.add(word(folder.isEmpty() ? "." : folder));
        String command = String.join(" ", words);
        service.comment("Build the image before the first deploy: " + command);
        build.toDo("build the image before the first deploy: " + command);
        words.set(3, "");
        return String.join(" ", words);
    }

    private String text(Cursor map, String key, String otherwise) {
        Cursor value = map.get(key);
        return value == null ? otherwise : context.variables().resolved(value);
    }

    private static void option(List<String> words, String name, String value) {
        if (!value.isEmpty()) {
            words.add(name);
            words.add(word(value));
        }
    }

    private String below(String folder, String file) {
        String plain = folder.equals(".") || folder.isEmpty() ? "" : folder.endsWith("/") ? folder : folder + "/";
        return plain + file;
    }

    private static String shown(String tag) {
        return word(tag.replace("{{", "$").replace("}}", ""));
    }

    private static String word(String text) {
        return text.matches("[A-Za-z0-9_./:=@%+,$-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
