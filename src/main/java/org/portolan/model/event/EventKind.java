package org.portolan.model.event;

import java.util.Optional;

/** Every kind of event, with its word in JSON and in the store, how it is shown, and whether it is kept. */
public enum EventKind {
    RELEASE_STARTED("release-started", EventLevel.JOB, true),
    ACTION("action", EventLevel.DETAIL, false),
    RELEASE_DONE("release-done", EventLevel.JOB, true),
    RELEASE_INTERRUPTED("release-interrupted", EventLevel.WARNING, false),
    RELEASE_FAILED("release-failed", EventLevel.JOB, true),
    ROLLBACK_CONTINUED("rollback-continued", EventLevel.JOB, false),
    ROLLBACK_DONE("rollback-done", EventLevel.JOB, true),
    CANARY_STEP("canary-step", EventLevel.DETAIL, true),
    SERVICE_HELD("service-held", EventLevel.WARNING, true),
    WAITING("waiting", EventLevel.PROGRESS, false),
    STILL_WAITING("still-waiting", EventLevel.DETAIL, false),
    UNAVAILABLE("unavailable", EventLevel.WARNING, false),
    ORDER_PROMOTE("order-promote", EventLevel.JOB, true),
    ORDER_ABORT("order-abort", EventLevel.JOB, true),
    ORDER_PAUSE("order-pause", EventLevel.JOB, true),
    ORDER_RESUME("order-resume", EventLevel.JOB, true),

    CREATE_BEGINS("create-begins", EventLevel.TRACE, true),
    START_BEGINS("start-begins", EventLevel.TRACE, true),
    KEEP_RUNNING_BEGINS("keep-running-begins", EventLevel.TRACE, true),
    RELOAD_BEGINS("reload-begins", EventLevel.TRACE, true),
    STOP_BEGINS("stop-begins", EventLevel.TRACE, true),
    REMOVE_BEGINS("remove-begins", EventLevel.TRACE, true),
    INSTANCE_CREATED("instance-created", EventLevel.JOB, true),
    INSTANCE_STARTED("instance-started", EventLevel.TRACE, true),
    INSTANCE_KEPT("instance-kept", EventLevel.TRACE, true),
    INSTANCE_RELOADED("instance-reloaded", EventLevel.JOB, true),
    INSTANCE_STOPPED("instance-stopped", EventLevel.TRACE, true),
    INSTANCE_REMOVED("instance-removed", EventLevel.DETAIL, true),
    INSTANCE_HEALTHY("instance-healthy", EventLevel.TRACE, true),
    INSTANCE_SERVING("instance-serving", EventLevel.DETAIL, true),
    INSTANCE_DRAINING("instance-draining", EventLevel.TRACE, true),
    INSTANCE_DRAINED("instance-drained", EventLevel.TRACE, true),
    INSTANCE_FAILED("instance-failed", EventLevel.DETAIL, true),
    INSTANCE_SILENT("instance-silent", EventLevel.DETAIL, true),
    INSTANCE_IMPAIRED("instance-impaired", EventLevel.WARNING, true),
    INSTANCE_RESUMED("instance-resumed", EventLevel.DETAIL, false),

    JOB_STARTED("job-started", EventLevel.JOB, true),
    JOB_STEP("job-step", EventLevel.TRACE, true),
    JOB_OUTPUT("job-output", EventLevel.TRACE, true),
    JOB_COMPLETED("job-completed", EventLevel.DETAIL, true),
    JOB_FAILED("job-failed", EventLevel.WARNING, true),
    JOBS_NOT_RUN("jobs-not-run", EventLevel.WARNING, false),
    JOBS_KEPT("jobs-kept", EventLevel.DETAIL, false),
    DEPLOYMENT_CREATED("deployment-created", EventLevel.JOB, false),
    DEPLOYMENT_REMOVED("deployment-removed", EventLevel.JOB, true),
    DEPLOYMENT_UNPINNED("deployment-unpinned", EventLevel.JOB, false),
    DEPLOY_HELD("deploy-held", EventLevel.JOB, false),
    LOCK_WAIT("lock-wait", EventLevel.DETAIL, false),
    STORE_OLDER("store-older", EventLevel.WARNING, false),
    START_LEFT("start-left", EventLevel.DETAIL, false),
    ATTACHED("attached", EventLevel.DETAIL, false),

