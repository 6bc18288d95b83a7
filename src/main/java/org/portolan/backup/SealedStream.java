package org.portolan.backup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A stream that a passphrase opens. A header (a word, the form's number, the rounds of PBKDF2-HMAC-SHA256, its salt, the beginning of the
 * nonces) and pieces of 64 KiB, each sealed with AES-256-GCM. A piece's nonce has its number and whether it is the last, and the
 * header is authenticated with each: nothing can be changed, left out, put elsewhere or cut off.
 */
final class SealedStream {
    static final int ROUNDS = 600_000;

    private static final byte[] WORD = "PORTOLAN BACKUP\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte FORM = 1;
    private static final int MOST_ROUNDS = 10_000_000;
    private static final int SALT = 16;
    private static final int NONCE_START = 7;
    private static final int HEADER = WORD.length + 1 + Integer.BYTES + SALT + NONCE_START;
    private static final int PIECE = 1 << 16;
    private static final int TAG_BITS = 128;

    private SealedStream() {}

    /** It is not such a stream, or was changed, or another passphrase made it; the message says which, as far as that is known. */
    static final class Unreadable extends IOException {
        Unreadable(String reason) {
            super(reason);
        }
    }

    /** What is written to it arrives sealed; complete only once it is closed. */
    static OutputStream sealing(OutputStream to, char[] passphrase) throws IOException {
        return sealing(to, passphrase, ROUNDS);
    }

    static OutputStream sealing(OutputStream to, char[] passphrase, int rounds) throws IOException {
        byte[] header = new byte[HEADER];
        new SecureRandom().nextBytes(header);
        ByteBuffer.wrap(header).put(WORD).put(FORM).putInt(rounds);
        to.write(header);
        return new Writer(new DataOutputStream(to), new Pieces(header, passphrase, rounds, Cipher.ENCRYPT_MODE));
    }

    /**
     * What was sealed.
     *
     * @throws Unreadable here or while it is read
     */
    static InputStream opening(InputStream from, char[] passphrase) throws IOException {
        return opening(from, passphrase, ROUNDS);
    }

    /** @param fewest a header that says fewer rounds is refused */
    static InputStream opening(InputStream from, char[] passphrase, int fewest) throws IOException {
        byte[] header = from.readNBytes(HEADER);
        if (header.length < HEADER || !Arrays.equals(header, 0, WORD.length, WORD, 0, WORD.length)) {
            throw new Unreadable("it is not a backup of Portolan");
        }
        if (header[WORD.length] != FORM) {
            throw new Unreadable("a newer version of Portolan made it (form " + header[WORD.length] + ")");
        }
        return new Reader(new DataInputStream(from), new Pieces(header, passphrase, fewest, Cipher.DECRYPT_MODE));
    }

    private static final class Pieces {
        private final byte[] header;
        private final SecretKeySpec key;
        private final int mode;
        private int number;

        Pieces(byte[] header, char[] passphrase, int fewest, int mode) throws IOException {
            this.header = header;
            this.mode = mode;
            int rounds = ByteBuffer.wrap(header).getInt(WORD.length + 1);
            if (rounds < fewest || rounds > MOST_ROUNDS) {
                throw new Unreadable("its header is damaged");
            }
            int salt = WORD.length + 1 + Integer.BYTES;
            PBEKeySpec spec = new PBEKeySpec(passphrase, Arrays.copyOfRange(header, salt, salt + SALT), rounds, 256);
            try {
                key = new SecretKeySpec(
                        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                                .generateSecret(spec)
                                .getEncoded(),
                        "AES");
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("PBKDF2 is part of every JDK", impossible);
            } finally {
                spec.clearPassword();
            }
        }

        byte[] next(byte[] piece, int length, boolean last) throws GeneralSecurityException {
            byte[] nonce = ByteBuffer.allocate(NONCE_START + Integer.BYTES + 1)
                    .put(header, HEADER - NONCE_START, NONCE_START)
                    .putInt(number++)
                    .put((byte) (last ? 1 : 0))
                    .array();
            if (number < 0) {
                throw new IllegalStateException("more pieces than nonces");
            }
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(header);
            return cipher.doFinal(piece, 0, length);
        }
    }

    private static final class Writer extends OutputStream {
        private final DataOutputStream to;
        private final Pieces pieces;
        private final byte[] piece = new byte[PIECE];
        private int filled;
        private boolean closed;

        Writer(DataOutputStream to, Pieces pieces) {
            this.to = to;
            this.pieces = pieces;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            int at = offset;
            int end = offset + length;
            while (at < end) {
                if (filled == PIECE) {
                    send(false);
                }
                int count = Math.min(end - at, PIECE - filled);
                System.arraycopy(from, at, piece, filled, count);
                filled += count;
                at += count;
            }
        }

        private void send(boolean last) throws IOException {
            try {
                byte[] sealed = pieces.next(piece, filled, last);
                to.writeByte(last ? 1 : 0);
                to.writeInt(sealed.length);
                to.write(sealed);
                filled = 0;
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("AES-GCM is part of every JDK", impossible);
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                send(true);
                to.close();
            }
        }
    }

    private static final class Reader extends InputStream {
        private final DataInputStream from;
        private final Pieces pieces;
        private byte[] piece = {};
        private int at;
        private boolean last;
        private boolean any;

        Reader(DataInputStream from, Pieces pieces) {
            this.from = from;
            this.pieces = pieces;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            while (at == piece.length) {
                if (last) {
                    return -1;
                }
                receive();
            }
            int count = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, to, offset, count);
            at += count;
            return count;
        }

        private void receive() throws IOException {
            try {
                last = from.readByte() == 1;
                int length = from.readInt();
                if (length < TAG_BITS / 8 || length > PIECE + TAG_BITS / 8) {
                    throw new Unreadable("it is damaged");
                }
                byte[] sealed = new byte[length];
                from.readFully(sealed);
                piece = pieces.next(sealed, length, last);
                at = 0;
                any = true;
                if (last && from.read() >= 0) {
                    throw new Unreadable("something follows its end");
                }
            } catch (EOFException cut) {
                throw new Unreadable("it is cut off");
            } catch (GeneralSecurityException refused) {
                throw new Unreadable(any ? "it is damaged" : "the passphrase is wrong, or it is damaged");
            }
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
