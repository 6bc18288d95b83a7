package org.portolan.servicefile.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.CertificateCheck;
import org.portolan.model.service.Domain;
import org.portolan.servicefile.format.Fields;
import org.portolan.servicefile.format.Format;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.format.PathsShape;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.format.TargetsShape;
import org.portolan.servicefile.format.TcpShape;
import org.portolan.servicefile.yaml.YamlNode;

/** Reads the domains of a file to what they declare; {@link DomainRoutes} finds out where they lead. */
public final class DomainDecoder {
    private static final Fields DOMAIN = new Fields("a domain", Format.DOMAIN, false);

    private static final List<String> PROTECTING =
            List.of("auth", "auth_mode", "auth_realm", "cert", "key", "maintenance", "redirect_https");

    private final Reading in;

    public DomainDecoder(Reading in) {
        this.in = in;
    }

    /**
     * A domain as it is declared.
     *
     * @param shell the domain without routes and TCP
     * @param routes by path
     * @param owner the deployment that bare services belong to; "" when the file has several
     */
    public record Declared(
            Domain shell,
            YamlNode.Scalar at,
            SortedMap<String, PathsShape.Route> routes,
            TcpShape.@Nullable Listener tcp,
            List<YamlNode.Scalar> aliases,
            String owner) {}

    public List<Declared> read(@Nullable YamlNode section, String owner) {
        List<Declared> domains = new ArrayList<>();
        if (section == null || YamlNode.isNull(section)) {
            return domains;
        }
        if (!(section instanceof YamlNode.Mapping mapping)) {
            in.fault(section, "expected a map of domains, found " + in.found(section));
            return domains;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            String host = host(entry.key());
            SortedMap<String, Object> said = DOMAIN.read(entry.value(), in);
            if (said == null && YamlNode.isNull(entry.value())) {
                in.fault(
                        entry.key(),
                        "the domain " + in.found(entry.key()) + " has no target",
                        "add http: deployment:service");
            }
            if (said != null) {
                Declared declared = declared(host == null ? "" : host, entry, said, owner);
                if (host != null) {
                    domains.add(declared);
                }
            }
        }
        return domains;
    }

    private Declared declared(String host, YamlNode.Entry entry, SortedMap<String, Object> said, String owner) {
        YamlNode.Mapping body = (YamlNode.Mapping) entry.value();
        SortedMap<String, PathsShape.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        ServiceDecoder.tree(said.get("paths")).forEach((path, route) -> routes.put(path, (PathsShape.Route) route));
        YamlNode http = body.get("http");
        if (said.get("http") instanceof List<?> targets && http != null) {
            List<TargetsShape.Written> written = new ArrayList<>();
            targets.forEach(target -> written.add((TargetsShape.Written) target));
            if (routes.containsKey("/")) {
                in.fault(http, "http and the path / are the same route", "keep one of them");
            }
            routes.put("/", new PathsShape.Route(written.get(0).at(), written));
        }
        TcpShape.Listener tcp = said.get("tcp") instanceof TcpShape.Listener listener ? listener : null;
        List<YamlNode.Scalar> aliasNodes = new ArrayList<>();
        List<String> aliases = aliases(body.get("aliases"), aliasNodes);
        checkTogether(entry.key(), body, said, !routes.isEmpty(), tcp != null);
        AuthDecoder.Auth auth = new AuthDecoder(body, in).read(said);
        Domain shell = new Domain(
                host,
                aliases,
                new TreeMap<>(Domain.MOST_SPECIFIC_FIRST),
                Optional.empty(),
                certificate(body, said, names(host, aliases)),
                said.containsKey("redirect_https"),
                said.containsKey("maintenance"),
                said.containsKey("sticky"),
                "stream".equals(said.get("uploads")),
                auth.users(),
                auth.digestRealm(),
                said.get("access_log") instanceof Domain.AccessLog log ? log : Domain.AccessLog.OFF,
                entry.key().at());
        return new Declared(shell, entry.key(), routes, tcp, aliasNodes, owner);
    }

    private void checkTogether(
            YamlNode.Scalar name, YamlNode.Mapping body, Map<String, Object> said, boolean routed, boolean tcp) {
        boolean faulty = !YamlNode.isNull(body.get("http"))
                || !YamlNode.isNull(body.get("paths"))
                || !YamlNode.isNull(body.get("tcp"))
                || DOMAIN.hasUnknown(body);
        if (!routed && !tcp && !faulty && !said.containsKey("maintenance")) {
            in.fault(
                    name,
                    "the domain " + in.found(name) + " has no target",
                    "add http: deployment:service, paths: or tcp:");
        }
        if (tcp) {
            for (String key : List.of(
                    "http",
                    "paths",
                    "cert",
                    "key",
                    "redirect_https",
                    "maintenance",
                    "sticky",
                    "uploads",
                    "auth",
                    "access_log",
                    "aliases")) {
                YamlNode.Entry entry = body.entry(key);
                if (entry != null) {
                    in.fault(entry.key(), "a TCP domain cannot have " + key, "remove " + key);
                }
            }
        }
        saysNothing(body);
        YamlNode.Entry auth = body.entry("auth");
        YamlNode.Entry mode = body.entry("auth_mode");
        if (auth == null && mode != null) {
            in.fault(mode.key(), "auth_mode without auth", "add auth: {user: password}");
        }
        YamlNode.Entry redirect = body.entry("redirect_https");
        if (redirect != null && said.containsKey("redirect_https") && body.get("cert") == null) {
            in.fault(redirect.key(), "redirect_https needs a certificate", "add cert: and key:");
        }
    }

