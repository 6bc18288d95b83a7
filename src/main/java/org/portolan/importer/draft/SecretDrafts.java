package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.portolan.model.service.Secrets;
import org.portolan.servicefile.yaml.SourceText;

/** Where secrets go: to an env file of the service beside the Servicefile, or, when there is none, to its {@code env}. */
public final class SecretDrafts {
    private static final Set<String> SWITCHES = Set.of("true", "false", "yes", "no", "1", "0", "on", "off");

    /** A path of a file that holds the secret. */
    private static final Pattern FILE =
            Pattern.compile("(\\./)?([A-Za-z0-9_.-]+/)+[A-Za-z0-9_.-]+\\.(key|pem|crt|p12|jks|txt|json)");

    private static final Pattern PASS = Pattern.compile("(?i)(^|_)(pass|passphrase|pw|pwd)(_|$)");

    private final Draft draft;
    private final ImportOptions options;

    public SecretDrafts(Draft draft, ImportOptions options) {
        this.draft = draft;
        this.options = options;
    }

    /** Whether the value must not stand in a repository. */
    public boolean isSecret(String name, String value) {
        boolean credentials = !Secrets.hideCredentials(value).equals(value);
        return credentials || (!value.isEmpty() && secretName(name, value));
    }

    /** Whether the name says that its value is a secret, and the value is none of a switch or of a file's path. */
    public boolean secretName(String name, String value) {
        boolean file = name.toUpperCase(Locale.ROOT).endsWith("_FILE")
                || (value.startsWith("/") && value.length() > 1)
                || FILE.matcher(value).matches();
        return (SourceText.isSecretName(name, options.secretNames())
                        || PASS.matcher(name).find())
                && !file
                && !SWITCHES.contains(value.toLowerCase(Locale.ROOT));
    }

    /** A variable whose value is known. */
    public void put(ServiceDraft service, String name, String value) {
        if (options.separateSecrets()) {
            file(service).put(name, value);
        } else {
            service.keys().map("env").put(name, secret(Naming.unfilled(Naming.literal(value))));
        }
    }

    /**
     * A variable whose value a person must give.
     *
     * @param resolved what is known of it
     * @param source where the input has it from
     */
    public void missing(ServiceDraft service, String name, String resolved, Cursor at, String source) {
        String known = Secrets.hideCredentials(resolved).equals(resolved) ? "" : resolved;
        if (options.separateSecrets()) {
            file(service).missing(name, "set this: " + source + " had no value when it was imported");
            file(service).put(name, known);
            at.toDo("set " + name + " in " + path(service) + ": it has no value here");
        } else {
            service.keys().map("env").put(name, secret(Naming.literal(known)));
            service.keys().map("env").comment(name, "set this: it had no value when it was imported");
            at.toDo("set " + name + " of " + service.name() + ": it has no value here");
        }
    }

    private static Part secret(String text) {
        return new Part.Fields().put("secret", text);
    }

    private static String path(ServiceDraft service) {
        return service.name() + ".secrets.env";
    }

    private EnvFileDraft file(ServiceDraft service) {
        List<Part> items = new ArrayList<>();
        if (service.keys().get("env_files") instanceof Part.Items there) {
            items.addAll(there.items());
        }
        Part name = Part.text(path(service));
        if (!items.contains(name)) {
            items.add(name);
            service.keys().put("env_files", new Part.Items(items));
        }
        return draft.envFile(path(service));
    }
}
