package org.portolan.servicefile;

import java.util.List;

/** Writes the format's table as the reference page {@code docs/servicefile.md}. */
public final class ReferencePage {
    private static final String HEAD = """
            # The Servicefile
            <!-- Written from the table in org.portolan.servicefile.Format; a test compares it. Rewrite: mvn -Dtest=ReferencePageTest -Dupdate test -->

            A Servicefile is YAML (or JSON). Keys that begin upper-case are sections, every other key is a service. Keys that
            begin `x-` and the key `meta` (of the file, a service or a deployment) are free. Unknown and duplicate keys are
            errors. The meaning is YAML 1.2's: `no`, `on` and `22:22` are texts, truth values are `true` and `false`.
            A key without a value means its default. `servicefile.schema.json` beside this page is a JSON Schema for editors.

            | value | looks like |
            |---|---|
            | duration | `250ms`, `2s`, `1m30s`, `2h` |
            | size | bytes, or with `k`, `m`, `g`, `t` for powers of 1024: `512m` |
            | name (of a deployment, service, port or volume) | 1 to 63 lower-case letters, digits and hyphens |

            ## Filled-in values
            - `{{name}}` is a parameter that the file declares under `Parameters`. It may stand in any value, key or list item of
              the file, and stays one value whatever it holds. Values come from `with:` of a deployment, or from `--set`.
            - `%%NAME%%` is an environment variable of whoever deploys; where nobody does (a hook), what `sources` in the
              configuration gives the file's source.
            - `{HOST}`, `{PORT}`, `{PORT_<NAME>}`, `{DEPLOY_ID}`, `{<SERVICE>_HOST}`, `{<SERVICE>_PORT}` and `{<SERVICE>_URL}` are
              filled into `env`, `cmd` and `entrypoint` when an instance is made. Only known names are, so JSON passes untouched.
            - A backslash before any of the three keeps it as it is: `\\{{name}}`, `\\%%NAME%%`, `\\{HOST}`.

            Inherited `Env` is the weakest, then come the variables that Portolan injects, then `env_files`, then `env`.
            Values from `env_files`, `{secret: text}`, variables whose names say so (such as `DB_PASSWORD`) and URLs with a
            password are secrets: they are never shown.
            """;

    private ReferencePage() {}

    /** The page's text. */
    public static String text() {
        StringBuilder out = new StringBuilder(HEAD);
        table(out, "Sections", "", Format.SECTIONS);
        table(out, "A parameter", "Under `Parameters`, by name.", Format.PARAMETER);
        table(
                out,
                "A deployment",
                "Under `Deployments`, by name. A file has services or `Deployments`, not both.",
                Format.DEPLOYMENT);
        table(
                out,
                "A domain",
                "Under `Domains`, by host: a name, `*.example.org` for every name directly under it, `\"*\"` for any.",
                Format.DOMAIN);
        table(out, "A service", "An empty body (`redis:`) is a service too.", ServiceKeys.ALL);
        table(out, "health", "", HealthShape.KEYS);
        table(out, "rollout", "", RolloutShape.KEYS);
        table(out, "stop", "", ServiceKeys.STOP);
        table(out, "resources", "", ServiceKeys.RESOURCES);
        table(out, "volumes", "A volume's map:", VolumesShape.KEYS);
        table(out, "network", "", ServiceKeys.NETWORK);
        table(out, "logging", "", ServiceKeys.LOGGING);
        return out.toString();
    }

    private static void table(StringBuilder out, String title, String says, List<Key> keys) {
        out.append("\n## ").append(title).append('\n');
        if (!says.isEmpty()) {
            out.append(says).append('\n');
        }
        out.append("\n| key | value | default | what it does | example |\n|---|---|---|---|---|\n");
        for (Key key : keys) {
            out.append("| `")
                    .append(key.name())
                    .append("` | ")
                    .append(cell(key.shape().words()))
                    .append(" | ")
                    .append(cell(key.otherwise()))
                    .append(" | ")
                    .append(cell(key.says()))
                    .append(" | ")
                    .append(key.example().isEmpty() ? "" : "`" + cell(key.example()) + "`")
                    .append(" |\n");
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
