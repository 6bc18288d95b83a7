package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.Domain;

/**
 * The Servicefile's format as one table: every key with its shape, default, documentation and example. It drives the
 * decoder, the reference page and the JSON Schema. The keys of a service are in {@link ServiceKeys}.
 */
public final class Format {
    public static final List<Key> PARAMETER = List.of(
            Key.withDefault(
                    "required",
                    Shapes.FLAG,
                    true,
                    "Whether a value is required. With `false` and no value it is empty. A parameter with a default "
                            + "is not required.",
                    "required: true"),
            Key.of("default", new Shapes.Text("a text"), "", "The value if none is given.", "default: \"1.4\""),
            Key.of("one_of", Shapes.TEXTS, "", "The allowed values.", "one_of: [small, large]"),
            Key.of(
                    "pattern",
                    new Shapes.Text("a regular expression"),
                    "",
                    "A regular expression (Java's) that the whole value must match.",
                    "pattern: \"[0-9.]+\""),
            Key.of("description", new Shapes.Text("a text"), "", "What it is for.", "description: the image's tag"));

    public static final List<Key> DEPLOYMENT = List.of(
            Key.of(
                    "template",
                    new Shapes.Text("a file's path"),
                    "required",
                    "The template's path, relative to this file, or the name of a shipped template, such as `portolan:redis` ([list](cookbook.md#starting-templates)).",
                    "template: templates/shop.Servicefile"),
            Key.of("with", new WithShape(), "", "The template's parameters.", "with: {tag: \"1.4\"}"),
            Key.of("env", new EnvSection(), "", "Overrides the template's `Env`.", "env: {BRANDING: Staging}"),
            Key.of(
                    "scale",
                    new ScaleShape(),
                    "the template's",
                    "Instances per service, or one number if the template has one service.",
                    "scale: {website: 4}"),
            Key.later("placement", "The hosts to run on."),
            Key.later("git", "Builds the application from a repository."));

    /** What a user has instead of a password. */
    public static final List<Key> CREDENTIAL = List.of(
            Key.of(
                    "ha1_sha256",
                    new Ha1Shape(DigestCredential.Algorithm.SHA_256),
                    "",
                    "SHA-256 hash of `user:realm:password`, in hexadecimal digits.",
                    "{ha1_sha256: 7a2836fe239ee11f832a93edc2fe70b3b33ef22ef54763a508f6d521f48c1081}"),
            Key.of(
                    "ha1_md5",
                    new Ha1Shape(DigestCredential.Algorithm.MD5),
                    "",
                    "MD5 hash of `user:realm:password`, in hexadecimal digits.",
                    "{ha1_md5: 649a35ae7dcd68bbb0afd468c4beac4a}"));

    public static final List<Key> DOMAIN = List.of(
            Key.of(
                    "http",
                    new TargetsShape(),
                    "",
                    "The target: `deployment:service[:port]`, a service of this deployment, or several targets with "
                            + "weights.",
                    "http: web"),
            Key.of(
                    "paths",
                    new PathsShape(),
                    "",
                    "Targets by path prefix. A prefix matches whole segments, the longest one wins, paths are not rewritten.",
                    "paths: {/api: web}"),
            Key.of(
                    "aliases",
                    Shapes.TEXTS,
                    "",
                    "More host names with the same routes.",
                    "{http: web, aliases: [www.example.org]}"),
            Key.of(
                    "tcp",
                    new TcpShape(),
                    "",
                    "Makes it a TCP domain: the edge's port and the target.",
                    "tcp: \"2222, web\""),
            Key.of(
                    "cert",
                    new Shapes.Text("a file's path"),
                    "",
                    "The certificate chain (PEM), relative to this file. The private key is in the same file or in `key`.",
                    "{http: web, cert: example.pem, key: example.key}"),
            Key.of(
                    "key",
                    new Shapes.Text("a file's path"),
                    "",
                    "The certificate's private key (PEM).",
                    "{http: web, cert: example.pem, key: example.key}"),
            Key.withDefault(
                    "redirect_https",
                    Shapes.FLAG,
                    false,
                    "Redirects plain HTTP to HTTPS.",
                    "{http: web, cert: example.pem, key: example.key, redirect_https: true}"),
            Key.withDefault(
                    "maintenance",
                    Shapes.FLAG,
                    false,
                    "Answers every request with the maintenance page (503).",
                    "{http: web, maintenance: true}"),
            Key.withDefault(
                    "sticky",
                    Shapes.FLAG,
                    false,
                    "Keeps a client on the same instance, by a cookie.",
                    "{http: web, sticky: true}"),
            Key.withDefault(
                    "uploads",
                    new Shapes.OneOf(List.of("buffer", "stream")),
                    "buffer",
                    "`buffer`: the edge reads a request's body completely before it passes it on, so that a slow client occupies"
                            + " no worker of the service. `stream`: it passes the body on as it arrives.",
                    "{http: web, uploads: stream}"),
            new Key(
                    "access_log",
                    new AccessLogShape(),
                    Domain.AccessLog.OFF,
                    "false",
                    "Writes each request down as a line of JSON, without its query string: `logs --access` shows"
                            + " them ([access logs](operations.md#access-logs)). `{query: true}` writes the query string, too.",
                    "{http: web, access_log: true}"),
            Key.of(
                    "auth",
                    new AuthShape(),
                    "",
                    "Users and passwords. Instead of a password write, with `digest`, the map `{ha1_sha256: …, ha1_md5: …}`,"
                            + " hashes of `user:realm:password` (a domain offers the algorithms that all of its users have);"
                            + " with `basic`, a hash (`$apr1$…`, `$5$…`, `$6$…`, `{SHA}…`, `{SSHA}…`).",
                    "{http: web, auth: {internal: example}}"),
            Key.withDefault(
                    "auth_mode",
                    new Shapes.OneOf(List.of("digest", "basic")),
                    "digest",
                    "`digest`: HTTP Digest (RFC 7616) with SHA-256 and MD5; the password is never sent. `basic`: HTTP Basic; use"
                            + " it with HTTPS.",
                    "{http: web, auth: {internal: example}, auth_mode: basic}"),
            Key.withDefault(
                    "auth_realm",
                    new RealmShape(),
                    DigestCredential.REALM,
                    "The realm of `digest`. Browsers show it when they ask for the password; `ha1_…` hashes contain it.",
                    "{http: web, auth: {internal: example}, auth_realm: staging}"));

