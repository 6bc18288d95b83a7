package org.portolan.cli;

import org.portolan.model.Failure;

/** The exit statuses of every command (DESIGN.md section 6), and the only place that gives a kind of failure one. */
enum ExitStatus {
    /** Done, or nothing to do. */
    DONE(0),
    /** Done and failed, refused, without consent, stale, damaged, or a fault in Portolan. */
    FAILED(1),
    /** Wrong usage, an invalid file, or a name that nothing has. */
    INVALID(2),
    /** {@code plan}: changes are pending. */
    PENDING(3),
    /** Locked, fenced, another installation's, not running, not reachable, or not possible on this machine. */
    UNAVAILABLE(4);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static ExitStatus of(Failure.Kind kind) {
        return switch (kind) {
            case FAILED, REFUSED, NEEDS_CONSENT, STALE, CORRUPT, INTERNAL -> FAILED;
            case INVALID, NOT_FOUND -> INVALID;
            case LOCKED, FENCED, CONFLICT, NOT_RUNNING, UNREACHABLE, UNAVAILABLE -> UNAVAILABLE;
        };
    }
}
