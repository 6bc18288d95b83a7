package org.portolan.store.redis;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure.Kind;
import org.portolan.store.StoreException;

/**
 * Encrypts what may hold secrets: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits. A sealed value is a byte 1
 * (the form's number), the nonce, then the text and its tag of 128 bits; its place is authenticated with it, so a value
 * cannot be moved to another. The key is read by the first use. BouncyCastle's light interface does it without loading the
 * JDK's providers (ADR 86).
 */
final class Encryptor {
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
            GCMModeCipher cipher = cipher(true, nonce, place);
            byte[] value = new byte[1 + NONCE_BYTES + cipher.getOutputSize(text.length)];
            value[0] = FORM;
            System.arraycopy(nonce, 0, value, 1, NONCE_BYTES);
            int end = 1 + NONCE_BYTES;
            end += cipher.processBytes(text, 0, text.length, value, end);
            cipher.doFinal(value, end);
            return value;
        } catch (InvalidCipherTextException impossible) {
            throw new IllegalStateException("only what is decrypted can be invalid", impossible);
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
        int length = value.length - 1 - NONCE_BYTES;
        try {
            GCMModeCipher cipher = cipher(false, nonce, place);
            byte[] text = new byte[cipher.getOutputSize(length)];
            int end = cipher.processBytes(value, 1 + NONCE_BYTES, length, text, 0);
            cipher.doFinal(text, end);
            return text;
        } catch (InvalidCipherTextException problem) {
            throw new StoreException(
                            Kind.CORRUPT,
                            "the store's entry " + place + " cannot be decrypted with this installation's key",
                            Optional.of(problem))
                    .withHint(
                            "running services are not affected, and a deploy of the files writes it again; to restore the history,"
                                    + " restore the file `key` of the state directory or set PORTOLAN_KEY to the old key");
        }
    }

    private GCMModeCipher cipher(boolean seals, byte[] nonce, String place) {
        GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
        KeyParameter key = new KeyParameter(keySource.get());
        cipher.init(seals, new AEADParameters(key, TAG_BITS, nonce, place.getBytes(StandardCharsets.UTF_8)));
        return cipher;
    }

    /**
     * Has the cryptography loaded on a separate thread: the first use in a JVM costs some 20 ms, which may pass while
     * the caller still reads files.
     */
    static void warmUp() {
        Thread.ofPlatform().daemon().name("store-warm-up").start(() -> new Encryptor(() -> new byte[32])
                .cipher(false, new byte[NONCE_BYTES], ""));
    }
}
