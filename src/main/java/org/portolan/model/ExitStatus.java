package org.portolan.model;

/** The exit statuses of every command (DESIGN.md section 6). */
public enum ExitStatus {
    /** Done, or nothing to do. */
    DONE(0),
    /** The deployment failed and what was taken back; an image that cannot be had; a refused prune; a stale plan. */
    FAILED(1),
    /** Wrong usage or an invalid file. */
    INVALID(2),
    /** {@code plan}: changes are pending. */
    PENDING(3),
    /** Locked, another installation's, or not reachable. */
    UNAVAILABLE(4);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
