package org.portolan.proxy.render;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How the edge treats one name, under a token that no other treatment has: a name that changes its users, or opens, or
 * closes, gets another token. nginx marks each request with the token by which it treated it, and HAProxy knows routes by
 * token only, so that a request reaches no service whose protection it has not passed.
 *
 * @param site what is declared
 * @param token words that nginx decides by ({@code open}, {@code basic} or {@code maintenance}, then {@code https} when
 *     plain HTTP is redirected, {@code stream} when uploads are passed on while they arrive), a dot, and a keyed hash of all that is declared; lower-case letters, digits, {@code - .}
 */
public record Policy(Site site, String token) {
    private static final int BYTES = 16;

    /**
     * A name's policy.
     *
     * @param key the installation's secret
     */
    public static Policy of(Site site, byte[] key) {
        Kind kind = Kind.of(site);
        String words = kind.name().toLowerCase(Locale.ROOT)
                + (site.redirectHttps() ? "-https" : "")
                + (site.streamUploads() ? "-stream" : "");
        StringBuilder declared =
                new StringBuilder("policy\0").append(site.host()).append('\0').append(words);
        if (kind == Kind.BASIC) {
            site.users()
                    .forEach((user, password) ->
                            declared.append('\0').append(user).append('\0').append(password));
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] hash = mac.doFinal(declared.toString().getBytes(StandardCharsets.UTF_8));
            return new Policy(site, words + "." + HexFormat.of().formatHex(hash, 0, BYTES));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }

    public Kind kind() {
        return Kind.of(site);
    }

    /** The marks ({@code scheme.token}) that a request may come with to be routed; the edge itself answers all others. */
    public List<String> marks() {
        List<String> marks = new ArrayList<>();
        if (kind() != Kind.MAINTENANCE) {
            if (!site.redirectHttps()) {
                marks.add("http." + token);
            }
            marks.add("https." + token);
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
        /** Whoever has a user's password. */
        BASIC,
        /** Nobody: everybody gets the maintenance page. */
        MAINTENANCE;

        static Kind of(Site site) {
            return site.maintenance() ? MAINTENANCE : site.open() ? OPEN : BASIC;
        }
    }
}