    CONTROLLER_LEADS("controller-leads", EventLevel.JOB, true),
    CONTROLLER_STOPS("controller-stops", EventLevel.JOB, false),
    CONTROLLER_STANDS_BY("controller-stands-by", EventLevel.JOB, false),
    SOURCE_READ("source-read", EventLevel.JOB, true),
    SOURCE_NOTIFIED("source-notified", EventLevel.DETAIL, true),
    INSTRUCTED("instructed", EventLevel.JOB, true),
    CONDITION_CHANGED("condition-changed", EventLevel.WARNING, true),

    ACCESS_GRANTED("access-granted", EventLevel.JOB, true),
    ACCESS_REMOVED("access-removed", EventLevel.JOB, true),
    CHANGE_REQUESTED("change-requested", EventLevel.DETAIL, true),

    PROXY_RELOADED("proxy-reloaded", EventLevel.TRACE, true),
    PROXY_RESTARTED("proxy-restarted", EventLevel.WARNING, false),
    PROXIES_REPAIRED("proxies-repaired", EventLevel.JOB, false),
    PROXY_REPAIRED("proxy-repaired", EventLevel.DETAIL, false),
    PROXIES_RENEWED("proxies-renewed", EventLevel.WARNING, false),
    VOLUME_KEPT("volume-kept", EventLevel.TRACE, true),
    VOLUME_REMOVED("volume-removed", EventLevel.JOB, false),
    VOLUME_FOLDER("volume-folder", EventLevel.WARNING, false),
    VOLUME_MISPLACED("volume-misplaced", EventLevel.WARNING, false),
    VOLUME_OWNER("volume-owner", EventLevel.WARNING, false),
    VALUE_GENERATED("value-generated", EventLevel.DETAIL, true),
    VALUE_RECOVERED("value-recovered", EventLevel.DETAIL, true),
    VALUE_ROTATED("value-rotated", EventLevel.DETAIL, true),
    VALUE_SET("value-set", EventLevel.JOB, true),
    DATABASE_MADE("database-made", EventLevel.JOB, true),
    DATABASE_PRESENT("database-present", EventLevel.TRACE, true),
    DATABASE_PASSWORD("database-password", EventLevel.DETAIL, true),
    DATABASE_PASSWORD_KEPT("database-password-kept", EventLevel.WARNING, true),
    DATABASE_UNCHECKED("database-unchecked", EventLevel.WARNING, true),
    IMAGE_PULL("image-pull", EventLevel.JOB, false),
    IMAGE_PROGRESS("image-progress", EventLevel.PROGRESS, false),
    IMAGE_REMOVED("image-removed", EventLevel.DETAIL, false),
    IMAGE_KEPT("image-kept", EventLevel.DETAIL, false),

    CONTAINER_STOPPED("container-stopped", EventLevel.DETAIL, false),
    CONTAINER_RESUMED("container-resumed", EventLevel.JOB, false),
    CONTAINER_REMOVED("container-removed", EventLevel.DETAIL, false),

    /** A command's own line, which is about no deployment. */
    NOTICE("notice", EventLevel.DETAIL, false),
    /** Stored by another version; its word is its own. */
    UNKNOWN("", EventLevel.DETAIL, true);

    /** What {@link #ROLLBACK_DONE} is called in streams that an earlier Portolan wrote. */
    private static final String TAKEN_BACK = "release-taken-back";

    private final String word;
    private final EventLevel level;
    private final boolean stored;

    EventKind(String word, EventLevel level, boolean stored) {
        this.word = word;
        this.level = level;
        this.stored = stored;
    }

    public String word() {
        return word;
    }

    public EventLevel level() {
        return level;
    }

    /** Whether it is kept; what is not has no id. */
    public boolean stored() {
        return stored;
    }

    /** The kind of a word; empty for one that this version does not know. */
    public static Optional<EventKind> of(String word) {
        if (word.equals(TAKEN_BACK)) {
            return Optional.of(ROLLBACK_DONE);
        }
        for (EventKind kind : values()) {
            if (kind != UNKNOWN && kind.word.equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
