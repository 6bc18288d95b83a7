package org.portolan.routing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short names made of long texts. */
public final class Hashes {
    private Hashes() {}

    /** The first 12 hex digits of SHA-256. */
    public static String shortHex(String text) {
        return hex(text).substring(0, 12);
    }

    /** SHA-256 in hex. */
    public static String hex(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }
}
