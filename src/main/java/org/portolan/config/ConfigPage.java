package org.portolan.config;

/** Writes docs/configuration.md from the table of keys. */
final class ConfigPage {
    private ConfigPage() {}

    static String markdown() {
        StringBuilder text = new StringBuilder("""
                # Configuration
                <!-- Made from org.portolan.config.ConfigKey by ConfigPageTest; `mvn test -Dtest=ConfigPageTest -Dupdate` writes it. -->
                Portolan works without configuration. To change defaults, write `portolan.yaml` in the state directory (`PORTOLAN_HOME`,
                by default `~/.portolan`), or set `PORTOLAN_CONFIG` to another file. You can also set every key with an environment
                variable, which overrides the file; separate the values of a list by commas. Write keys as sections or with dots:
                `edge: {http: 80}` and `edge.http: 80` are the same. An unknown key or an invalid value is an error with its position.

                ```yaml
                edge:
                  address: 0.0.0.0
                  http: 80
                  https: 443
                redis: redis://db.internal:6379
                ```

                | key | variable | value | default | meaning |
                |---|---|---|---|---|
                """);
        for (ConfigKey key : ConfigKey.values()) {
            text.append("| `")
                    .append(key.path())
                    .append("` | `")
                    .append(key.variable())
                    .append("` | ");
            text.append(key.form().description()).append(" | ");
            text.append(key.byDefault().isEmpty() ? "" : "`" + key.byDefault() + "`")
                    .append(" | ");
            text.append(key.meaning()).append(" |\n");
        }
        return text.append("""

                ## Sources
                `sources` has settings for Git repositories and files that you deploy, under names of your choice (letters, digits,
                hyphens):

                ```yaml
                sources:
                  shop:
                    url: ssh://git@git.internal/shop.git
                    path: Servicefile
                    env: {TAG: "1.5"}
                    env_files: [shop.env]
                    ref: main
                    poll: 60s
                    sync: auto
                ```

                | key | meaning |
                |---|---|
                | `url` | The repository's address, in any spelling, or a file outside Git. A file in a work tree belongs to the work tree's `origin`. `push`: a repository in the state directory that receives pushes ([git-server.md](git-server.md)). |
                | `path` | The Servicefile or its folder in the repository; without it the section applies to all of them. A section with a `path` overrides it. For `portolan serve` also a pattern, `hosts/*/Servicefile`: `*` and `?` stand for letters of a name, `**` for any folders; `hosts/*` is the Servicefile of each folder. |
                | `env` | Values of `%%NAME%%` in the Servicefile for automatic deploys (a hook, `deploy --automatic`), which do not use environment variables. Values of names such as `PASSWORD` are secret. |
                | `env_files` | Files with such variables, one `NAME=value` per line, relative to the configuration file. Their values are secret. Later files override earlier ones, and `env` overrides all. |
                | `parameters` | For automatic deploys: values of the Servicefile's parameters; they override the file's. |
                | `ref` | For `portolan serve`: the branch, tag or commit to follow, or a pattern of branches, `release/*`. Default: the repository's HEAD. |
                | `branches` | Instead of `ref`: the branches that `portolan serve` follows and the deployment of each (a hook of the branch deploys the same), `branches: {main: production, staging: staging}`. The file's services are deployed under that name; of a file with `Deployments` only that one is. A branch may be a map: `staging: {deployment: staging, env: {TAG: next}, parameters: {size: small}}`. A pattern of branches has a pattern of deployments: `"release/*": "shop-*"`. |
                | `credentials.username`, `credentials.password` | What an `https://` repository is fetched with; the password or token as a reference. The name may be left out for hosts that take any. |
                | `credentials.key`, `credentials.known_hosts` | The file of a private key (mode 600, without a passphrase) and of the host's keys for an `ssh://` repository; only they are used then. |
                | `poll` | For `portolan serve`: how often to look, with some jitter. Default: `60s`. |
                | `sync` | For `portolan serve`: `auto` (the default) deploys what the source says and repairs drift; `report` only shows what differs. |
                | `webhook.secret` | What deliveries of the Git host are signed with, or two while one replaces the other ([webhooks.md](webhooks.md)). |
                | `status.token` | A token of the Git host: releases are reported at their commits ([notifications.md](notifications.md#commit-status)). |
                | `status.kind`, `status.api` | The kind of Git host (`github`, `gitlab`, `gitea`) and where its API begins, where the repository's address does not tell. |

                A secret is written as a reference, `env:NAME` (an environment variable of the controller) or `file:PATH`, and is read each
                time it is used.

                `portolan serve` follows a source that has `ref`, `branches`, `poll` or `sync`, or receives pushes ([controller.md](controller.md)).

                The variable `PORTOLAN_SOURCES` replaces the section, as YAML:
                `PORTOLAN_SOURCES='{shop: {url: /srv/shop.git, env: {TAG: "1.5"}}}'`.

                ## Notifications
                `notifications` says where `portolan serve` reports what happens, under names of your choice
                ([notifications.md](notifications.md)); `PORTOLAN_NOTIFICATIONS` replaces the section.

                | key | meaning |
                |---|---|
                | `url` | Where it goes: an address, `env:NAME` or `file:PATH`. |
                | `events` | Some of `started`, `succeeded`, `failed`, `rolled-back`, `pending-approval`, `drift`. Default: all. |
                | `deployments` | Names, with `*` for any part. Default: all, and sources. |
                | `format` | `json` (the default), `slack` or `mustache`. |
                | `template` | With `mustache`: the template's file. |
                | `secret` | What each request is signed with: `env:NAME` or `file:PATH`. |

                ## Freeze windows
                `freeze` has times in which nothing new is deployed, under names of your choice:

                ```yaml
                freeze:
                  weekend:
                    from: "0 18 * * 5"       # minute, hour, day of the month, month, day of the week
                    for: 62h
                    zone: Europe/Berlin
                    deployments: ["shop*"]
                    reason: nobody is there
                ```

                | key | meaning |
                |---|---|
                | `from` | When it begins, as cron writes it: numbers, names (`fri`, `dec`), lists, ranges, steps. Where both days are given, either is enough. |
                | `for` | How long, 1m to 2208h (92 days). The wall clock counts: the example is until Monday 08:00 also where the clock is changed. |
                | `zone` | The time zone, such as `Europe/Berlin`. Default: UTC. |
                | `deployments` | Names of deployments, with `*` for any letters. Default: all. |
                | `reason` | Why, for people. |

                What it does: [controller.md](controller.md#freeze-windows).

                These variables have no key in the file:

                | variable | meaning |
                |---|---|
                | `PORTOLAN_HOME` | The state directory. |
                | `PORTOLAN_URL` | The controller that commands go through: `https://HOST:8044`, `http://HOST:8044` or `unix:/PATH/api.sock`. Default: the one that runs for the state directory, if there is one. |
                | `PORTOLAN_TOKEN` | The token for it. |
                | `PORTOLAN_TOKEN_FILE` | A file with the token that nobody else may read. |
                | `PORTOLAN_CA_FILE` | A file with the certificate authorities (PEM) that are trusted for a controller with `https://`. Default: this machine's. |
                | `PORTOLAN_CONFIG` | The configuration file. Default: `portolan.yaml` in the state directory. |
                | `PORTOLAN_KEY` | The encryption key of stored definitions (32 bytes, hex or base64). Default: the file `key` in the state directory, created once. |
                | `PORTOLAN_JAVA` | The folder of the Java (21 or newer) that the launcher uses. Default: `JAVA_HOME`, or the first one found. |
                | `PORTOLAN_JAVA_OPTS` | Additional options for the JVM. |
                | `DOCKER_HOST`, `DOCKER_CONTEXT`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`, `DOCKER_CONFIG` | The engine, as for the `docker` command. |
                | `NO_COLOR` | Disables colours, like `--no-color`. |
                """).toString();
    }
}
