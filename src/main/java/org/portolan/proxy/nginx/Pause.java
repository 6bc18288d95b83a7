package org.portolan.proxy.nginx;

import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;

/** A moment, while another process does something. */
final class Pause {
    private static final long MILLIS = 10;

    private Pause() {}

    static void shortly() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitStatus.FAILED, "interrupted while waiting for nginx").withCause(interrupted);
        }
    }
}
