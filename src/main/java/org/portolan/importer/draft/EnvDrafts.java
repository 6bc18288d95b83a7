package org.portolan.importer.draft;

import org.portolan.servicefile.format.Names;

/** Variables of a service: secrets to its env file, all others to {@code env}. */
public final class EnvDrafts {
    private final SecretDrafts secrets;

    public EnvDrafts(Draft draft, ImportOptions options) {
        this.secrets = new SecretDrafts(draft, options);
    }

    /** A variable with a value of the input, which may hold marked macros. */
    public void put(ServiceDraft service, String name, Cursor at, String value) {
        if (Names.checkVariable(name) != null) {
            at.lost("\"" + name + "\" is not a valid name for a variable: " + Names.checkVariable(name));
        } else if (!MacroText.varies(value) && secrets.isSecret(name, value)) {
            secrets.put(service, name, value);
        } else {
            service.keys().map("env").put(name, Naming.unfilled(MacroText.fill(value)));
        }
    }

    /** A secret whose value is kept elsewhere. */
    public void missing(ServiceDraft service, String name, Cursor at, String source) {
        if (Names.checkVariable(name) != null) {
            at.lost("\"" + name + "\" is not a valid name for a variable: " + Names.checkVariable(name));
        } else {
            secrets.missing(service, name, "", at, source);
        }
    }

    /** A secret with a value that is known. */
    public void secret(ServiceDraft service, String name, String value) {
        secrets.put(service, name, value);
    }
}
