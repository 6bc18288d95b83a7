package org.portolan.model.routing;

import java.time.Duration;

/**
 * What the proxy says of one server of one backend.
 *
 * @param sessions open sessions now, those of old workers included
 * @param responses answers since the server was added
 * @param errors 5xx answers since then
 * @param averageResponse mean time to answer of the last 1024 requests
 * @param check what the proxy's last check of it came to
 * @param maxConnections how many connections the proxy opens to it at once; 0: any number
 */
public record ServerView(
        String port,
        Status status,
        int weight,
        long sessions,
        long responses,
        long errors,
        Duration averageResponse,
        Check check,
        int maxConnections) {
    /** One without a limit of connections. */
    public ServerView(
            String port,
            Status status,
            int weight,
            long sessions,
            long responses,
            long errors,
            Duration averageResponse,
            Check check) {
        this(port, status, weight, sessions, responses, errors, averageResponse, check, 0);
    }

    /** Whether any check has answered. */
    public boolean checked() {
        return check.result() != Result.NONE;
    }

    /**
     * Whether the last check passed, or there is none to pass: the proxy calls a server UP as well that no check has reached
     * or passed yet.
     */
    public boolean passed() {
        return check.result() == Result.PASSED || check.result() == Result.UNCHECKED;
    }

    /**
     * What a check came to.
     *
     * @param evidence the proxy's own word for it, for people only; "" when it has none
     */
    public record Check(Result result, String evidence) {
        /** No check has answered yet. */
        public static final Check NONE = new Check(Result.NONE, "");
        /** The proxy is not to check. */
        public static final Check UNCHECKED = new Check(Result.UNCHECKED, "");
        /** The last one passed. */
        public static final Check PASSED = new Check(Result.PASSED, "");
    }

    /** What a check may come to. */
    public enum Result {
        /** None has answered. */
        NONE,
        /** None is made. */
        UNCHECKED,
        PASSED,
        /** Nothing could be connected to. */
        UNREACHABLE,
        /** What answered did not answer as it should. */
        FAILED
    }

    /** How the proxy treats a server. */
    public enum Status {
        /** Gets traffic. */
        UP,
        /** Its checks fail. */
        DOWN,
        /** Gets nothing new. */
        DRAIN,
        /** Gets nothing, and is not checked. */
        MAINT
    }
}
