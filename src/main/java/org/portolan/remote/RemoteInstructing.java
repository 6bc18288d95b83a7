package org.portolan.remote;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.portolan.controller.Instructing;
import org.portolan.model.event.EventSink;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Mandate;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.DeployOptions;

/** Tells the controller that leads what people decided. */
final class RemoteInstructing implements Instructing {
    private static final String SUSPENSION = "/suspension";

    private final ApiClient client;
    private final EventSink events;

    RemoteInstructing(ApiClient client, EventSink events) {
        this.client = client;
        this.events = events;
    }

    @Override
    public void suspend(WorkKey key, Mandate mandate) {
        tell("PUT", key, SUSPENSION, mandate, Map.of());
    }

    @Override
    public void resume(WorkKey key, Mandate mandate) {
        tell("DELETE", key, SUSPENSION, mandate, Map.of());
    }

    @Override
    public void approve(Standing shown, Mandate mandate) {
        tell("POST", new WorkKey(shown.subject(), shown.name()), "/approval", mandate, Map.of("id", shown.asks()));
    }

    @Override
    public boolean look(String source, Optional<Duration> most, Mandate mandate) {
        Map<String, Object> body = most.<Map<String, Object>>map(
                        time -> Map.of("wait", true, "seconds", Math.max(1, time.toSeconds())))
                .orElse(Map.of());
        return new Submission(client, mandate.caller().name(), events)
                .ended(
                        "POST",
                        "/v1/sources/" + ApiClient.segments(source) + "/look",
                        body,
                        RemoteRequests.telling(events),
                        () -> false)
                .textOrEmpty("outcome")
                .equals("done");
    }

    private void tell(String method, WorkKey key, String what, Mandate mandate, Map<String, ?> more) {
        String subject = key.subject() == Subject.SOURCE ? "sources" : "deployments";
        Map<String, Object> body = RemoteRequests.body(mandate, DeployOptions.DEFAULT);
        body.putAll(more);
        new Submission(client, mandate.caller().name(), events)
                .ended(
                        method,
                        "/v1/" + subject + "/" + ApiClient.segments(key.name()) + what,
                        body,
                        RemoteRequests.telling(events),
                        () -> false);
    }
}
