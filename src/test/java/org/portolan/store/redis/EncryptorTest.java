package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
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
        assertRefused("place", java.util.Arrays.copyOf(value, 20));
        assertRefused("place", new byte[0]);
        byte[] otherForm = value.clone();
        otherForm[0] = 2;
        assertRefused("place", otherForm);
    }

    private void assertRefused(String place, byte[] value) {
        assertThatThrownBy(() -> seal.open(place, value))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(place);
    }
}
