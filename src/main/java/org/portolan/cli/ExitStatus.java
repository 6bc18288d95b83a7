package org.portolan.cli;

import java.util.List;
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

    /** What scripts may see and why, with the status of a signal: for the pages. */
    static final List<Meaning> MEANINGS = List.of(
            new Meaning(0, "done, or nothing to do"),
            new Meaning(
                    1,
                    "failed: a release was rolled back, an image cannot be pulled, consent is missing, a saved plan is stale,"
                            + " something is damaged, or a bug in Portolan"),
            new Meaning(2, "wrong usage, an invalid file, or an unknown name"),
            new Meaning(3, "changes are pending (`plan`)"),
            new Meaning(
                    4,
                    "locked, belongs to another installation, not running, not reachable, or not possible on this machine: a"
                            + " port is in use, a program is missing, a disk is full"),
            new Meaning(130, "stopped by Ctrl-C"));

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    /** A status and the cases that have it. */
    record Meaning(int status, String text) {}

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
