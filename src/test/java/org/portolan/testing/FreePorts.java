package org.portolan.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nothing listens on. They lie outside the kernel's own range, where the connection of any client may sit on one before
 * it is used, and outside Portolan's defaults; JVMs that share the tests take them from different parts.
 */
public final class FreePorts {
    private static final int FIRST = 10_240;
    private static final int LAST = 13_999;
    /** As many as {@code scripts/test} lets share the tests at most. */
    private static final int PARTS = 9;

    private static final int SIZE = (LAST - FIRST + 1) / PARTS;
    private static final int START =
            FIRST + (Math.max(1, Integer.getInteger("surefire.forkNumber", 1)) - 1) % PARTS * SIZE;
    /** Not the same in two runs beside each other. */
    private static int next = ThreadLocalRandom.current().nextInt(SIZE);

    private FreePorts() {}

    /** A port that no one listens on, and that is not given out again for hundreds of others. */
    public static synchronized int next() {
        for (int tried = 0; tried < SIZE; tried++) {
            int port = START + next;
            next = (next + 1) % SIZE;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + START + " to " + (START + SIZE - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket everywhere = new ServerSocket()) {
            everywhere.bind(new InetSocketAddress(port));
        } catch (IOException taken) {
            return false;
        }
        // Linux lets both be: an address, and all of them with another protocol.
        try (ServerSocket here = new ServerSocket()) {
            here.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
