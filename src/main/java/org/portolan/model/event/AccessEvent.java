package org.portolan.model.event;

import java.util.Map;
import org.portolan.model.PlainText;

/** The audit log: who may come in, and who asked for what, from where. It is also kept by itself, longer than other events. */
public sealed interface AccessEvent extends EventData {
    /** Where it came from: an address, {@code unix socket}, or {@code command line}. */
    String from();

    /**
     * A token or a key is accepted from now on.
     *
     * @param credential {@code token} or {@code key}
     * @param deployments those that it is for, separated by commas; "" for all
     * @param expires when it ends by itself; "" for never
     */
    record AccessGranted(
            String credential, String name, String scope, String deployments, String expires, String who, String from)
            implements AccessEvent {
        @Override
        public EventKind kind() {
            return EventKind.ACCESS_GRANTED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Added " + credential + " " + name + ", scope " + scope
                    + (deployments.isEmpty() ? "" : " for " + deployments)
                    + (expires.isEmpty() ? "" : ", until " + expires) + ", from " + from;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of(
                    "credential", credential,
                    "name", name,
                    "scope", scope,
                    "deployments", deployments,
                    "expires", expires,
                    "who", who,
                    "from", from);
        }
    }

    /** A token or a key is no longer accepted. */
    record AccessRemoved(String credential, String name, String who, String from) implements AccessEvent {
        @Override
        public EventKind kind() {
            return EventKind.ACCESS_REMOVED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Removed " + credential + " " + name + ", from " + from;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("credential", credential, "name", name, "who", who, "from", from);
        }
    }

    /**
     * Somebody asked the controller for a change; the events after it say what came of it.
     *
     * @param what in words, without secrets: {@code POST /v1/deployments/shop/scale}, {@code git push site main}
     */
    record ChangeRequested(String what, String who, String from) implements AccessEvent {
        /** Paths and programs are texts of whoever asks. */
        public ChangeRequested {
            what = PlainText.of(what);
        }

        @Override
        public EventKind kind() {
            return EventKind.CHANGE_REQUESTED;
        }

        @Override
        public String message(String deployment, int release) {
            return what + ", from " + from;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("what", what, "who", who, "from", from);
        }
    }
}
