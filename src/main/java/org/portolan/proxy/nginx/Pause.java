package org.portolan.proxy.nginx;

import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** A moment, while another process does something. */
final class Pause {
    private static final long MILLIS = 10;

    private Pause() {}

    static void shortly() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(Kind.UNAVAILABLE, "interrupted while waiting for nginx").withCause(interrupted);
        }
    }
}
