package org.portolan.config;

/** Writes docs/configuration.md from the table of keys. */
final class ConfigPage {
    private ConfigPage() {}

    static String markdown() {
        StringBuilder text = new StringBuilder("""
                # Configuration
                <!-- Made from org.portolan.config.ConfigKey by ConfigPageTest; `mvn test -Dtest=ConfigPageTest -Dupdate` writes it. -->
                Portolan works without any configuration. What an installation wants otherwise stands in `portolan.yaml` in the
                state directory (`PORTOLAN_HOME`, by default `~/.portolan`), or in the file that `PORTOLAN_CONFIG` names. Every key
                can be set by an environment variable too, which wins over the file; a list is then separated by commas. Keys are
                written below each other as sections or with dots: `edge: {http: 80}` and `edge.http: 80` are the same. An unknown
                key or a value that does not fit is an error with its place.

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
                `sources` says what is known of Git repositories and files that are deployed, under names of your choice (letters,
                digits, hyphens):

                ```yaml
                sources:
                  shop:
                    url: ssh://git@git.internal/shop.git
                    path: Servicefile
                    env: {TAG: "1.5"}
                    env_files: [shop.env]
                ```

                | key | meaning |
                |---|---|
                | `url` | The repository's address, in any spelling, or a file outside Git. A file in a work tree belongs to the work tree's `origin`. |
                | `path` | The Servicefile or its folder in the repository; without it the section speaks of all of them, and a section with a `path` wins over it. |
                | `env` | What `%%NAME%%` in the Servicefile stands for in automatic deploys (a hook, `deploy --automatic`), which see nobody's environment. Secret where a name says so. |
                | `env_files` | Files of such variables, `NAME=value` a line, relative to the configuration file; secret. A later one wins, and `env` over all. |

                The variable `PORTOLAN_SOURCES` holds the section as YAML, in the place of the file's:
                `PORTOLAN_SOURCES='{shop: {url: /srv/shop.git, env: {TAG: "1.5"}}}'`.

                Further variables, which have no key in the file:

                | variable | meaning |
                |---|---|
                | `PORTOLAN_HOME` | The state directory. |
                | `PORTOLAN_CONFIG` | The configuration file; `portolan.yaml` in the state directory unless set. |
                | `PORTOLAN_KEY` | The key that stored definitions are encrypted with (32 bytes, hex or base64); else the file `key` in the state directory, made once. |
                | `PORTOLAN_JAVA` | The folder of the Java (21 or newer) that the launcher uses; else `JAVA_HOME`, else any that is found. |
                | `PORTOLAN_JAVA_OPTS` | Further options for the JVM. |
                | `DOCKER_HOST`, `DOCKER_CONTEXT`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`, `DOCKER_CONFIG` | The engine, as for the `docker` command. |
                | `NO_COLOR` | No colours, as `--no-color`. |
                """).toString();
    }
}
