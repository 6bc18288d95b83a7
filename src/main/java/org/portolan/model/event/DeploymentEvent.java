package org.portolan.model.event;

import java.util.Map;

/** What happens to a deployment beside its releases. */
public sealed interface DeploymentEvent extends EventData {
    /** A deployment was registered. */
    record DeploymentCreated() implements DeploymentEvent {
        @Override
        public EventKind kind() {
            return EventKind.DEPLOYMENT_CREATED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Created " + deployment;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of();
        }
    }

    /** A deployment is gone, and its history with it. */
    record DeploymentRemoved(String who, String reason) implements DeploymentEvent {
        @Override
        public EventKind kind() {
            return EventKind.DEPLOYMENT_REMOVED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Removed " + deployment + (reason.isEmpty() ? "" : ": " + reason);
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("who", who, "reason", reason);
        }
    }

    /** Automatic deploys act again after a rollback. */
    record DeploymentUnpinned() implements DeploymentEvent {
        @Override
        public EventKind kind() {
            return EventKind.DEPLOYMENT_UNPINNED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Unpinned " + deployment;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of();
        }
    }

    /** An automatic deploy does nothing, since a person rolled back to the pinned release. */
    record DeployHeld(int pinned) implements DeploymentEvent {
        @Override
        public EventKind kind() {
            return EventKind.DEPLOY_HELD;
        }

        @Override
        public String message(String deployment, int release) {
            return deployment + " stays at release " + pinned + " (rolled back) until a newer commit or `portolan -D "
                    + deployment + " unpin`";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("pinned", pinned);
        }
    }

    /** A command waits for another one that changes the deployment. */
    record LockWait(String holder) implements DeploymentEvent {
        @Override
        public EventKind kind() {
            return EventKind.LOCK_WAIT;
        }

        @Override
        public String message(String deployment, int release) {
            return "waiting for " + holder;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("holder", holder);
        }
    }

    /** Labels of instances have newer numbers than the store. */
    record StoreOlder() implements DeploymentEvent {
        @Override
        public EventKind kind() {
            return EventKind.STORE_OLDER;
        }

        @Override
        public String message(String deployment, int release) {
            return "the store is older than the running instances of " + deployment
                    + " (a restored backup?); the instances are kept, and later releases are missing from history";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of();
        }
    }

    /** Stopped instances are left to a process that changes the deployment. */
    record StartLeft(String holder) implements DeploymentEvent {
        @Override
        public EventKind kind() {
            return EventKind.START_LEFT;
        }

        @Override
        public String message(String deployment, int release) {
            return deployment + " is not started here: it is being changed by " + holder;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("holder", holder);
        }
    }

    /** Instances that had lost their network are on it again. */
    record Attached(int instances, String network) implements DeploymentEvent {
        @Override
        public EventKind kind() {
            return EventKind.ATTACHED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Attached " + instances + (instances == 1 ? " instance" : " instances") + " to " + network
                    + " again";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("instances", instances, "network", network);
        }
    }
}
