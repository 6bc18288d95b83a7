package org.portolan.proxy.local;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers challenges of HTTP Digest as RFC 7616 says, written from the RFC and not from what is tested. */
record DigestUser(String user, String realm, String password) {
    /** A challenge's nonce; "" when there is none for the algorithm. */
    static String nonce(String head, String algorithm) {
        Matcher matcher = Pattern.compile(
                        "(?im)^www-authenticate: Digest [^\r\n]*algorithm=" + algorithm + ", nonce=\"([^\"]+)\"")
                .matcher(head);
        return matcher.find() ? matcher.group(1) : "";
    }

    static boolean stale(String head) {
        return head.toLowerCase(Locale.ROOT).contains("stale=true");
    }

    static String hash(String algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The value of {@code response}. */
    String response(String algorithm, String method, String uri, String nonce, String nc, String cnonce) {
        return hash(
                algorithm,
                String.join(
                        ":",
                        hash(algorithm, user + ":" + realm + ":" + password),
                        nonce,
                        nc,
                        cnonce,
                        "auth",
                        hash(algorithm, method + ":" + uri)));
    }

    /** The value of an Authorization header for GET. */
    String header(String algorithm, String uri, String nonce, int count) {
        return header(algorithm, "GET", uri, nonce, count);
    }

    String header(String algorithm, String method, String uri, String nonce, int count) {
        String nc = String.format("%08x", count);
        return "Digest username=\"" + user.replaceAll("([\"\\\\])", "\\\\$1") + "\", realm=\"" + realm + "\", nonce=\""
                + nonce + "\", uri=\"" + uri + "\", algorithm=" + algorithm + ", response=\""
                + response(algorithm, method, uri, nonce, nc, "0a4f113b") + "\", qop=auth, nc=" + nc
                + ", cnonce=\"0a4f113b\"";
    }
}
