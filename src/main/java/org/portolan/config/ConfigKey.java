package org.portolan.config;

import java.util.Locale;

/** Every key of the configuration: its place in the file, its form, its default, and what it means. */
public enum ConfigKey {
    REDIS(
            "redis",
            Form.REDIS_URL,
            "",
            "The store: a Redis server, `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS,"
                    + " `unix:///path`, `sentinel://host,host,host/name` or `cluster://host,host,host`. If unset, Portolan starts a private Redis server."),
    REDIS_PREFIX(
            "redis_prefix",
            Form.NAME,
            "",
            "The prefix of every key and channel in the store. Default: `portolan:` and the installation's id."),
    EDGE_ADDRESS(
            "edge.address",
            Form.ADDRESSES,
            "127.0.0.1",
            "Where the edge (nginx) and TCP domains listen. `0.0.0.0` is all IPv4 addresses, `0.0.0.0, ::` also all IPv6 addresses;"
                    + " `::` alone includes both (`ipv6only=off`)."),
    EDGE_HTTP("edge.http", Form.PORT, "8080", "The edge's port for HTTP."),
    EDGE_HTTPS("edge.https", Form.PORT, "8443", "The edge's port for HTTPS. It is open even without a certificate."),
    EDGE_UPLOAD("edge.max_upload", Form.SIZE, "0", "The largest request body that the edge accepts; 0: no limit."),
    EDGE_TIMEOUT(
            "edge.timeout",
            Form.DURATION,
            "1h",
            "How long the proxies wait for a service's answer, and keep an idle websocket or TCP connection open."),
    EDGE_TRUSTED(
            "edge.trusted_proxies",
            Form.NETWORKS,
            "",
            "Proxies in front of the edge (a TLS load balancer, a CDN). The edge accepts `X-Forwarded-For`, `-Proto`,"
                    + " `-Host` and `-Port` from every address in these networks. If unset, it accepts them from nobody."),
    EDGE_PROXY_PROTOCOL(
            "edge.proxy_protocol",
            Form.FLAG,
            "false",
            "Whether every connection to the edge starts with a PROXY protocol header with the client's address. It is"
                    + " accepted from `edge.trusted_proxies`. Connections without the header fail."),
    ACCESS_LOG_SIZE(
            "access_log.size",
            Form.SIZE,
            "16m",
            "How large a file of the edge's access log becomes before another one is begun, 64k to 16g. One is begun each day anyway."),
    ACCESS_LOG_FILES(
            "access_log.files",
            Form.COUNT,
            "8",
            "How many earlier files of the access log are kept, at most 1000. They take `access_log.size` each."),
    ACCESS_LOG_AGE(
            "access_log.age",
            Form.DURATION,
            "720h",
            "After how long files of the access log are removed, however few there are; at least 1h."),
    MESH_ADDRESS(
            "mesh.address",
            Form.ADDRESSES,
            "",
            "Where the mesh (HAProxy) listens for services. If unset: at the gateway of each deployment's network. "
                    + "Set it before the first deploy: running instances use the old address until they are replaced."),
    MESH_PORTS(
            "mesh.ports", Form.RANGE, "15000-19999", "Ports of services on the mesh. A service's port never changes."),
    STATS_ADDRESS("stats.address", Form.ADDRESSES, "127.0.0.1", "Where HAProxy serves its statistics and metrics."),
    STATS_PORT("stats.port", Form.PORT, "8404", "The port of the statistics page."),
    STATS_USER("stats.user", Form.NAME, "portolan", "The user of the statistics page."),
    STATS_PASSWORD(
            "stats.password",
            Form.SECRET,
            "",
            "The password of the statistics page. If unset, Portolan generates one and keeps it in the state directory."),
    PROXY_TEMPLATES(
            "proxy.templates",
            Form.PATH,
            "",
            "A folder with Mustache templates. Each file in it replaces the built-in template of that name (templates/proxy)."),
    HAPROXY_DRIVER(
            "proxy.haproxy.driver",
            Form.DRIVER,
            "process",
            "`process`: Portolan starts HAProxy. `system`: Portolan configures and reloads the system's HAProxy."),
    HAPROXY_PROGRAM("proxy.haproxy.program", Form.TEXT, "haproxy", "The HAProxy program."),
    HAPROXY_FOLDER("proxy.haproxy.folder", Form.PATH, "", "With `system`: the folder to write the configuration to."),
    HAPROXY_RELOAD("proxy.haproxy.reload", Form.TEXT, "", "With `system`: the command that reloads HAProxy."),
    HAPROXY_SOCKET(
            "proxy.haproxy.socket", Form.PATH, "", "With `system`: HAProxy's master socket, for the runtime API."),
    NGINX_DRIVER("proxy.nginx.driver", Form.DRIVER, "process", "As for HAProxy."),
    NGINX_PROGRAM("proxy.nginx.program", Form.TEXT, "nginx", "The nginx program."),
    NGINX_FOLDER("proxy.nginx.folder", Form.PATH, "", "With `system`: the folder to write the configuration to."),
    NGINX_RELOAD("proxy.nginx.reload", Form.TEXT, "", "With `system`: the command that reloads nginx."),
    NETWORK_POOL("network.pool", Form.CIDR, "10.201.0.0/16", "The address range for networks of deployments."),
    NETWORK_PREFIX("network.prefix", Form.PREFIX, "24", "The size of each deployment's network; 24 has 254 addresses."),
    INSTANCES_ADDRESS(
            "instances.address",
            Form.ADDRESS,
            "",
            "The address where ports of instances are published. If unset: the gateway of the deployment's network."),
    INSTANCES_PORTS(
            "instances.ports",
            Form.RANGE,
            "20000-29999",
            "Host ports for instances. Keep them outside the kernel's ephemeral ports (net.ipv4.ip_local_port_range)."),
    DATA("data", Form.PATH, "", "The folder of named volumes. Default: `data` in the state directory."),
    PARALLEL("deploy.parallel", Form.COUNT, "32", "How many services of a deployment are rolled out at the same time."),
    KEEP_RELEASES(
            "deploy.keep_releases", Form.COUNT, "5", "How many releases to keep, with their versions and images."),
    CLEAN_IMAGES(
            "deploy.clean_images",
            Form.FLAG,
            "true",
            "Whether to remove images of versions that are no longer kept from the engine."),
    LOCK_WAIT(
            "deploy.lock_wait",
            Form.DURATION,
            "10m",
            "How long a change waits for another change of the same deployment, before it exits with status 4."),
    CONTROLLER_SYNC(
            "controller.sync",
            Form.SYNC,
            "auto",
            "What the controller does about drift of deployments that no followed source declares: `auto` repairs it, `report`"
                    + " only shows it."),
    CONTROLLER_UNHEALTHY_AFTER(
            "controller.unhealthy_after",
            Form.DURATION,
            "2m",
            "How long an instance is running and unhealthy before the controller replaces it."),
    CONTROLLER_UNHEALTHY_ATTEMPTS(
            "controller.unhealthy_attempts",
            Form.COUNT,
            "3",
            "How many instances of a version the controller replaces until one stays healthy, one at a time. Then it only reports"
                    + " them, until something changes."),
    API_ADDRESS(
            "api.address",
            Form.ADDRESS,
            "127.0.0.1",
            "Where the controller's API listens. Another address than a loopback one is used only while there is a token."),
    API_PORT("api.port", Form.PORT_OR_OFF, "8044", "The port of the API; `off`: only the unix socket."),
    API_CERT(
            "api.cert",
            Form.PATH,
            "",
            "The certificate chain (PEM) that the API's port speaks TLS with. It is read again when it changes. If unset, the port"
                    + " speaks HTTP without TLS."),
    API_KEY(
            "api.key",
            Form.PATH,
            "",
            "The private key of `api.cert` (PEM), in a file that others may not read. Default: it is in the file of `api.cert`."),
    API_DOMAIN(
            "api.domain",
            Form.HOST,
            "",
            "The name under which the edge serves the API, with `api.cert` and `api.key` or the certificate of a wildcard domain. Used"
                    + " only while there is a token."),
    GIT_ADDRESS(
            "git.address",
            Form.ADDRESS,
            "127.0.0.1",
            "Where the Git server of the controller listens for SSH; `0.0.0.0` is all IPv4 addresses. It listens once a key was"
                    + " added."),
    GIT_PORT("git.port", Form.PORT, "2222", "The port of the Git server."),
    GIT_MAX_PACK("git.max_pack", Form.SIZE, "256m", "The most that one push may send."),
    ENGINE_DEADLINE("engine.deadline", Form.DURATION, "30s", "The longest time for an ordinary engine call."),
    SECRET_NAMES(
            "secret_names",
            Form.WORDS,
            "password,passwd,passphrase,secret,token,key,credential,private",
            "Variables whose name contains one of these words are secret: never shown, and stored encrypted.");

