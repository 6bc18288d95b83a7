package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.List;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.InputFiles;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.SecretDrafts;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.servicefile.format.Names;

/** Variables of a service: {@code environment} and {@code env_file}. */
final class ComposeEnvironment {
    private final ComposeContext context;
    private final ComposeVariables variables;

    ComposeEnvironment(ComposeContext context) {
        this.context = context;
        this.variables = context.variables();
    }

    void environment(Cursor environment, ServiceDraft service) {
        if (environment.isMap()) {
            for (Cursor.Pair pair : environment.entries()) {
                if (pair.value().isNull()) {
                    pair.value().use();
                    passed(pair.key(), pair.value(), service);
                } else {
                    variable(pair.key(), pair.value(), pair.value().text(), service);
                }
            }
            return;
        }
        for (Cursor item : environment.items()) {
            String text = item.text();
            int equals = text.indexOf('=');
            if (equals < 0) {
                passed(text, item, service);
            } else {
                variable(text.substring(0, equals), item, text.substring(equals + 1), service);
            }
        }
    }

    private void variable(String name, Cursor at, String text, ServiceDraft service) {
        if (Names.checkVariable(name) != null) {
            at.lost("\"" + name + "\" is not a valid name for a variable: " + Names.checkVariable(name));
            return;
        }
        String resolved = variables.resolved(text);
        if (resolved.contains("{{.")) {
            at.changed("Swarm fills in {{…}}, Portolan does not: it stays as written");
        }
        SecretDrafts secrets = secrets();
        if (!secrets.isSecret(name, resolved)
                && !(resolved.isEmpty() && secrets.secretName(name, text) && ComposeVariables.varies(text))) {
            service.keys().map("env").put(name, Naming.unfilled(variables.fillVariable(at, text)));
            return;
        }
        List<String> missing = variables.missing(text);
        if (missing.isEmpty()) {
            secrets.put(service, name, resolved);
        } else {
            secrets.missing(service, name, resolved, at, text);
        }
    }

    /** A name without a value: Compose passes on what the variable is where it runs. */
    private void passed(String name, Cursor at, ServiceDraft service) {
        String known = variables.passed(name).orElse(null);
        if (secrets().secretName(name, known == null ? "" : known)) {
            if (known != null) {
                secrets().put(service, name, known);
            } else {
                secrets().missing(service, name, "", at, "${" + name + "}");
            }
            return;
        }
        if (known == null) {
            at.lost("Compose passes on " + name
                    + " where it is set, and it is not set in .env: where it is needed, add env: {" + name + ": \"%%"
                    + name + "%%\"}");
            return;
        }
        service.keys().map("env").put(name, variables.passedParameter(name));
    }

    private SecretDrafts secrets() {
        return new SecretDrafts(context.draft(), context.options());
    }

    void files(Cursor files, ServiceDraft service) {
        List<Part> found = new ArrayList<>();
        for (Cursor item : files.items()) {
            Cursor path = item.isMap() ? item.get("path") : item;
            if (path == null) {
                continue;
            }
            boolean optional = item.isMap() && "false".equals(item.text("required"));
            String name = variables.resolved(path);
            String inTree = context.inTree(name);
            InputFiles.Presence presence = context.files().presence(inTree);
            switch (presence) {
                case FILE -> {
                    found.add(Part.text(Naming.literal(context.relative(name))));
                    String text = context.files().text(inTree).orElse("");
                    if (text.lines().anyMatch(line -> !line.strip().startsWith("#") && line.contains("${"))) {
                        path.changed("Compose fills in ${NAME} in " + name
                                + ", Portolan does not: write the values themselves");
                    }
                }
                case MISSING -> {
                    if (optional) {
                        path.lost(name + " is optional and not there; add it to env_files when it is");
                    } else {
                        service.keys().comment("image", "env_files: [" + context.relative(name) + "]   # not found");
                        path.toDo(name + " does not exist: create it, then add env_files: [" + context.relative(name)
                                + "] to " + service.name());
                    }
                }
                default -> path.lost(name + " is outside of the folder or repository of this file: copy it there");
            }
        }
        found.forEach(file -> service.keys().add("env_files", file));
    }
}
