package org.portolan.model.event;

import java.util.Map;
import org.portolan.model.labels.InstanceId;

/** What happens to one instance. */
public sealed interface InstanceEvent extends EventData {
    InstanceId id();

    @Override
    default String service() {
        return id().service();
    }

    @Override
    default String instance() {
        return id().name();
    }

    /** A step on the engine is about to begin: for whoever takes over a release that was broken off. */
    record StepBegins(Operation operation, InstanceId id) implements InstanceEvent {
        @Override
        public EventKind kind() {
            return operation.kind;
        }

        @Override
        public String message(String deployment, int release) {
            return operation.word;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("version", id.version());
        }
    }

    /** What the engine is asked to do with an instance. */
    enum Operation {
        CREATE("create", EventKind.CREATE_BEGINS),
        START("start", EventKind.START_BEGINS),
        KEEP_RUNNING("keep-running", EventKind.KEEP_RUNNING_BEGINS),
        RELOAD("reload", EventKind.RELOAD_BEGINS),
        STOP("stop", EventKind.STOP_BEGINS),
        REMOVE("remove", EventKind.REMOVE_BEGINS);

        private final String word;
        private final EventKind kind;

        Operation(String word, EventKind kind) {
            this.word = word;
            this.kind = kind;
        }

        /** For people and machines, such as {@code keep-running}. */
        public String word() {
            return word;
        }

        EventKind kind() {
            return kind;
        }
    }

    /** An instance came to another state. */
    record InstanceChanged(Change change, InstanceId id) implements InstanceEvent {
        @Override
        public EventKind kind() {
            return change.kind;
        }

        @Override
        public String message(String deployment, int release) {
            return change.words.replace("{}", id.name());
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("version", id.version());
        }
    }

    /** The states that an instance comes to, of which nothing more is to be said. */
    enum Change {
        CREATED("New instance id {}", EventKind.INSTANCE_CREATED),
        STARTED("started", EventKind.INSTANCE_STARTED),
        KEPT("restart policy set", EventKind.INSTANCE_KEPT),
        RELOADED("Reloaded {}", EventKind.INSTANCE_RELOADED),
        HEALTHY("healthy", EventKind.INSTANCE_HEALTHY),
        DRAINING("draining", EventKind.INSTANCE_DRAINING),
        DRAINED("drained", EventKind.INSTANCE_DRAINED),
        STOPPED("stopped", EventKind.INSTANCE_STOPPED),
        REMOVED("removed {}", EventKind.INSTANCE_REMOVED),
        /** Started again after its engine was. */
        RESUMED("Started {}", EventKind.INSTANCE_RESUMED);

        private final String words;
        private final EventKind kind;

        Change(String words, EventKind kind) {
            this.words = words;
            this.kind = kind;
        }

        EventKind kind() {
            return kind;
        }
    }

    /** An instance does its work: it gets traffic, or runs where it has no ports. */
    record InstanceServing(InstanceId id, boolean routed) implements InstanceEvent {
        @Override
        public EventKind kind() {
            return EventKind.INSTANCE_SERVING;
        }

        @Override
        public String message(String deployment, int release) {
            return id + (routed ? " is serving" : " is running");
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("version", id.version(), "routed", routed);
        }
    }

    /** An instance did not pass its startup check. */
    record InstanceFailed(InstanceId id, String cause) implements InstanceEvent {
        @Override
        public EventKind kind() {
            return EventKind.INSTANCE_FAILED;
        }

        @Override
        public String message(String deployment, int release) {
            return id + " " + cause;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("version", id.version(), "cause", cause);
        }
    }

    /** An instance listens nowhere, and need not. */
    record InstanceSilent(InstanceId id, String finding) implements InstanceEvent {
        @Override
        public EventKind kind() {
            return EventKind.INSTANCE_SILENT;
        }

        @Override
        public String message(String deployment, int release) {
            return finding;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("version", id.version(), "finding", finding);
        }
    }

    /** An instance is out of order, which the release did not start and does not wait for. */
    record InstanceImpaired(InstanceId id, String trouble) implements InstanceEvent {
        @Override
        public EventKind kind() {
            return EventKind.INSTANCE_IMPAIRED;
        }

        @Override
        public String message(String deployment, int release) {
            return trouble + IMPAIRED;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("version", id.version(), "trouble", trouble);
        }
    }

    /** The end of the words of {@link InstanceImpaired}. */
    String IMPAIRED = "; this release did not start it and does not wait for it";
}
