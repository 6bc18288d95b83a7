package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.service.DigestCredential;

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
                    "Whether a value must be given; `false` means an empty text without one. A parameter with a default "
                            + "is not required.",
                    "required: true"),
            Key.of("default", new Shapes.Text("a text"), "", "The value when none is given.", "default: \"1.4\""),
            Key.of("one_of", Shapes.TEXTS, "", "The values that may be given.", "one_of: [small, large]"),
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
                    "The template, relative to this file.",
                    "template: templates/shop.Servicefile"),
            Key.of("with", new WithShape(), "", "The template's parameters.", "with: {tag: \"1.4\"}"),
            Key.of("env", new EnvSection(), "", "Laid over the template's `Env`.", "env: {BRANDING: Staging}"),
            Key.of(
                    "scale",
                    new ScaleShape(),
                    "the template's",
                    "Instances by service, or a number where the template has one service.",
                    "scale: {website: 4}"),
            Key.later("placement", "The hosts that it may run on."),
            Key.later("git", "An application built from a repository."));

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
                    "What answers: `deployment:service[:port]`, a bare service of this deployment, or several with their "
                            + "shares of the traffic.",
                    "http: web"),
            Key.of(
                    "paths",
                    new PathsShape(),
                    "",
                    "Path prefixes with targets of their own: whole segments, the most specific first, never rewritten.",
                    "paths: {/api: web}"),
            Key.of(
                    "aliases",
                    Shapes.TEXTS,
                    "",
                    "Further names with the same routes.",
                    "{http: web, aliases: [www.example.org]}"),
            Key.of(
                    "tcp",
                    new TcpShape(),
                    "",
                    "A TCP domain: the port of the edge, and the target.",
                    "tcp: \"2222, web\""),
            Key.of(
                    "cert",
                    new Shapes.Text("a file's path"),
                    "",
                    "The certificate chain (PEM), relative to this file. Its key may stand in it or in `key`.",
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
                    "Plain HTTP is answered with a redirect.",
                    "{http: web, cert: example.pem, key: example.key, redirect_https: true}"),
            Key.withDefault(
                    "maintenance",
                    Shapes.FLAG,
                    false,
                    "Every request gets the maintenance page (503).",
                    "{http: web, maintenance: true}"),
            Key.withDefault(
                    "sticky",
                    Shapes.FLAG,
                    false,
                    "A client stays with its instance (by a cookie).",
                    "{http: web, sticky: true}"),
            Key.withDefault(
                    "uploads",
                    new Shapes.OneOf(List.of("buffer", "stream")),
                    "buffer",
                    "`buffer`: the edge takes a request's body before it asks the service, so that a slow client occupies"
                            + " no worker. `stream`: it is passed on while it arrives.",
                    "{http: web, uploads: stream}"),
            Key.of(
                    "auth",
                    new AuthShape(),
                    "",
                    "Users with their passwords. Instead of a password: with `digest`, the map `{ha1_sha256: …, ha1_md5: …}`,"
                            + " hashes of `user:realm:password` (a domain offers the algorithms that all of its users have);"
                            + " with `basic`, a hash (`$apr1$…`, `$5$…`, `$6$…`, `{SHA}…`, `{SSHA}…`).",
                    "{http: web, auth: {internal: example}}"),
            Key.withDefault(
                    "auth_mode",
                    new Shapes.OneOf(List.of("digest", "basic")),
                    "digest",
                    "`digest`: HTTP Digest (RFC 7616), SHA-256 and MD5; the password is never sent. `basic`: HTTP Basic; use"
                            + " it with HTTPS.",
                    "{http: web, auth: {internal: example}, auth_mode: basic}"),
            Key.withDefault(
                    "auth_realm",
                    new RealmShape(),
                    DigestCredential.REALM,
                    "The realm of `digest`, which browsers show when they ask for the password; a part of `ha1_…`.",
                    "{http: web, auth: {internal: example}, auth_realm: staging}"));

    public static final List<Key> SECTIONS = List.of(
            Key.of(
                    "Name",
                    new Shapes.Text("a deployment's name"),
                    "",
                    "The deployment of a file with services, when `-D` does not say.",
                    "Name: my-site"),
            Key.of(
                    "Includes",
                    Shapes.TEXTS,
                    "",
                    "Servicefiles that this one builds on, relative to it; one level deep, and this file wins.",
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
                    "Variables that services inherit: a value for all, or a map under a service's name.",
                    "Env: {BRANDING: Company Ltd., web: {DEBUG: \"1\"}}"),
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
                    "What the outside reaches. `*.example.org` is every name directly under it, `\"*\"` any.",
                    "Domains: {example.org: {http: web}}"),
            Key.later("Generate", "Values made once per deployment and kept."),
            Key.later("Exec", "Commands that are run once."));

    private Format() {}

    public static List<String> sectionNames() {
        List<String> names = new ArrayList<>();
        for (Key key : SECTIONS) {
            names.add(key.name());
        }
        return names;
    }
}
