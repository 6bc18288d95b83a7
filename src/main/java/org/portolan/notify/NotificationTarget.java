package org.portolan.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.portolan.config.NotificationSettings;
import org.portolan.config.SecretReference;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.state.Release;
import org.portolan.notify.message.Allowance;
import org.portolan.notify.message.Body;
import org.portolan.notify.message.Notification;
import org.portolan.notify.message.Selection;
import org.portolan.outgoing.Outgoing;
import org.portolan.process.FileProblems;
import org.portolan.release.Installation;
import org.portolan.webhook.TimedSignature;

/** Where notifications go: chosen, put together when there are many, signed, and sent again until they arrive. */
final class NotificationTarget implements EventConsumer {
    private static final String JSON = "application/json";

    private final NotificationSettings settings;
    private final Map<String, String> environment;
    private final Installation installation;
    private final Selection selection;
    private final Allowance allowance = new Allowance();
    private final Delivery delivery;

    NotificationTarget(
            NotificationSettings settings,
            Map<String, String> environment,
            Installation installation,
            Outgoing outgoing,
            RandomGenerator random) {
        this.settings = settings;
        this.environment = environment;
        this.installation = installation;
        this.selection = new Selection(settings.events(), settings.deployments());
        this.delivery = new Delivery("notification " + settings.name(), outgoing, installation.events(), random);
    }

    @Override
    public String name() {
        return "notification " + settings.name();
    }

    @Override
    public Taken take(List<Event> batch, Instant now) {
        List<Notification> waiting = selection.of(batch);
        if (waiting.isEmpty()) {
            return new Taken(batch.getLast().id(), false, Duration.ZERO);
        }
        Duration pause = allowance.pause(now);
        if (pause.isPositive()) {
            return Taken.nothing(pause);
        }
        int together = allowance.together(waiting.size());
        List<Notification> chosen = waiting.subList(0, together);
        Optional<Duration> again;
        try {
            again = delivery.send(message(chosen, now), now);
        } catch (Failure unusable) {
            again = Optional.of(delivery.again(now, unusable.what()));
        }
        allowance.sent(now);
        if (again.isPresent()) {
            return Taken.nothing(again.get());
        }
        selection.told(chosen);
        boolean all = together == waiting.size();
        return new Taken(all ? batch.getLast().id() : chosen.getLast().id(), true, Duration.ZERO);
    }

    private Outgoing.Message message(List<Notification> chosen, Instant now) {
        List<Body.Told> told = new ArrayList<>();
        for (Notification one : chosen) {
            Optional<Release> release = ReleaseFacts.of(installation.store(), one.deployment(), one.release());
            told.add(new Body.Told(one, release.map(ReleaseFacts::fields).orElse(Map.of())));
        }
        String type = JSON;
        String body;
        switch (settings.format()) {
            case SLACK -> body = Body.slack(told);
            case MUSTACHE -> {
                body = byTemplate(settings.template().orElseThrow(), told);
                type = Body.type(body);
            }
            default -> body = Body.json(told);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        headers.put("User-Agent", "portolan");
        headers.put("X-Portolan-Delivery", chosen.getLast().id());
        Optional<SecretReference> secret = settings.secret();
        if (secret.isPresent()) {
            headers.put(
                    TimedSignature.HEADER,
                    TimedSignature.sign(secret.get().read(environment), now, body.getBytes(StandardCharsets.UTF_8)));
        }
        return new Outgoing.Message(settings.address().read(environment), headers, body);
    }

    private static String byTemplate(Path file, List<Body.Told> told) {
        try {
            return Body.mustache(file.toString(), Files.readString(file), told);
        } catch (IOException unreadable) {
            throw FileProblems.ofGiven("read", file, unreadable);
        }
    }
}
