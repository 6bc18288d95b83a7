package org.portolan.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.notify.WebhookReceiver;
import org.portolan.webhook.HookRequest;
import org.portolan.webhook.Webhooks;

/** Deliveries of Git hosts, which prove themselves with signatures and not with tokens. */
final class HookRoutes {
    private static final int BAD_REQUEST = 400;
    private static final int NO_CONTENT = 204;

    private HookRoutes() {}

    static List<Route> all() {
        return List.of(Route.change(
                        "POST",
                        "/v1/hooks/{source}",
                        Route.OPEN,
                        "Take a signed delivery of a Git host, and look at the source now.",
                        ApiSchema.object().andMore().done(),
                        202,
                        ApiSchema.object().with("status", ApiSchema.TEXT).done(),
                        HookRoutes::receive)
                .upTo(Webhooks.MOST_BYTES));
    }

    private static Reply receive(Api api, ApiRequest request) {
        WebhookReceiver.Answer answer = api.webhooks()
                .receive(request.name("source"), new HookRequest(request.headers(), request.body()), api.controller());
        if (answer.status() >= BAD_REQUEST) {
            return ProblemJson.plain(
                    answer.status(), "Delivery refused", answer.text(), Optional.empty(), request.id());
        }
        return answer.status() == NO_CONTENT
                ? Reply.text(NO_CONTENT, Reply.JSON, new byte[0])
                : Reply.of(answer.status(), Map.of("status", answer.text()));
    }
}
