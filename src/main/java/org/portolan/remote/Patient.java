package org.portolan.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.portolan.model.Durations;
import org.portolan.socket.SocketWatchdog;

/** A connection's input of any length: only the wait for each read has an end. */
final class Patient extends InputStream {
    private final Link link;
    private final SocketWatchdog watchdog;
    private final Duration silence;

    Patient(Link link, SocketWatchdog watchdog, Duration silence) {
        this.link = link;
        this.watchdog = watchdog;
        this.silence = silence;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try (SocketWatchdog.Guard guard = watchdog.guard(silence, link)) {
            try {
                return link.in().read(into, offset, length);
            } catch (IOException broken) {
                if (guard.expired()) {
                    throw new SocketTimeoutException("nothing came for " + Durations.format(silence));
                }
                throw broken;
            }
        }
    }
}
