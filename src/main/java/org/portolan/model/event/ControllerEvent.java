package org.portolan.model.event;

import java.util.Map;

/** What the controller tells beside what it does to deployments. */
public sealed interface ControllerEvent extends EventData {
    /** A controller acts from now on. */
    record ControllerLeads(String who) implements ControllerEvent {
        @Override
        public EventKind kind() {
            return EventKind.CONTROLLER_LEADS;
        }

        @Override
        public String message(String deployment, int release) {
            return "Controller leads";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("who", who);
        }

        @Override
        public String who() {
            return who;
        }
    }

    /** A controller that led acts no more. */
    record ControllerStops(String cause) implements ControllerEvent {
        @Override
        public EventKind kind() {
            return EventKind.CONTROLLER_STOPS;
        }

        @Override
        public String message(String deployment, int release) {
            return "Controller no longer leads: " + cause;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("cause", cause);
        }
    }

    /** A controller waits until the one that leads is gone. */
    record ControllerStandsBy(String holder) implements ControllerEvent {
        @Override
        public EventKind kind() {
            return EventKind.CONTROLLER_STANDS_BY;
        }

        @Override
        public String message(String deployment, int release) {
            return "Controller stands by: " + holder + " leads";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("holder", holder);
        }
    }

    /** A source says something else than before. */
    record SourceRead(String source, String commit) implements ControllerEvent {
        private static final int SHORT_ID = 10;

        @Override
        public EventKind kind() {
            return EventKind.SOURCE_READ;
        }

        @Override
        public String message(String deployment, int release) {
            return "Source " + source + " is at commit " + commit.substring(0, Math.min(SHORT_ID, commit.length()));
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("source", source, "commit", commit);
        }
    }

    /** Somebody says that a source has changed; the leader looks at it. */
    record SourceNotified(String source, String who) implements ControllerEvent {
        @Override
        public EventKind kind() {
            return EventKind.SOURCE_NOTIFIED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Source " + source + " is to be looked at";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("source", source, "who", who);
        }

        @Override
        public String who() {
            return who;
        }
    }

    /**
     * A person told the controller something.
     *
     * @param subject {@code source} or {@code deployment}
     * @param decision {@code suspended}, {@code resumed} or {@code approved}
     * @param reason "" for none
     */
    record Instructed(String subject, String name, String decision, String who, String reason)
            implements ControllerEvent {
        @Override
        public EventKind kind() {
            return EventKind.INSTRUCTED;
        }

        @Override
        public String message(String deployment, int release) {
            return subject + " " + name + " " + decision + " by " + who + (reason.isEmpty() ? "" : ": " + reason);
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("subject", subject, "name", name, "decision", decision, "who", who, "reason", reason);
        }

        @Override
        public String who() {
            return who;
        }
    }

    /**
     * A source or a deployment stands otherwise than before.
     *
     * @param subject {@code source} or {@code deployment}
     * @param condition its word, {@code ok} when all is well again
     */
    record ConditionChanged(String subject, String name, String condition, String what) implements ControllerEvent {
        private static final String OK = "ok";

        @Override
        public EventKind kind() {
            return EventKind.CONDITION_CHANGED;
        }

        @Override
        public String message(String deployment, int release) {
            return subject + " " + name + " is " + condition + (what.isEmpty() ? "" : ": " + what);
        }

        @Override
        public EventLevel level() {
            return condition.equals(OK) ? EventLevel.JOB : EventLevel.WARNING;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("subject", subject, "name", name, "condition", condition, "what", what);
        }
    }
}
