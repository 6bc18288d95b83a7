package org.portolan.store.redis;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure.Kind;
import org.portolan.store.StoreException;

/**
 * Encrypts what may hold secrets: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. A sealed value is a byte 1
 * (the form's number), the nonce, then the text and its tag of 128 bits; its place is authenticated with it, so a value
 * cannot be moved to another. The key and the JDK's cryptography are loaded by the first use.
 */
final class Encryptor {
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final byte FORM = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Supplier<byte[]> keySource;

    Encryptor(Supplier<byte[]> keySource) {
        this.keySource = keySource;
    }

    /** One for many values that are opened together: it reads the key once, when it needs it first. */
    Encryptor together() {
        AtomicReference<byte @Nullable []> read = new AtomicReference<>();
        return new Encryptor(() -> {
            byte[] known = read.get();
            if (known == null) {
                known = keySource.get();
                read.set(known);
            }
            return known;
        });
    }

    /** Whether a value has the form of a sealed one. */
    static boolean looksSealed(byte[] value) {
        return value.length >= 1 + NONCE_BYTES + TAG_BITS / 8 && value[0] == FORM;
    }

    byte[] seal(String place, byte[] text) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, place);
            byte[] sealed = cipher.doFinal(text);
            byte[] value = new byte[1 + NONCE_BYTES + sealed.length];
            value[0] = FORM;
            System.arraycopy(nonce, 0, value, 1, NONCE_BYTES);
            System.arraycopy(sealed, 0, value, 1 + NONCE_BYTES, sealed.length);
            return value;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM is part of every JDK", impossible);
        }
    }

    byte[] open(String place, byte[] value) {
        if (value.length < 1 + NONCE_BYTES || value[0] != FORM) {
            throw new StoreException(
                    Kind.CORRUPT,
                    "the store's entry " + place + " has a format that this version does not know",
                    Optional.empty());
        }
        byte[] nonce = Arrays.copyOfRange(value, 1, 1 + NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, place);
            return cipher.doFinal(value, 1 + NONCE_BYTES, value.length - 1 - NONCE_BYTES);
        } catch (GeneralSecurityException problem) {
            throw new StoreException(
                            Kind.CORRUPT,
                            "the store's entry " + place + " cannot be decrypted with this installation's key",
                            Optional.of(problem))
                    .withHint(
                            "running services are not affected, and a deploy of the files writes it again; to restore the history,"
                                    + " restore the file `key` of the state directory or set PORTOLAN_KEY to the old key");
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher cipher = cipher();
        cipher.init(mode, new SecretKeySpec(keySource.get(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** The JDK's own provider, where it is there: a search for any loads all of them before it (curves, signatures, TLS). */
    private static Cipher cipher() throws GeneralSecurityException {
        try {
            return Cipher.getInstance(TRANSFORMATION, "SunJCE");
        } catch (NoSuchProviderException otherJdk) {
            return Cipher.getInstance(TRANSFORMATION);
        }
    }

    /**
     * Has the JDK load its cryptography on a separate thread: the first use in a JVM costs some 20 ms, which may pass while
     * the caller still reads files.
     */
    static void warmUp() {
        Thread.ofPlatform().daemon().name("store-warm-up").start(() -> {
            try {
                cipher();
            } catch (GeneralSecurityException saidLater) {
                // The first use meets the same problem and reports it.
            }
        });
    }
}
