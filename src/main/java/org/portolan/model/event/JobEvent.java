package org.portolan.model.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Durations;

/** What happens to the jobs of versions; the instance is the name of a job's container. */
public sealed interface JobEvent extends EventData {
    /** An attempt begins. */
    record JobStarted(String service, int version, String job, int attempt, String instance) implements JobEvent {
        @Override
        public EventKind kind() {
            return EventKind.JOB_STARTED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Running job " + job + " of " + service + " version " + version
                    + (attempt == 1 ? "" : ", attempt " + attempt);
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("version", version, "job", job, "attempt", attempt);
        }
    }

    /** Something smaller is done to a job's container: it is started, killed, removed. */
    record JobStepBegins(String step, String instance) implements JobEvent {
        @Override
        public EventKind kind() {
            return EventKind.JOB_STEP;
        }

        @Override
        public String message(String deployment, int release) {
            return step + " " + instance;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("step", step);
        }
    }

    /** One of the last lines that an attempt wrote. */
    record JobOutput(String service, String job, String instance, String line) implements JobEvent {
        @Override
        public EventKind kind() {
            return EventKind.JOB_OUTPUT;
        }

        @Override
        public String message(String deployment, int release) {
            return "job " + job + ": " + line;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("job", job, "line", line);
        }
    }

    /** An attempt exited with status 0. How long it took is not known of one that nobody saw running. */
    record JobCompleted(String service, int version, String job, int attempt, Optional<Duration> took, String instance)
            implements JobEvent {
        @Override
        public EventKind kind() {
            return EventKind.JOB_COMPLETED;
        }

        @Override
        public String message(String deployment, int release) {
            return ended(service, version, job, attempt, "completed", took);
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields =
                    new HashMap<>(Map.of("version", version, "job", job, "attempt", attempt, "exit_status", 0));
            took.ifPresent(time -> fields.put("took_ms", time.toMillis()));
            return fields;
        }
    }

    /** An attempt exited with another status, or was killed because it took too long. */
    record JobFailed(
            String service,
            int version,
            String job,
            int attempt,
            int exitStatus,
            boolean timedOut,
            Optional<Duration> took,
            String instance)
            implements JobEvent {
        @Override
        public EventKind kind() {
            return EventKind.JOB_FAILED;
        }

        @Override
        public String message(String deployment, int release) {
            return ended(
                    service,
                    version,
                    job,
                    attempt,
                    timedOut ? "was killed after its timeout" : "exited with status " + exitStatus,
                    took);
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new HashMap<>(Map.of(
                    "version", version,
                    "job", job,
                    "attempt", attempt,
                    "exit_status", exitStatus,
                    "timed_out", timedOut));
            took.ifPresent(time -> fields.put("took_ms", time.toMillis()));
            return fields;
        }
    }

    /** The jobs that follow a good release could not be run; the release stays. */
    record JobsNotRun(String cause) implements JobEvent {
        @Override
        public EventKind kind() {
            return EventKind.JOBS_NOT_RUN;
        }

        @Override
        public String message(String deployment, int release) {
            return "release " + release + " stays, but its jobs did not all run: " + cause;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("cause", cause);
        }
    }

    /** Containers of jobs whose versions are forgotten cannot be removed. */
    record JobsKept(String cause) implements JobEvent {
        @Override
        public EventKind kind() {
            return EventKind.JOBS_KEPT;
        }

        @Override
        public String message(String deployment, int release) {
            return "cannot remove containers of old jobs: " + cause;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("cause", cause);
        }
    }

    private static String ended(
            String service, int version, String job, int attempt, String how, Optional<Duration> took) {
        return "job " + job + " of " + service + " version " + version + " " + how
                + took.map(time -> " in " + Durations.rough(time)).orElse("")
                + (attempt == 1 ? "" : ", attempt " + attempt);
    }
}