    /** How a value is written. */
    enum Form {
        TEXT("text"),
        SECRET("text, a secret"),
        NAME("letters, digits, `-`, `_`, `:` and `.`"),
        PATH("a path; relative to the configuration file's folder"),
        HOST("a host name in lower case, without `*`"),
        ADDRESS("an IP address"),
        ADDRESSES("IP addresses, separated by commas or as a list"),
        NETWORKS("IP addresses and networks such as `10.0.0.0/8`, separated by commas or as a list"),
        PORT("a port, 1 to 65535"),
        PORT_OR_OFF("a port, 1 to 65535, or `off`"),
        RANGE("two ports, `first-last`"),
        DURATION("a duration such as `30s` or `10m`"),
        SIZE("a size such as `100m` or `2g`, 0 for no limit"),
        CIDR("a network such as `10.201.0.0/16`"),
        PREFIX("a number of bits, 16 to 29"),
        FLAG("`true` or `false`"),
        COUNT("a whole number from 1"),
        WORDS("a list of words"),
        DRIVER("`process` or `system`"),
        SYNC("`auto` or `report`"),
        REDIS_URL("a URL");

        private final String description;

        Form(String description) {
            this.description = description;
        }

        String description() {
            return description;
        }
    }

    private final String path;
    private final Form form;
    private final String byDefault;
    private final String meaning;

    ConfigKey(String path, Form form, String byDefault, String meaning) {
        this.path = path;
        this.form = form;
        this.byDefault = byDefault;
        this.meaning = meaning;
    }

    /** Its place in the file, sections and key joined by dots. */
    public String path() {
        return path;
    }

    Form form() {
        return form;
    }

    /** As it would be written; "" for none. */
    public String byDefault() {
        return byDefault;
    }

    /** What it means, for the reference page. */
    public String meaning() {
        return meaning;
    }

    /** The values that are accepted, in words. */
    public String accepts() {
        return form.description();
    }

    /** The environment variable that wins over the file. */
    public String variable() {
        return "PORTOLAN_" + path.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
