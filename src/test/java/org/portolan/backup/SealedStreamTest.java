package org.portolan.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a passphrase seals comes back whole or not at all. */
class SealedStreamTest {
    private static final char[] PASSPHRASE = "correct horse battery".toCharArray();
    private static final int PIECE = 65536;
    private static final int HEADER = 16 + 1 + 4 + 16 + 7;
    /** The usual number takes a second for each key; what is sealed with a key does not depend on it. */
    private static final int FEW_ROUNDS = 1000;

    private static byte[] sealed(byte[] content) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (OutputStream sealing = SealedStream.sealing(to, PASSPHRASE, FEW_ROUNDS)) {
            sealing.write(content);
        }
        return to.toByteArray();
    }

    private static byte[] opened(byte[] sealed) throws IOException {
        return SealedStream.opening(new ByteArrayInputStream(sealed), PASSPHRASE, FEW_ROUNDS)
                .readAllBytes();
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    @Test
    void everyLengthComesBackAndNothingOfItIsReadable() throws IOException {
        for (int length : new int[] {0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE}) {
            assertThat(opened(sealed(random(length)))).isEqualTo(random(length));
        }
        byte[] secret = "password=hunter2".getBytes(StandardCharsets.UTF_8);
        assertThat(new String(sealed(secret), StandardCharsets.ISO_8859_1)).doesNotContain("hunter2");
        assertThat(sealed(secret)).isNotEqualTo(sealed(secret));
    }

    @Test
    void whatWasChangedCutOffOrPutElsewhereIsRefused() throws IOException {
        byte[] whole = sealed(random(2 * PIECE + 100));
        int piece = 1 + 4 + PIECE + 16;
        for (int at : new int[] {
            0, 17, 20, 25, HEADER - 1, HEADER, HEADER + 2, HEADER + 5, HEADER + piece + 9, whole.length - 1
        }) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> opened(changed)).as("byte %d", at).isInstanceOf(SealedStream.Unreadable.class);
        }
        for (int length : new int[] {0, 5, HEADER, HEADER + 3, HEADER + piece, HEADER + 2 * piece, whole.length - 1}) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> opened(cut)).as("cut at %d", length).isInstanceOf(SealedStream.Unreadable.class);
        }
        byte[] swapped = whole.clone();
        System.arraycopy(whole, HEADER, swapped, HEADER + piece, piece);
        System.arraycopy(whole, HEADER + piece, swapped, HEADER, piece);
        assertThatThrownBy(() -> opened(swapped)).isInstanceOf(SealedStream.Unreadable.class);
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        assertThatThrownBy(() -> opened(longer)).hasMessageContaining("follows its end");
    }

    @Test
    void aPieceThatIsCalledTheLastIsRefused() throws IOException {
        byte[] whole = sealed(random(2 * PIECE));
        byte[] cut = Arrays.copyOf(whole, HEADER + 1 + 4 + PIECE + 16);
        cut[HEADER] = 1;
        assertThatThrownBy(() -> opened(cut)).isInstanceOf(SealedStream.Unreadable.class);
    }

    @Test
    void anotherPassphraseOrFileIsNamed() throws IOException {
        byte[] whole = sealed(random(10));
        assertThatThrownBy(
                        () -> SealedStream.opening(new ByteArrayInputStream(whole), "another".toCharArray(), FEW_ROUNDS)
                                .readAllBytes())
                .hasMessageContaining("passphrase is wrong");
        assertThatThrownBy(() -> opened("PK zip".repeat(20).getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("not a backup of Portolan");
    }

    /** A guess costs as much as is usual, whatever the file's header says. */
    @Test
    void aKeyCostsTheUsualNumberOfRounds() throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (OutputStream sealing = SealedStream.sealing(to, PASSPHRASE)) {
            sealing.write(7);
        }
        byte[] sealed = to.toByteArray();
        assertThat(ByteBuffer.wrap(sealed).getInt(17)).isEqualTo(600_000);
        assertThat(SealedStream.opening(new ByteArrayInputStream(sealed), PASSPHRASE)
                        .readAllBytes())
                .containsExactly(7);

        byte[] cheap = sealed(new byte[] {7});
        assertThatThrownBy(() -> SealedStream.opening(new ByteArrayInputStream(cheap), PASSPHRASE))
                .isInstanceOf(SealedStream.Unreadable.class)
                .hasMessageContaining("header is damaged");
        assertThat(opened(cheap)).as("where so few are let in").containsExactly(7);
    }
}
