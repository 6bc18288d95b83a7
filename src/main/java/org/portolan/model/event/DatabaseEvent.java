package org.portolan.model.event;

import java.util.Map;

/** What happens to databases in their servers. */
public sealed interface DatabaseEvent extends EventData {
    /**
     * A server said that a database exists.
     *
     * @param made whether its user or the database itself was made now
     */
    record DatabaseReady(String database, String service, boolean made) implements DatabaseEvent {
        @Override
        public EventKind kind() {
            return made ? EventKind.DATABASE_MADE : EventKind.DATABASE_PRESENT;
        }

        @Override
        public String message(String deployment, int release) {
            return made
                    ? "Made database " + database + " in " + service
                    : "database " + database + " exists in " + service;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("database", database, "server", service);
        }
    }

    /**
     * The user of a database got another version of its password.
     *
     * @param both whether the server accepts the earlier one too, until the release is over
     */
    record DatabasePassword(String database, String service, String user, boolean both) implements DatabaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.DATABASE_PASSWORD;
        }

        @Override
        public String message(String deployment, int release) {
            return "Changed the password of user " + user + " in " + service
                    + (both
                            ? "; the earlier one works until the release is over"
                            : "; instances with the earlier one cannot open new connections");
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("database", database, "server", service, "user", user, "both", both);
        }
    }

    /** The release is over, and the server could not be made to refuse the earlier password. */
    record DatabasePasswordKept(String database, String service, String user, String cause) implements DatabaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.DATABASE_PASSWORD_KEPT;
        }

        @Override
        public String message(String deployment, int release) {
            return service + " still accepts the earlier password of user " + user + ": " + cause
                    + "; the next release that asks for database " + database + " tries again";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("database", database, "server", service, "user", user, "cause", cause);
        }
    }

    /** Nothing waits for the user's password, and its server could not be asked for it. */
    record DatabaseUnchecked(String database, String service, String user, String cause) implements DatabaseEvent {
        @Override
        public EventKind kind() {
            return EventKind.DATABASE_UNCHECKED;
        }

        @Override
        public String message(String deployment, int release) {
            return "cannot check the password of user " + user + " in " + service + ": " + cause;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("database", database, "server", service, "user", user, "cause", cause);
        }
    }
}
