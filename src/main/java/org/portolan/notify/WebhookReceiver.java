package org.portolan.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.portolan.config.SourceSettings;
import org.portolan.controller.ControllerHandle;
import org.portolan.model.Failure;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.webhook.Deliveries;
import org.portolan.webhook.HookRequest;
import org.portolan.webhook.Verdict;
import org.portolan.webhook.Webhooks;

/** Takes deliveries of Git hosts, and has the source looked at. Nothing else of a delivery is used. May be used from many threads. */
public final class WebhookReceiver {
    private static final int ACCEPTED = 202;
    private static final int NOTHING_TO_DO = 204;
    private static final int REFUSED = 401;

    /** Why deliveries are refused is said for each source once in this time: everybody may send some. */
    private static final Duration SAID_ONCE_IN = Duration.ofMinutes(5);

    private final Supplier<List<SourceSettings>> sources;
    private final WebhookSecrets secrets;
    private final Deliveries deliveries = new Deliveries();
    private final Map<String, Instant> said = new HashMap<>();
    private final List<String> nobodys = List.of(UUID.randomUUID().toString());

    /** @param sources of the configuration as it is in force; those that the controller does not follow have no webhook */
    public WebhookReceiver(Supplier<List<SourceSettings>> sources, WebhookSecrets secrets) {
        this.sources = sources;
        this.secrets = secrets;
    }

    /**
     * What the sender gets.
     *
     * @param status of HTTP
     * @param text for people; nothing of the request
     */
    public record Answer(int status, String text) {}

    /**
     * Takes one, and waits for nothing that it causes.
     *
     * @param source as the request names it
     */
    public Answer receive(String source, HookRequest request, ControllerHandle controller) {
        Instant now = controller.installation().clock().instant();
        Optional<SourceSettings> found = sources.get().stream()
                .filter(each -> each.name().equals(source) && each.watch().isPresent())
                .findFirst();
        List<String> own =
                found.map(settings -> secrets(settings, controller, now)).orElse(List.of());
        // As much work for a source that is not there: how long an answer takes tells nothing either.
        Verdict verdict = Webhooks.read(request, own.isEmpty() ? nobodys : own, now);
        if (found.isEmpty() || own.isEmpty()) {
            // As if the signature were wrong: which sources there are is not everybody's to know.
            return new Answer(REFUSED, Verdict.Why.SIGNATURE.text());
        }
        return switch (verdict) {
            case Verdict.Refused refused -> {
                say(controller, source, refused.why().text(), now);
                yield new Answer(refused.why().status(), refused.why().text());
            }
            case Verdict.Other other -> new Answer(NOTHING_TO_DO, "nothing to do for this event");
            case Verdict.Push push -> pushed(found.get(), push, controller, now);
        };
    }

    private Answer pushed(SourceSettings source, Verdict.Push push, ControllerHandle controller, Instant now) {
        List<String> concerned = new ArrayList<>();
        source.followed().forEach((name, ref) -> {
            if (Webhooks.concerns(ref, push.refs())) {
                concerned.add(name);
            }
        });
        if (concerned.isEmpty()) {
            return new Answer(NOTHING_TO_DO, "the source follows another ref");
        }
        if (!deliveries.isNew(source.name(), push, now)) {
            return new Answer(Verdict.Why.REPEATED.status(), Verdict.Why.REPEATED.text());
        }
        concerned.forEach(name -> controller.mark(
                WorkKey.source(name), new Cause(Reason.WEBHOOK, push.sender().word())));
        return new Answer(ACCEPTED, "source " + source.name() + " is looked at now");
    }

    private List<String> secrets(SourceSettings settings, ControllerHandle controller, Instant now) {
        try {
            return secrets.of(settings);
        } catch (Failure missing) {
            say(controller, settings.name(), missing.what(), now);
            return List.of();
        }
    }

    private void say(ControllerHandle controller, String source, String what, Instant now) {
        synchronized (said) {
            Instant last = said.get(source);
            if (last != null && Duration.between(last, now).compareTo(SAID_ONCE_IN) < 0) {
                return;
            }
            said.put(source, now);
        }
        controller
                .installation()
                .publish("", new Notice(EventLevel.WARNING, "webhook of source " + source + " refused: " + what));
    }
}
