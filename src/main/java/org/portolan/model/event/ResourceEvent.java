package org.portolan.model.event;

import java.util.Map;

/** What happens to proxies, volumes, generated values and images. */
public sealed interface ResourceEvent extends EventData {
    record ProxyReloaded() implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.PROXY_RELOADED;
        }

        @Override
        public String message(String deployment, int release) {
            return "the proxy was reloaded";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of();
        }
    }

    record ProxyRestarted(String trouble) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.PROXY_RESTARTED;
        }

        @Override
        public String message(String deployment, int release) {
            return "the proxy does not answer and is restarted: " + trouble;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("trouble", trouble);
        }
    }

    /** The proxies did not run or listen as they should; a {@link ProxyRepaired} follows for each thing that was done. */
    record ProxiesRepaired() implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.PROXIES_REPAIRED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Repaired the proxies";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of();
        }
    }

    record ProxyRepaired(String repair) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.PROXY_REPAIRED;
        }

        @Override
        public String message(String deployment, int release) {
            return repair;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("repair", repair);
        }
    }

    /** A new version of Portolan or of a program changes the proxies, which may cost connections. */
    record ProxiesRenewed(String change) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.PROXIES_RENEWED;
        }

        @Override
        public String message(String deployment, int release) {
            return change;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("change", change);
        }
    }

    /** A volume without labels outlives its deployment: nothing else tells whose it was. */
    record VolumeKept(String volume) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.VOLUME_KEPT;
        }

        @Override
        public String message(String deployment, int release) {
            return "kept volume " + volume;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("volume", volume);
        }
    }

    record VolumeRemoved(String volume) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.VOLUME_REMOVED;
        }

        @Override
        public String message(String deployment, int release) {
            return "Removed volume " + volume;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("volume", volume);
        }
    }

    record VolumeDataLeft(String volume, String folder, String root) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.VOLUME_FOLDER;
        }

        @Override
        public String message(String deployment, int release) {
            return "the data of volume " + volume + " stays in " + folder + ": that folder is not under " + root;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("volume", volume, "folder", folder, "root", root);
        }
    }

    record VolumeMisplaced(String found, String advice) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.VOLUME_MISPLACED;
        }

        @Override
        public String message(String deployment, int release) {
            return found + "; " + advice;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("found", found, "advice", advice);
        }
    }

    record VolumeOwner(String folder, int user, int group) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.VOLUME_OWNER;
        }

        @Override
        public String message(String deployment, int release) {
            return "containers cannot write to " + folder + ": the engine maps their root to user " + user
                    + "; run `sudo chown " + user + ":" + group + " " + folder + "`";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("folder", folder, "user", user, "group", group);
        }
    }

    /** What became of a generated value. */
    enum ValueChange {
        GENERATED(EventKind.VALUE_GENERATED, "Generated value %s"),
        /** It was read from what was made with it. */
        RECOVERED(EventKind.VALUE_RECOVERED, "Recovered value %s"),
        ROTATED(EventKind.VALUE_ROTATED, "Generated a new version of value %s"),
        SET(EventKind.VALUE_SET, "Set value %s; the next deploy of the files uses it");

        private final EventKind kind;
        private final String message;

        ValueChange(EventKind kind, String message) {
            this.kind = kind;
            this.message = message;
        }
    }

    record ValueChanged(ValueChange change, String name) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return change.kind;
        }

        @Override
        public String message(String deployment, int release) {
            return change.message.formatted(name);
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("value", name);
        }
    }

    record ImagePull(String image) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.IMAGE_PULL;
        }

        @Override
        public String message(String deployment, int release) {
            return "Pulling " + image;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("image", image);
        }
    }

    record ImageProgress(String progress) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.IMAGE_PROGRESS;
        }

        @Override
        public String message(String deployment, int release) {
            return progress;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("progress", progress);
        }
    }

    record ImageRemoved(String image) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.IMAGE_REMOVED;
        }

        @Override
        public String message(String deployment, int release) {
            return "removed the image " + image + " that no kept version uses";
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("image", image);
        }
    }

    record ImagesKept(String cause) implements ResourceEvent {
        @Override
        public EventKind kind() {
            return EventKind.IMAGE_KEPT;
        }

        @Override
        public String message(String deployment, int release) {
            return "cannot remove old images: " + cause;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of("cause", cause);
        }
    }
}