    /**
     * Tells of keys that protect and have no value, which would leave the domain open without a word; to open it one takes
     * the key out.
     */
    private void saysNothing(YamlNode.Mapping body) {
        for (String name : PROTECTING) {
            YamlNode.Entry entry = body.entry(name);
            if (entry == null) {
                continue;
            }
            boolean nobody = name.equals("auth")
                    && entry.value() instanceof YamlNode.Mapping users
                    && users.entries().isEmpty();
            boolean nothing = entry.value() instanceof YamlNode.Scalar value && !value.unresolved() && value.isNull();
            if (nobody || nothing) {
                in.fault(
                        entry.key(),
                        name + (name.equals("auth") ? " has no users" : " has no value")
                                + ", so nothing would be protected",
                        name.equals("auth")
                                ? "add auth: {user: password}; to open the domain to everyone, remove auth and auth_mode"
                                : "give it a value, or remove " + name);
            }
        }
    }

    private List<String> aliases(@Nullable YamlNode node, List<YamlNode.Scalar> nodes) {
        List<String> aliases = new ArrayList<>();
        List<YamlNode> items =
                node instanceof YamlNode.Sequence list ? list.items() : node == null ? List.of() : List.of(node);
        for (YamlNode item : items) {
            if (item instanceof YamlNode.Scalar scalar && !YamlNode.isNull(scalar)) {
                String alias = host(scalar);
                if (alias != null) {
                    aliases.add(alias);
                    nodes.add(scalar);
                }
            }
        }
        return List.copyOf(aliases);
    }

    /** The host in lower case; null when it is none, which is reported. */
    private @Nullable String host(YamlNode.Scalar at) {
        if (at.unresolved()) {
            return null;
        }
        String text = at.text();
        String fault = Names.checkHost(text, true);
        if (fault == null) {
            return text.toLowerCase(Locale.ROOT);
        }
        String hint = "for example: example.org, *.example.org or \"*\"";
        if (text.contains("://")) {
            hint = "remove the scheme";
        } else if (text.indexOf(':') >= 0) {
            hint = "remove the port: the edge's ports are set in the configuration";
        } else if (text.indexOf('/') >= 0) {
            hint = "write paths under paths:";
        } else if (!text.chars().allMatch(c -> c < 128)) {
            hint = "write it in punycode" + punycode(text);
        }
        in.fault(at, "invalid host name " + in.found(at) + ": " + fault, hint);
        return null;
    }

    private static String punycode(String host) {
        try {
            return ": " + java.net.IDN.toASCII(host);
        } catch (IllegalArgumentException none) {
            return "";
        }
    }

    private Optional<Domain.Certificate> certificate(
            YamlNode.Mapping body, Map<String, Object> said, List<String> names) {
        YamlNode cert = body.get("cert");
        YamlNode key = body.get("key");
        if (!(cert instanceof YamlNode.Scalar certName) || !said.containsKey("cert")) {
            if (key != null && cert == null) {
                in.fault(key, "key without cert", "add cert: the certificate chain");
            }
            return Optional.empty();
        }
        Reading.FileText chain = in.file(certName, "certificate");
        Reading.FileText secret =
                key instanceof YamlNode.Scalar name && said.containsKey("key") ? in.file(name, "key") : null;
        if (chain == null || (secret == null && key != null)) {
            return Optional.empty();
        }
        String keyText = secret == null ? chain.text() : secret.text();
        if (!hasBlock(chain.text(), "CERTIFICATE")) {
            in.fault(
                    cert,
                    "the certificate " + in.found(cert) + " is not a PEM certificate",
                    "the file must contain -----BEGIN CERTIFICATE-----");
            return Optional.empty();
        }
        if (!hasKey(keyText)) {
            YamlNode at = key == null ? cert : key;
            in.fault(
                    at,
                    in.found(at) + " has no usable PEM private key",
                    key == null
                            ? "add key: FILE with the private key"
                            : "the file must contain an unencrypted -----BEGIN … PRIVATE KEY-----");
            return Optional.empty();
        }
        Domain.Certificate certificate = new Domain.Certificate(chain.text(), keyText);
        boolean usable = true;
        for (CertificateCheck.Finding finding : CertificateCheck.of(certificate, names, in.now())) {
            boolean ofKey = finding.key() && key != null;
            YamlNode at = finding.key() && key != null ? key : cert;
            String what = (ofKey ? "the key " : "the certificate ") + in.found(at) + " " + finding.message();
            if (finding.fault()) {
                in.fault(at, what, finding.hint());
                usable = false;
            } else {
                in.problems().warning(at.at(), what, finding.hint());
            }
        }
        return usable ? Optional.of(certificate) : Optional.empty();
    }

    private static List<String> names(String host, List<String> aliases) {
        List<String> names = new ArrayList<>(aliases);
        if (!host.isEmpty()) {
            names.addFirst(host);
        }
        return names;
    }

    private static boolean hasBlock(String pem, String kind) {
        return pem.contains("-----BEGIN " + kind + "-----") && pem.contains("-----END " + kind + "-----");
    }

    private static boolean hasKey(String pem) {
        boolean encrypted = pem.contains("ENCRYPTED");
        return !encrypted
                && (hasBlock(pem, "PRIVATE KEY")
                        || hasBlock(pem, "RSA PRIVATE KEY")
                        || hasBlock(pem, "EC PRIVATE KEY"));
    }
}
