package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.portolan.process.AtomicFiles;

/**
 * nginx's logs, kept small by whichever command finds them large. They are emptied in place: nginx appends, and its workers
 * may not open a file of the state directory again, as they would have to after a renaming.
 */
final class LogFiles {
    static final String ERRORS = "nginx-error.log";
    static final String REFUSED = "nginx-refused.log";

    private static final long LARGE = 10L << 20;
    private static final int KEPT = 1 << 20;

    private LogFiles() {}

    /** Puts the end of each large log aside as {@code ….1} and empties it. What cannot be done is left to the next one. */
    static void trim(Path run) {
        for (String name : List.of(ERRORS, REFUSED)) {
            Path file = run.resolve(name);
            try {
                if (Files.isRegularFile(file) && Files.size(file) > LARGE) {
                    trimOne(file, run.resolve(name + ".1"));
                }
            } catch (IOException unreadable) {
                // A log problem must not stop a deploy.
            }
        }
    }

    private static void trimOne(Path file, Path aside) throws IOException {
        try (FileChannel log = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer end = ByteBuffer.allocate(KEPT);
            long from = Math.max(0, log.size() - KEPT);
            while (end.hasRemaining()) {
                int count = log.read(end, from + end.position());
                if (count < 0) {
                    break;
                }
            }
            byte[] kept = new byte[end.position()];
            end.flip().get(kept);
            AtomicFiles.write(aside, kept, AtomicFiles.PRIVATE);
            log.truncate(0);
        }
    }
}
