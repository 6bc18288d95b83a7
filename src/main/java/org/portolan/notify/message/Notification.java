package org.portolan.notify.message;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.event.ControllerEvent.ConditionChanged;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.event.ReleaseEvent.ReleaseDone;
import org.portolan.model.event.ReleaseEvent.ReleaseFailed;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.model.event.ReleaseEvent.RollbackDone;

/**
 * One piece of news.
 *
 * @param id of the event, which grows: what comes twice has the same
 * @param subject the deployment, or {@code source NAME}
 * @param deployment "" when it is about none
 * @param release 0 when it is about none
 * @param sameAs what it has in common with another that would say the same again; "" for what never does
 */
public record Notification(
        Topic topic,
        String id,
        Instant at,
        String subject,
        String deployment,
        int release,
        String message,
        String sameAs) {
    /** What a release that repairs drift gives as its reason. */
    static final String DRIFT = "drift";

    private static final String ROLLBACK = "rollback";
    private static final String FAILING = "failing";

    /** The news in an event; empty for most of them. */
    public static Optional<Notification> of(Event event) {
        EventData data = event.data();
        if (data instanceof ReleaseStarted started) {
            boolean repair = started.reason().startsWith(DRIFT);
            return Optional.of(of(event, repair ? Topic.DRIFT : Topic.STARTED, repair ? "repair" : ""));
        }
        if (data instanceof ReleaseDone done) {
            if (done.reason().startsWith(DRIFT)) {
                return Optional.of(of(event, Topic.DRIFT, "repaired"));
            }
            return Optional.of(of(event, done.reason().startsWith(ROLLBACK) ? Topic.ROLLED_BACK : Topic.SUCCEEDED, ""));
        }
        if (data instanceof ReleaseFailed failed) {
            return Optional.of(of(event, Topic.FAILED, "failed " + withoutNumbers(failed.cause())));
        }
        if (data instanceof RollbackDone back) {
            return Optional.of(of(event, Topic.ROLLED_BACK, "back " + withoutNumbers(back.result())));
        }
        return data instanceof ConditionChanged changed ? of(event, changed) : Optional.empty();
    }

    private static Optional<Notification> of(Event event, ConditionChanged changed) {
        Topic topic =
                switch (changed.condition()) {
                    case FAILING -> Topic.FAILED;
                    case "pending-approval" -> Topic.PENDING_APPROVAL;
                    case "drift" -> Topic.DRIFT;
                    default -> null;
                };
        if (topic == null) {
            return Optional.empty();
        }
        boolean deployment = changed.subject().equals("deployment");
        String subject = deployment ? changed.name() : changed.subject() + " " + changed.name();
        return Optional.of(new Notification(
                topic,
                event.id(),
                event.at(),
                subject,
                deployment ? changed.name() : "",
                0,
                event.message(),
                "condition " + changed.condition() + " " + withoutNumbers(changed.what())));
    }

    private static Notification of(Event event, Topic topic, String sameAs) {
        return new Notification(
                topic,
                event.id(),
                event.at(),
                event.deployment(),
                event.deployment(),
                event.release(),
                event.message(),
                sameAs);
    }

    /** Numbers of releases and instances grow while the same goes wrong again and again. */
    private static String withoutNumbers(String text) {
        return text.replaceAll("[0-9]+", "#");
    }

    /** Whether it tells that a deployment is failing, which the failure of its release has told. */
    boolean followsFailedRelease() {
        return topic == Topic.FAILED && release == 0 && !deployment.isEmpty();
    }

    /**
     * Its fields for programs and templates.
     *
     * @param facts more of them, by name
     */
    Map<String, Object> fields(Map<String, String> facts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", topic.word());
        fields.put("id", id);
        fields.put("time", at.toString());
        fields.put("subject", subject);
        fields.put("deployment", deployment);
        fields.put("release", release);
        fields.put("message", message);
        fields.putAll(facts);
        return fields;
    }
}
