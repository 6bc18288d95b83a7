package org.portolan.model.state;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * A public key of SSH: Ed25519, ECDSA, or RSA of at least 2048 bits.
 *
 * @param blob the key as SSH sends it (RFC 4253 section 6.6), in Base64
 * @param comment what people call it, not part of the key
 */
public record SshKey(String type, String blob, String comment) {
    private static final int LONGEST_LINE = 16 * 1024;
    private static final int LONGEST_COMMENT = 200;
    private static final int LEAST_RSA_BITS = 2048;
    private static final int MOST_RSA_BITS = 16_384;
    private static final int ED25519_BYTES = 32;
    private static final byte UNCOMPRESSED = 4;
    private static final String ED25519 = "ssh-ed25519";
    private static final String RSA = "ssh-rsa";
    private static final String ECDSA = "ecdsa-sha2-";

    /** Bytes of one coordinate by the curve's name. */
    private static final Map<String, Integer> CURVES = Map.of("nistp256", 32, "nistp384", 48, "nistp521", 66);

    private static final String HINT =
            "make one with `ssh-keygen -t ed25519`, and give the file that ends in .pub: Ed25519, ECDSA and RSA of"
                    + " at least 2048 bits are accepted";

    /**
     * Reads a public key file: one line {@code TYPE KEY COMMENT}, beside empty lines and those that begin with {@code #}.
     *
     * @throws Failure {@link Kind#INVALID} for whatever else
     */
    public static SshKey read(String text) {
        if (text.contains("PRIVATE KEY")) {
            throw invalid("this is a private key, which nobody else should get");
        }
        List<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (lines.size() != 1) {
            throw invalid(lines.isEmpty() ? "no key was given" : "more than one key was given: add one at a time");
        }
        return line(lines.getFirst());
    }

    private static SshKey line(String line) {
        if (line.length() > LONGEST_LINE) {
            throw invalid("the key is longer than " + LONGEST_LINE + " characters");
        }
        String[] words = line.split("[ \t]+", 3);
        String type = words[0];
        if (type.contains("-cert-")) {
            throw invalid("certificates are not supported");
        }
        if (type.equals("ssh-dss")) {
            throw invalid("DSA keys are not accepted: they are too weak");
        }
        if (!type.equals(ED25519) && !type.equals(RSA) && !isEcdsa(type)) {
            throw invalid(
                    words.length > 1 && (words[1].startsWith("ssh-") || words[1].startsWith(ECDSA))
                            ? "options before a key are not supported"
                            : "not a public key of SSH of an accepted type");
        }
        if (words.length < 2) {
            throw invalid("the key is incomplete");
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(words[1]);
        } catch (IllegalArgumentException notBase64) {
            throw invalid("the key is not valid Base64");
        }
        return of(type, bytes, words.length > 2 ? comment(words[2]) : "");
    }

    /**
     * A key from its bytes.
     *
     * @throws Failure {@link Kind#INVALID} when it is not one that is accepted
     */
    public static SshKey of(String type, byte[] bytes, String comment) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            check(type.equals(text(in)), "the key is of another type than it says");
            if (type.equals(ED25519)) {
                check(field(in).length == ED25519_BYTES, "the key has a wrong length");
            } else if (type.equals(RSA)) {
                number(in);
                int bits = number(in).bitLength();
                check(bits >= LEAST_RSA_BITS, "the RSA key has " + bits + " bits");
                check(bits <= MOST_RSA_BITS, "the RSA key is longer than " + MOST_RSA_BITS + " bits");
            } else {
                check(isEcdsa(type), "not a public key of SSH of an accepted type");
                String curve = text(in);
                check(type.equals(ECDSA + curve), "the key is of another type than it says");
                byte[] point = field(in);
                check(
                        point.length == 1 + 2 * CURVES.getOrDefault(curve, 0) && point[0] == UNCOMPRESSED,
                        "the key has a wrong length");
            }
            check(!in.hasRemaining(), "the key has a wrong length");
        } catch (BufferUnderflowException incomplete) {
            throw invalid("the key is incomplete");
        }
        return new SshKey(type, Base64.getEncoder().encodeToString(bytes), comment);
    }

    private static boolean isEcdsa(String type) {
        return type.startsWith(ECDSA) && CURVES.containsKey(type.substring(ECDSA.length()));
    }

    private static BigInteger number(ByteBuffer in) {
        byte[] bytes = field(in);
        // One key has one form: otherwise the same key would have several fingerprints.
        check(bytes.length > 0 && bytes[0] >= 0, "the key has a number that is not positive");
        check(bytes.length == 1 || bytes[0] != 0 || bytes[1] < 0, "the key has a number with needless zeros");
        return new BigInteger(bytes);
    }

    private static String text(ByteBuffer in) {
        return new String(field(in), StandardCharsets.US_ASCII);
    }

    private static byte[] field(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static String comment(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_COMMENT)
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static void check(boolean well, String fault) {
        if (!well) {
            throw invalid(fault);
        }
    }

    private static Failure invalid(String why) {
        return new Failure(Kind.INVALID, "invalid public key: " + why).withHint(HINT);
    }

    /** {@code SHA256:…}, as {@code ssh-keygen -l} prints it. */
    public String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(blob));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Whether it is the same key, whatever its comment. */
    public boolean same(SshKey other) {
        return type.equals(other.type)
                && Arrays.equals(
                        Base64.getDecoder().decode(blob), Base64.getDecoder().decode(other.blob));
    }

    /** The line as it stands in a file. */
    public String line() {
        return type + " " + blob
                + Optional.of(comment)
                        .filter(text -> !text.isEmpty())
                        .map(text -> " " + text)
                        .orElse("");
    }
}
