package org.portolan.gitserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** A body that ends with an error when there is more of it than there may be: what it is made of may be much smaller. */
final class BoundedBody extends PushbackInputStream {
    private final long most;
    private long count;

    BoundedBody(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    /** Waits for one byte where nothing came yet: Git asks here whether a pack ends at its limit or has more than that. */
    @Override
    public int available() throws IOException {
        int there = super.available();
        if (there == 0) {
            int next = super.read();
            if (next >= 0) {
                unread(next);
                there = 1;
            }
        }
        return there;
    }

    @Override
    public int read() throws IOException {
        int octet = super.read();
        if (octet >= 0) {
            add(1);
        }
        return octet;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int read = super.read(bytes, from, length);
        if (read > 0) {
            add(read);
        }
        return read;
    }

    private void add(int more) throws IOException {
        count += more;
        if (count > most) {
            throw new IOException("the request has more than " + most + " bytes");
        }
    }
}
