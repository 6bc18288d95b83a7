package org.portolan.routing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.crypto.Mac;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.Domain;

/**
 * How the edge treats one name, under a token that no other treatment has: a name that changes its users, or opens, or
 * closes, gets another token. nginx marks each request with the token by which it treated it, and HAProxy knows routes by
 * token only, so that a request reaches no service whose protection it has not passed.
 *
 * @param site what is declared
 * @param token words that nginx decides by ({@code open}, {@code basic}, {@code digest} or {@code maintenance}, then {@code https} when
 *     plain HTTP is redirected, {@code stream} when uploads are passed on while they arrive, {@code log} or {@code log-query} when requests are written down), a dot, and a keyed hash of all that is declared; lower-case letters, digits, {@code - .}
 */
public record Policy(Site site, String token) {
    /** What HAProxy adds to the mark of a request whose Digest credentials it found good. */
    static final String CHECKED = "+";

    private static final int BYTES = 16;

    /**
     * A name's policy.
     *
     * @param key the installation's secret
     */
    public static Policy of(Site site, byte[] key) {
        return of(site, mac(key));
    }

    /** The policies of many names, by name. */
    public static SortedMap<String, Policy> of(SortedMap<String, Site> sites, byte[] key) {
        // One for all: to prepare it takes as long as a hash does.
        Mac mac = mac(key);
        SortedMap<String, Policy> policies = new TreeMap<>();
        sites.forEach((name, site) -> policies.put(name, of(site, mac)));
        return policies;
    }

    /** HMAC-SHA-256 (RFC 2104). */
    private static Mac mac(byte[] key) {
        HMac mac = new HMac(SHA256Digest.newInstance());
        mac.init(new KeyParameter(key));
        return mac;
    }

    private static Policy of(Site site, Mac mac) {
        Kind kind = Kind.of(site);
        String words = kind.name().toLowerCase(Locale.ROOT)
                + (site.redirectHttps() ? "-https" : "")
                + (site.streamUploads() ? "-stream" : "")
                + logged(site.accessLog());
        StringBuilder declared =
                new StringBuilder("policy\0").append(site.host()).append('\0').append(words);
        if (kind == Kind.DIGEST) {
            declared.append("\0realm\0").append(site.digestRealm().orElse(""));
        }
        if (kind == Kind.BASIC || kind == Kind.DIGEST) {
            site.users()
                    .forEach((user, password) ->
                            declared.append('\0').append(user).append('\0').append(password));
        }
        byte[] text = declared.toString().getBytes(StandardCharsets.UTF_8);
        byte[] hash = new byte[mac.getMacSize()];
        mac.update(text, 0, text.length);
        mac.doFinal(hash, 0);
        return new Policy(site, words + "." + HexFormat.of().formatHex(hash, 0, BYTES));
    }

    private static String logged(Domain.AccessLog log) {
        return log == Domain.AccessLog.QUERY ? "-log-query" : log.on() ? "-log" : "";
    }

    /**
     * What HAProxy checks credentials by, as keys and values of a map: under the token the algorithms that are offered and
     * the realm, under token and user what the user has. Empty for other kinds than Digest.
     */
    SortedMap<String, String> credentials() {
        SortedMap<String, String> entries = new TreeMap<>();
        if (kind() != Kind.DIGEST) {
            return entries;
        }
        List<DigestCredential> known = new ArrayList<>();
        site.users().forEach((user, text) -> DigestCredential.parse(text).ifPresent(credential -> {
            known.add(credential);
            entries.put(token + "|" + hex(user), credential.text());
        }));
        List<String> offered = DigestCredential.common(known).stream()
                .map(DigestCredential.Algorithm::word)
                .toList();
        String realm = hex(Sanitizer.realm(site.digestRealm().orElse("")));
        if (!known.isEmpty() && !offered.isEmpty()) {
            entries.put(token, String.join(",", offered) + ":" + realm);
        }
        return entries;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    public Kind kind() {
        return Kind.of(site);
    }

    /**
     * The marks ({@code scheme.token}) under which a request is routed; the edge itself answers all others. With Digest they
     * end in {@link #CHECKED}, which nginx does not say.
     */
    public List<String> marks() {
        String end = kind() == Kind.DIGEST ? CHECKED : "";
        List<String> marks = new ArrayList<>();
        if (kind() != Kind.MAINTENANCE) {
            if (!site.redirectHttps()) {
                marks.add("http." + token + end);
            }
            marks.add("https." + token + end);
        }
        return marks;
    }

    @Override
    public String toString() {
        return "Policy[" + site.host() + ", " + kind() + "]";
    }

    /** Who is let in. */
    public enum Kind {
        OPEN,
        /** Whoever has a user's password; nginx checks. */
        BASIC,
        /** Whoever has a user's password; HAProxy checks. */
        DIGEST,
        /** Nobody: everybody gets the maintenance page. */
        MAINTENANCE;

        static Kind of(Site site) {
            if (site.maintenance()) {
                return MAINTENANCE;
            }
            return site.open() ? OPEN : site.digestRealm().isPresent() ? DIGEST : BASIC;
        }
    }
}
