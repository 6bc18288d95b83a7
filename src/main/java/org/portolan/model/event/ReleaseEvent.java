package org.portolan.model.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Durations;

/** What happens to a release as a whole, and what its services wait for. */
public sealed interface ReleaseEvent extends EventData {
    /** A release began. The reason is what kind of release it is ({@code rollback to 3}), "" for a deploy. */
    record ReleaseStarted(String who, String reason) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.RELEASE_STARTED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Deploying " + deployment + ", release " + release + (reason.isEmpty() ? "" : ": " + reason);
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("who", who, "reason", reason);
        }
    }

    /** One thing that a release will do, with the mark and the line of the plan. */
    record PlannedAction(String mark, String summary) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.ACTION;
        }

        @Override
        public String message(String deployment, int release) {
            return mark + " " + summary;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("mark", mark, "summary", summary);
        }
    }

    /** A release is good. How long it took is not known of one that an earlier Portolan stored. */
    record ReleaseDone(Optional<Duration> took, String reason) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.RELEASE_DONE;
        }

        @Override
        public String message(String deployment, int release) {
            return "Released " + deployment + " " + release
                    + took.map(time -> " in " + Durations.rough(time)).orElse("")
                    + (reason.isEmpty() ? "" : ": " + reason);
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = new HashMap<>(Map.of("reason", reason));
            took.ifPresent(time -> fields.put("took_ms", time.toMillis()));
            return fields;
        }
    }

    /** A release was stopped by whoever ran it, and stays as it stands. */
    record ReleaseInterrupted() implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.RELEASE_INTERRUPTED;
        }

        @Override
        public String message(String deployment, int release) {
            return "stopped; the next deploy of " + deployment + " continues from here";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of();
        }
    }

    /** A release failed; its rollback follows. */
    record ReleaseFailed(String cause) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.RELEASE_FAILED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Release " + release + " failed, rolling back: " + cause;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("cause", cause);
        }
    }

    /** A process continues the rollback that another left. */
    record RollbackContinued() implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.ROLLBACK_CONTINUED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Release " + release + " failed and its rollback was interrupted; continuing the rollback";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of();
        }
    }

    /**
     * A rollback ended, well or not.
     *
     * @param result how, for people
     * @param continued whether a process that came later ended it; else the failure of the release shows the result
     */
    record RollbackDone(String result, boolean continued) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.ROLLBACK_DONE;
        }

        @Override
        public String message(String deployment, int release) {
            return result;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("result", result, "continued", continued);
        }

        @Override
        public EventLevel level() {
            return continued ? kind().level() : EventLevel.TRACE;
        }
    }

    /** A service is registered and not started, since something that it requires is not there. */
    record ServiceHeld(String service, String cause) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.SERVICE_HELD;
        }

        @Override
        public String message(String deployment, int release) {
            return service + " is held: it " + cause;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("cause", cause);
        }
    }

    /** A step of a canary carries its share of the traffic. */
    record CanaryReached(String service, int version, String progress) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.CANARY_STEP;
        }

        @Override
        public String message(String deployment, int release) {
            return service + "  version " + version + ", " + progress;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("version", version, "progress", progress);
        }
    }

    /** What a service waits for now; "" when it waits no more. Passing: only the last one counts. */
    record Waiting(String service, String awaited) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.WAITING;
        }

        @Override
        public String message(String deployment, int release) {
            return awaited;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("awaited", awaited);
        }
    }

    /** A service has waited for the same for a while. */
    record StillWaiting(String service, String awaited) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.STILL_WAITING;
        }

        @Override
        public String message(String deployment, int release) {
            return service + ": " + awaited;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("awaited", awaited);
        }
    }

    /** The engine or another part that a release needs does not answer; the release waits for it. */
    record Unavailable(String trouble) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.UNAVAILABLE;
        }

        @Override
        public String message(String deployment, int release) {
            return trouble + "; waiting for it";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("trouble", trouble);
        }
    }

    /** A person ordered something of the release. */
    record Ordered(ReleaseOrder order, String who, String reason) implements ReleaseEvent {
        @Override
        public EventKind kind() {
            return order.kind();
        }

        @Override
        public String message(String deployment, int release) {
            return "Requested " + order.word() + " of release " + release + (reason.isEmpty() ? "" : ": " + reason);
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("who", who, "reason", reason);
        }
    }
}
