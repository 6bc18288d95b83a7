package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A little room on the disk that is released when the proxies cannot be started: on a full disk not even a pid file could be
 * written, and nothing would serve though the files of before are valid.
 */
final class DiskReserve {
    /** A pid file, a candidate and the maps of many domains. */
    private static final int BYTES = 256 << 10;

    private final Path file;

    DiskReserve(Path folder) {
        file = folder.resolve("reserve");
    }

    /** Takes the room, if it was not taken before; a full disk is not a failure. */
    void keep() {
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.write(file, new byte[BYTES]);
        } catch (IOException full) {
            release();
        }
    }

    /**
     * Gives the room back.
     *
     * @return whether there was any
     */
    boolean release() {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException problem) {
            return false;
        }
    }
}
