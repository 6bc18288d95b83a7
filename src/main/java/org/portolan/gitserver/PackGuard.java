package org.portolan.gitserver;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.errors.TooLargePackException;

/**
 * The request of a push on its way in. The number of objects that the pack's header announces is read before anybody makes room for
 * them: it is four bytes that a client writes as it likes.
 */
final class PackGuard extends FilterInputStream {
    private static final int LENGTH_DIGITS = 4;
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_AT = 8;

    private final long most;
    private final long mostBytes;
    private final byte[] digits = new byte[LENGTH_DIGITS];
    private Part part = Part.LENGTH;
    private int have;
    private int skip;
    private long count;
    private long bytes = HEADER_BYTES;

    /** What comes is nothing that Git sends. */
    static final class NotGit extends IOException {
        private static final long serialVersionUID = 1;

        NotGit() {
            super("invalid length of a line");
        }
    }

    /** Commands in lines with their lengths, an empty line, and the pack. */
    private enum Part {
        LENGTH,
        LINE,
        PACK,
        REST
    }

    /**
     * Has read nothing.
     *
     * @param most objects of the pack
     * @param mostBytes of the pack
     */
    PackGuard(InputStream in, long most, long mostBytes) {
        super(in);
        this.most = most;
        this.mostBytes = mostBytes;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        if (octet >= 0) {
            look((byte) octet);
        }
        return octet;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int got = super.read(bytes, from, length);
        int i = 0;
        while (i < got && part != Part.REST) {
            look(bytes[from + i]);
            i++;
        }
        if (i < got) {
            rest(got - i);
        }
        return got;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void look(byte octet) throws IOException {
        switch (part) {
            case LENGTH -> {
                digits[have++] = octet;
                if (have == LENGTH_DIGITS) {
                    have = 0;
                    line();
                }
            }
            case LINE -> {
                if (--skip == 0) {
                    part = Part.LENGTH;
                }
            }
            case PACK -> {
                if (have >= COUNT_AT) {
                    count = (count << 8) | (octet & 0xff);
                }
                if (++have == HEADER_BYTES) {
                    part = Part.REST;
                    if (count > most) {
                        throw new IOException("the push has " + count + " objects, more than " + most);
                    }
                }
            }
            case REST -> rest(1);
        }
    }

    /** Whoever reads the pack takes one for cut off that is too large and of which nothing more has come yet. */
    private void rest(int more) throws IOException {
        bytes += more;
        if (bytes > mostBytes) {
            throw new TooLargePackException(mostBytes);
        }
    }

    private void line() throws IOException {
        int length = 0;
        for (byte digit : digits) {
            int value = Character.digit(digit, 16);
            if (value < 0) {
                throw new NotGit();
            }
            length = length * 16 + value;
        }
        if (length == 0) {
            part = Part.PACK;
        } else if (length > LENGTH_DIGITS) {
            skip = length - LENGTH_DIGITS;
            part = Part.LINE;
        }
    }
}
