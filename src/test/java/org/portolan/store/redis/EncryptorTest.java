package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.portolan.store.StoreException;

class EncryptorTest {
    private final byte[] text = "the text".getBytes(StandardCharsets.UTF_8);
    private final Encryptor seal = new Encryptor(() -> new byte[32]);

    @Test
    void opensWhatItSealedAndNeverSealsTheSameWayTwice() {
        byte[] one = seal.seal("place", text);
        assertThat(seal.open("place", one)).isEqualTo(text);
        assertThat(seal.seal("place", text)).isNotEqualTo(one);
        assertThat(new String(one, StandardCharsets.ISO_8859_1)).doesNotContain("text");
    }

    @Test
    void refusesWhatWasMovedChangedOrCut() {
        byte[] value = seal.seal("place", text);
        assertRefused("elsewhere", value);
        byte[] changed = value.clone();
        changed[changed.length - 1] ^= 1;
        assertRefused("place", changed);
        assertRefused("place", Arrays.copyOf(value, 20));
        assertRefused("place", new byte[0]);
        byte[] otherForm = value.clone();
        otherForm[0] = 2;
        assertRefused("place", otherForm);
    }

    /** Earlier versions did it so, and the JDK's implementation is another one than ours. */
    @Test
    void isAesGcmAsTheJdkHasIt() throws GeneralSecurityException {
        for (int length : new int[] {0, 1, 15, 16, 17, 5000}) {
            byte[] plain = new byte[length];
            Arrays.fill(plain, (byte) length);
            byte[] sealed = seal.seal("a place", plain);
            byte[] nonce = Arrays.copyOfRange(sealed, 1, 13);
            assertThat(jdk(Cipher.DECRYPT_MODE, nonce, "a place", Arrays.copyOfRange(sealed, 13, sealed.length)))
                    .isEqualTo(plain);
            byte[] theirs = jdk(Cipher.ENCRYPT_MODE, nonce, "a place", plain);
            assertThat(theirs).isEqualTo(Arrays.copyOfRange(sealed, 13, sealed.length));
            assertThat(seal.open("a place", sealed)).isEqualTo(plain);
        }
    }

    private static byte[] jdk(int mode, byte[] nonce, String place, byte[] text) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(new byte[32], "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(text);
    }

    private void assertRefused(String place, byte[] value) {
        assertThatThrownBy(() -> seal.open(place, value))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(place);
    }
}
