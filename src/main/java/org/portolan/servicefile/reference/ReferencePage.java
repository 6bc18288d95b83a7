package org.portolan.servicefile.reference;

import java.util.List;
import org.portolan.servicefile.format.DatabaseKeys;
import org.portolan.servicefile.format.FilesShape;
import org.portolan.servicefile.format.Format;
import org.portolan.servicefile.format.HealthShape;
import org.portolan.servicefile.format.JobKeys;
import org.portolan.servicefile.format.Key;
import org.portolan.servicefile.format.NetworkShape;
import org.portolan.servicefile.format.ReloadShape;
import org.portolan.servicefile.format.RolloutShape;
import org.portolan.servicefile.format.ServiceKeys;
import org.portolan.servicefile.format.VolumesSection;
import org.portolan.servicefile.format.VolumesShape;

/** Writes the format's table as the reference page {@code docs/servicefile.md}. */
public final class ReferencePage {
    private static final String HEAD = """
            # The Servicefile
            <!-- Written from the table in org.portolan.servicefile.format.Format; a test compares it. Rewrite: mvn -Dtest=ReferencePageTest -Dupdate test -->

            A Servicefile is YAML (or JSON). Keys that start with an upper-case letter are sections, all others are services.
            Keys that start with `x-` and the key `meta` (of the file, a service or a deployment) are ignored. Unknown and
            duplicate keys are errors. As in YAML 1.2, `no`, `on` and `22:22` are text, and only `true` and `false` are booleans.
            A key without a value has its default. `servicefile.schema.json` beside this page is a JSON Schema for editors.

            | value | looks like |
            |---|---|
            | duration | `250ms`, `2s`, `1m30s`, `2h` |
            | size | bytes, or with `k`, `m`, `g`, `t` for powers of 1024: `512m` |
            | name (of a deployment, service, port or volume) | 1 to 63 lower-case letters, digits and hyphens; of a volume also underscores |

            ## Filled-in values
            - `{{name}}` is a parameter that the file declares under `Parameters`. Use it in any value, key or list item of
              the file; it remains one value whatever it contains. Values come from `with:` of a deployment, or from `--set`.
            - `%%NAME%%` is an environment variable of the process that deploys; in a hook, a value of `sources` in the
              configuration.
            - `{HOST}`, `{PORT}`, `{PORT_<NAME>}`, `{DEPLOY_ID}`, `{<SERVICE>_HOST}`, `{<SERVICE>_PORT}` and `{<SERVICE>_URL}` are
              filled into `env`, `cmd` and `entrypoint` when an instance is created. Other names in braces stay, so JSON is safe.
              With `network: {mode: host}` or `none` no port is assigned, and `{PORT}` is refused: write the number that the service listens on.
            - In `files` with `template: true` all three are filled in, and also `{INSTANCE}` (`shop-web-3-1`) and `{VERSION}` (`3`).
            - A name under `Vars` or `Generate` is filled into the same places: `{Brand}`, `{SecretKey}`. A generated value is made by
              the first deploy that uses it and kept, also when the deployment is removed; `portolan secret` lists, shows, sets and
              rotates such values. After a loss of the store or its key, the next deploy recovers them from the containers.
            - A backslash keeps any of the three as written: `\\{{name}}`, `\\%%NAME%%`, `\\{HOST}`.

            ## Variables
            Later ones override earlier ones: injected variables, inherited `Env` (a deployment's `env` overrides the file's),
            `env_files`, the service's `env`. So a file always overrides what is injected.
            `X:`, `X: ~` and `X: null` all mean the empty text.

            Portolan injects into every instance when it is created:

            | variable | value |
            |---|---|
            | `DEPLOY_ID` | the deployment's name |
            | `PORT` | the container port that the service must listen on: its main port |
            | `PORT_<NAME>` | the container port of each named port: `http` is `PORT_HTTP` |
            | `<SERVICE>_HOST` | for every service of the deployment that has a port: the mesh's address, as containers reach it |
            | `<SERVICE>_PORT` | the mesh's port of its main port; it stays the same across versions |
            | `<SERVICE>_PORT_<NAME>` | the mesh's port of each of its named ports |
            | `<SERVICE>_URL` | `http://HOST:PORT` of its first port if that is HTTP, else `tcp://HOST:PORT`; without a scheme such as `redis://`, user, database or path |

            `<SERVICE>` is the service's name in upper case with `_` for `-`: `my-db` gives `MY_DB_HOST`. If a library expects
            another form, set it in `env`: `env: {REDIS_URL: "redis://{REDIS_HOST}:{REDIS_PORT}/0"}`.
            The names in braces always mean the injected values, even if a file sets a variable of the same name.
            Injected values do not create a version, and an instance keeps those that it was created with.

            Values from `env_files`, `{secret: text}`, variables with names such as `DB_PASSWORD` and URLs with a
            password are secrets: they are never shown.

            ## Env files
            Files in `env_files` have the format of Compose's, one variable per line:

            | written | value |
            |---|---|
            | `A=text`, `A: text`, `export A=text` | `text`; blanks around it are ignored |
            | `A=text # comment`, `# comment` | a `#` after a blank starts a comment; in `A=a#b` it does not |
            | `A="text" # comment` | `text`; only a comment may follow the closing quote |
            | `A="a\\tb\\n"` | in double quotes `\\n`, `\\r`, `\\t`, `\\"`, `\\\\`, `\\$`, `\\a`, `\\b`, `\\f` and `\\v` are replaced; any other backslash stays |
            | `A='it\\'s $5'` | in single quotes only `\\'` is replaced |
            | `A="line 1` and `line 2"` on the next line | both lines: a quoted value may span several lines |
            | `A=` | the empty text |

            Unlike in Compose nothing is interpolated: `$NAME` and `${NAME}` stay as written, so a password may contain a
            dollar sign (`plan` and `validate` warn about `${NAME}`). A name without `=`, an unclosed quote and text after a
            closing quote are errors. If a name occurs twice, the last one is used.
            """;

