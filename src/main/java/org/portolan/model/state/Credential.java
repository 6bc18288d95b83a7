package org.portolan.model.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What somebody shows to be a {@link Principal}. */
public sealed interface Credential {
    /** {@code token} or {@code key}. */
    String word();

    /** A token, known by its hash only: 256 random bits need no salt and no slow hash. */
    record Token(String sha256) implements Credential {
        private static final int DIGITS = 64;

        public Token {
            if (sha256.length() != DIGITS) {
                throw new IllegalArgumentException("not a SHA-256");
            }
        }

        /** Of a token's text. */
        public static Token of(String text) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return new Token(HexFormat.of().formatHex(hash));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException("every JDK has SHA-256", impossible);
            }
        }

        /** Whether the other is the same, in a time that does not tell where they differ. */
        public boolean matches(Token other) {
            return MessageDigest.isEqual(
                    sha256.getBytes(StandardCharsets.US_ASCII), other.sha256.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public String word() {
            return "token";
        }
    }

    /** A public key. */
    record Key(SshKey key) implements Credential {
        @Override
        public String word() {
            return "key";
        }
    }
}