    public static final List<Key> SECTIONS = List.of(
            Key.of(
                    "Name",
                    new Shapes.Text("a deployment's name"),
                    "",
                    "The deployment of a file with services, unless `-D` is given.",
                    "Name: my-site"),
            Key.of(
                    "Includes",
                    Shapes.TEXTS,
                    "",
                    "Servicefiles to include, relative to this one, or shipped templates such as `portolan:redis`. Included files cannot include others; this file overrides them.",
                    "Includes: [common.Servicefile]"),
            Key.of(
                    "Parameters",
                    new MapOf("parameters", "a parameter", new Fields("a parameter", PARAMETER, false)),
                    "",
                    "The inputs of a template, used as `{{name}}`.",
                    "Parameters: {tag: {default: \"1.4\"}}"),
            Key.of(
                    "Env",
                    new EnvSection(),
                    "",
                    "Variables for all services, or, in a map under a service's name, for that service.",
                    "Env: {BRANDING: Company Ltd., web: {DEBUG: \"1\"}}"),
            Key.of(
                    "Volumes",
                    new VolumesSection(),
                    "",
                    "Volumes that several services mount, by their names: `volumes: {shop-data: /srv/data}`. Other volumes belong"
                            + " to one service.",
                    "Volumes: {shop-data: {}}"),
            Key.of(
                    "Network",
                    NetworkShape.section(),
                    "",
                    "Which other deployments may join this deployment's network, with `network: {join: [...]}` of a service.",
                    "Network: {allow: [shop]}"),
            Key.of(
                    "Deployments",
                    new MapOf("deployments", "a deployment", new Fields("a deployment", DEPLOYMENT, true)),
                    "",
                    "Deployments made from templates.",
                    "Deployments: {shop: {template: templates/shop.Servicefile, with: {tag: \"1.4\"}}}"),
            Key.of(
                    "Domains",
                    new MapOf("domains", "a domain", new Fields("a domain", DOMAIN, false)),
                    "",
                    "Host names and their routes. `*.example.org` matches every name directly under it, `\"*\"` any name.",
                    "Domains: {example.org: {http: web}}"),
            Key.of(
                    "Vars",
                    new MapOf("constants", "text", Shapes.TEXT),
                    "",
                    "Constants, used as `{Name}` in `env`, `cmd` and `entrypoint`.",
                    "Vars: {Brand: Company Ltd.}"),
            Key.of(
                    "Generate",
                    new MapOf("values", "a kind of value", new GenerateShape()),
                    "",
                    "Secret values that are generated once per deployment and kept, used as `{Name}` in `env`, `cmd` and"
                            + " `entrypoint`. Kinds: `hex` and `base64` (bytes, default 32), `password` (letters and digits,"
                            + " default 24), `uuid`, `rsa` (bits, default 3072) and `ed25519` (private keys, PEM).",
                    "Generate: {SecretKey: {hex: 32}}"),
            Key.of(
                    "Exec",
                    new MapOf("jobs", "a job", new Fields("a job", JobKeys.ALL, true)),
                    "",
                    "Jobs: commands that run once with each new version of a service, before it gets traffic.",
                    "Exec: {Schema: {service: web, cmd: ./manage migrate}}"),
            Key.of(
                    "Databases",
                    new MapOf("databases", "a database", new Fields("a database", DatabaseKeys.ALL, true)),
                    "",
                    "Databases in a database server of the deployment: user, password and database are made where they do not"
                            + " exist, before a service that requires them starts, and its variables lead to them.",
                    "Databases: {shop: {in: postgres}}"));

    private Format() {}

    public static List<String> sectionNames() {
        List<String> names = new ArrayList<>();
        for (Key key : SECTIONS) {
            names.add(key.name());
        }
        return names;
    }
}
