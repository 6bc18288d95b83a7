package org.portolan.routing;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.digest.Sha2Crypt;

/**
 * Passwords as crypt(3) checks them: SHA-512 crypt ({@code $6$}), which the C library of Linux systems verifies for both
 * nginx and HAProxy. The salt is derived from the password with a key of this installation, so that the same password
 * gives the same line again and nothing is rewritten when nothing changed; without the key the salt tells nothing.
 */
public final class PasswordHash {
    /** Few rounds, because nginx computes the hash again for every request: about half a millisecond. */
    private static final String PREFIX = "$6$rounds=1000$";

    private static final Pattern HASH = Pattern.compile(
            "\\$(?:apr1|1|5|6|2[aby]|y)\\$[./0-9A-Za-z$=,]{8,200}" + "|\\{(?:SSHA|SHA)\\}[A-Za-z0-9+/=]{20,100}");

    private PasswordHash() {}

    /** Whether a password is given as a hash already: {@code $6$…}, {@code $apr1$…}, {@code {SSHA}…} and the like. */
    public static boolean isHash(String password) {
        return HASH.matcher(password).matches();
    }

    /**
     * The hash of a password; a hash stays what it is.
     *
     * @param key the installation's secret
     * @param context what the password is for, so that equal passwords do not show
     */
    public static String of(String password, byte[] key, String context) {
        if (isHash(password)) {
            return password;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] mark = mac.doFinal((context + "\0" + password).getBytes(StandardCharsets.UTF_8));
            String salt =
                    Base64.getEncoder().encodeToString(mark).substring(0, 16).replace('+', '.');
            return Sha2Crypt.sha512Crypt(password.getBytes(StandardCharsets.UTF_8), PREFIX + salt + "$");
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }

    /** The lines of a password file: {@code user:hash}. */
    public static String file(Site site, byte[] key) {
        StringBuilder lines = new StringBuilder();
        site.users().forEach((user, password) -> lines.append(Sanitizer.user(user))
                .append(':')
                .append(of(password, key, site.host() + "\0" + user))
                .append('\n'));
        return lines.toString();
    }
}
