package org.portolan.model.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a server needs of a user for HTTP Digest (RFC 7616): the hash of {@code user:realm:password}, called HA1, for each
 * algorithm. Whoever has it can answer challenges of that realm as the user, so it is as secret as the password.
 *
 * @param hashes by algorithm, lower-case hexadecimal digits; at least one
 */
public record DigestCredential(Map<Algorithm, String> hashes) {
    /** The realm of a domain that names none. */
    public static final String REALM = "protected";

    private static final String NONE = "-";

    /** An algorithm that is offered, the better one first. */
    public enum Algorithm {
        SHA_256("SHA-256", 64),
        MD5("MD5", 32);

        private final String word;
        private final int digits;

        Algorithm(String word, int digits) {
            this.word = word;
            this.digits = digits;
        }

        /** As the headers of HTTP and Java call it. */
        public String word() {
            return word;
        }

        /** How many hexadecimal digits a hash has. */
        public int digits() {
            return digits;
        }

        /** Whether a text is a hash of it. */
        public boolean isHash(String text) {
            return text.length() == digits
                    && text.chars()
                            .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
        }
    }

    public DigestCredential {
        TreeMap<Algorithm, String> copy = new TreeMap<>();
        hashes.forEach((algorithm, hash) -> {
            if (!algorithm.isHash(hash)) {
                throw new IllegalArgumentException("no " + algorithm.word() + " hash");
            }
            copy.put(algorithm, hash.toLowerCase(Locale.ROOT));
        });
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("a credential needs a hash");
        }
        hashes = copy;
    }

    /** Of a password; user and password are put into Unicode's form NFC, as RFC 7616 asks of both sides. */
    public static DigestCredential of(String user, String realm, String password) {
        String text = nfc(user) + ":" + realm + ":" + nfc(password);
        Map<Algorithm, String> hashes = new TreeMap<>();
        for (Algorithm algorithm : Algorithm.values()) {
            try {
                byte[] hash = MessageDigest.getInstance(algorithm.word()).digest(text.getBytes(StandardCharsets.UTF_8));
                hashes.put(algorithm, HexFormat.of().formatHex(hash));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every JDK has " + algorithm.word(), impossible);
            }
        }
        return new DigestCredential(hashes);
    }

    /** A text in Unicode's form NFC. */
    public static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** {@code MD5,SHA-256}, with {@code -} for a hash that is not known: how it is kept and handed to the proxy. */
    public String text() {
        return hashes.getOrDefault(Algorithm.MD5, NONE) + "," + hashes.getOrDefault(Algorithm.SHA_256, NONE);
    }

    /** Reads {@link #text}; empty when it is something else. */
    public static Optional<DigestCredential> parse(String text) {
        String[] words = text.split(",", -1);
        if (words.length != 2) {
            return Optional.empty();
        }
        Map<Algorithm, String> hashes = new TreeMap<>();
        for (Algorithm algorithm : Algorithm.values()) {
            String word = words[algorithm == Algorithm.MD5 ? 0 : 1];
            if (algorithm.isHash(word)) {
                hashes.put(algorithm, word);
            } else if (!word.equals(NONE)) {
                return Optional.empty();
            }
        }
        return hashes.isEmpty() ? Optional.empty() : Optional.of(new DigestCredential(hashes));
    }

    /** The algorithms for which every one of some users has a hash, the better one first; what a domain can offer. */
    public static Set<Algorithm> common(Collection<DigestCredential> users) {
        Set<Algorithm> common = EnumSet.allOf(Algorithm.class);
        users.forEach(user -> common.retainAll(user.hashes.keySet()));
        return common;
    }

    @Override
    public String toString() {
        return "DigestCredential[••••]";
    }
}