    private static final String UDP = """

            ## Ranges of ports
            `passive: 30000-30010` stands for the TCP ports `passive-30000` to `passive-30010`, at most 100:

            ```yaml
            ftp:
              ports: {ftp: 21, passive: 30000-30010}
              wan_map: {":21": ftp, ":30000": passive}
            ```

            A range begins at the address's port. Routes, checks and variables name a port of it, as any other port: `ftp:passive-30000`,
            `PORT_PASSIVE_30000`. Nothing needs to listen there: unlike other ports, HAProxy does not check them, and an instance serves
            without them. The main port is another one; only if a service has nothing but a range, it is the range's first port, which is checked.
            Each port of a range is a port of the mesh and of the host for each instance. Ports must not overlap, nor may their addresses.

            ## UDP
            Proxies carry TCP only. The engine itself publishes a UDP port at the addresses that `wan_map` names:

            ```yaml
            dns:
              ports: {dns: 53, queries: 53/udp, media: 10000-10100/udp}
              wan_map: {":53": dns, ":53/udp": queries, ":10000/udp": media}
            ```

            A range begins at the address's port. Two instances cannot have the same address, so such a service is replaced stop-first, keeps its
            addresses over versions, and has `scale: 1`; datagrams are lost while it is replaced. A change of a UDP port makes a
            version. Without `wan_map` a UDP port is reached in the deployment's network, by the service's name. Health
            checks ask TCP ports or run commands.
            """;

    private static final String LIMITS = """

            ## Limits of connections
            With `max_connections: 100` HAProxy opens at most 100 connections at once to each port of an instance. An HTTP request is one
            connection until its answer is complete, a websocket until it is closed. What is more waits, first come, first served, for any
            instance (with a cookie of `sticky`: for its own). After 60 seconds a request is answered with 503, and a TCP connection is
            closed; one whose client leaves gives up its place. Health checks do not count.

            It is routing, not a part of the version: a change applies at once, restarts nothing, and a rollback restores it. During a
            rollout the new value holds for old instances too. Each backend of HAProxy counts separately: each port, a route over several
            services, a `sticky` domain, and processes of before a reload until they end. HAProxy's metrics
            (`haproxy_server_current_queue`, `haproxy_backend_current_queue`) show what waits.
            """;

    private static final String VOLUMES = """
            A relative host path (`{./site: /srv}`, `["./site:/srv"]` or `bind: site` in a volume's map) is a file or folder of the work
            tree that exists, relative to this file. Its real path is mounted and must lie in the repository, without one in the
            file's folder. Only the path is a part of the version: a changed content makes no release, and a deploy from another
            checkout replaces the instances. A commit (`--git`, hooks) has no folder that could be mounted: use `files`.

            A volume's map:""";

    private static final String NETWORK = """
            With `join: [postgres]` the service's containers are also on the network of the deployment `postgres`. They reach its
            services by name (`db:5432`), on every port; its containers reach them as `web.shop`: service and deployment, never as
            `web` alone. Such traffic passes no mesh: it is neither drained nor balanced. If both deployments have a service of one
            name, that name may lead to either; `plan` warns. `postgres` must allow it, with `Network: {allow: [shop]}` in its file;
            otherwise the deploy is refused. While `postgres` has no network, the service is held. A deployment that others join
            cannot be removed.""";

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
                "Under `Domains`, by host: a name, `*.example.org` for every name directly under it, or `\"*\"` for any name.",
                Format.DOMAIN);
        table(out, "A user's credentials", "In `auth` of a domain, instead of a password.", Format.CREDENTIAL);
        table(
                out,
                "A job",
                "Under `Exec`, by name: letters, digits, `_` and hyphens. [Jobs](jobs.md) explains them.",
                JobKeys.ALL);
        table(
                out,
                "A database",
                "Under `Databases`, by name: lower-case letters, digits and hyphens. [Databases](databases.md) explains them.",
                DatabaseKeys.ALL);
        table(out, "A service", "An empty body (`redis:`) is a service too.", ServiceKeys.ALL);
        out.append(UDP).append(LIMITS);
        table(out, "health", "", HealthShape.KEYS);
        table(out, "rollout", "", RolloutShape.KEYS);
        table(out, "stop", "", ServiceKeys.STOP);
        table(out, "backup", "", ServiceKeys.BACKUP);
        table(out, "resources", "", ServiceKeys.RESOURCES);
        table(out, "volumes", VOLUMES, VolumesShape.KEYS);
        table(
                out,
                "A volume of several services",
                "Under `Volumes`, by name. Each service that writes to it is replaced stop-first; services that share a volume do"
                        + " not wait for each other.",
                VolumesSection.KEYS);
        table(
                out,
                "files",
                "By the path in the container: a path in the repository, as in `{/etc/web.conf: conf/web.conf}`, or a map. A"
                        + " service has at most 500 files with 1 MiB in all. Symbolic links must not lead out of the repository."
                        + " A file cannot be in a volume of the service. With `read_only`, the folder of a file is a volume of"
                        + " each instance, which the container can write to. A changed file replaces the instances, unless it has"
                        + " `reload`: [Files that instances reload](operations.md#files-that-instances-reload).",
                FilesShape.KEYS);
        table(
                out,
                "reload",
                "Of a file: how running instances load new content. One of `signal` and `cmd`.",
                ReloadShape.KEYS);
        table(out, "network", NETWORK, NetworkShape.KEYS);
        table(out, "Networks that others may join", "Under `Network`.", NetworkShape.SECTION);
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
