package org.portolan.release;

import java.time.Instant;

/** Gets what happens as it happens, for a terminal, a pipe or a stream of JSON. Called from many threads. */
@FunctionalInterface
public interface Reporter {
    void report(Report report);

    /**
     * One line.
     *
     * @param kind a word for programs: {@code release-started}, {@code instance-healthy}, …; "" for plain text
     * @param deployment, service, instance what it is about; "" when it is not about one
     * @param message for people, without {@code "---> "}
     */
    record Report(
            Instant at, Level level, String kind, String deployment, String service, String instance, String message) {

        /** A copy that says something else. */
        public Report saying(String other) {
            return other.equals(message) ? this : new Report(at, level, kind, deployment, service, instance, other);
        }
    }

    /** How a line is shown. */
    enum Level {
        /** A job: begins with {@code "---> "}. */
        JOB,
        /** Detail, indented under its job. */
        DETAIL,
        /** Passing state of a service (waits for …): shown on a terminal only, one line a service that changes in place. */
        PROGRESS,
        WARNING,
        ERROR
    }
}
