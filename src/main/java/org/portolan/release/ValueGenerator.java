package org.portolan.release;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.portolan.model.service.GenerateSpec;

/** Makes secret values from the system's randomness. */
final class ValueGenerator {
    private static final String LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LINE = 64;

    private ValueGenerator() {}

    /** A new value; it {@link GenerateSpec#matches matches} its spec. */
    static String generate(GenerateSpec spec) {
        return switch (spec.kind()) {
            case HEX -> HexFormat.of().formatHex(bytes(spec.size()));
            case BASE64 -> Base64.getEncoder().encodeToString(bytes(spec.size()));
            case PASSWORD -> password(spec.size());
            case UUID -> java.util.UUID.randomUUID().toString();
            case RSA -> privateKey("RSA", spec.size());
            case ED25519 -> privateKey("Ed25519", 0);
        };
    }

    private static byte[] bytes(int count) {
        byte[] random = new byte[count];
        new SecureRandom().nextBytes(random);
        return random;
    }

    private static String password(int length) {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS_AND_DIGITS.charAt(random.nextInt(LETTERS_AND_DIGITS.length())));
        }
        return text.toString();
    }

    private static String privateKey(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(algorithm + " is part of every JDK", impossible);
        }
    }
}
