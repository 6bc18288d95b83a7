package org.portolan.http;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.controller.ControllerHandle;
import org.portolan.model.event.Notice;
import org.portolan.model.service.Domain;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;

/**
 * Looks each second at what the API needs beside its listeners: its certificate and its domain at the edge. What is wrong with them is one
 * value, which {@code status}, {@code doctor}, the page and {@code /readyz} show.
 */
final class ApiKeeper {
    private static final long EVERY_MILLIS = 1_000;

    private final ControllerHandle controller;
    private final @Nullable ApiCertificate certificate;
    private final ApiDomain domain;
    private final InstantSource clock = InstantSource.system();
    private String stands;
    private boolean stopped;

    ApiKeeper(ApiSettings settings, ControllerHandle controller, TokenCheck tokens, EdgeListener listener) {
        this.controller = controller;
        certificate = settings.tls()
                .map(files -> new ApiCertificate(files, settings.name().map(ApiSettings.PublicName::name)))
                .orElse(null);
        domain = new ApiDomain(settings.name(), controller.installation().proxy(), listener, tokens, this::say);
        // What the leader before observed.
        stands = controller.standings().stream()
                .filter(standing -> standing.subject() == Subject.CONTROLLER)
                .map(standing -> standing.condition() + " " + standing.what())
                .findFirst()
                .orElse("");
    }

    private void say(Notice notice) {
        controller.installation().publish("", notice);
    }

    /** Begins to look, in a separate thread: a change of the proxies takes its time. */
    void start() {
        Thread.ofVirtual().name("api").start(this::keep);
    }

    private void keep() {
        while (!over()) {
            try {
                look(clock.instant());
            } catch (RuntimeException later) {
                // A store or a proxy that does not answer: it is looked at again.
            }
        }
    }

    /** Waits for the next look. */
    @SuppressWarnings("WaitNotInLoop") // Woken early it looks early.
    private synchronized boolean over() {
        try {
            if (!stopped) {
                wait(EVERY_MILLIS);
            }
        } catch (InterruptedException ended) {
            stopped = true;
        }
        return stopped;
    }

    /** Begins nothing more. A change of the proxies that is in progress is made whole, unless this process no longer leads. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    void look(Instant now) {
        ApiCertificate shown = certificate;
        if (shown != null) {
            shown.look(now).ifPresent(this::say);
        }
        domain.look(now, this::pair);
        stand();
    }

    private Optional<Domain.Certificate> pair() {
        ApiCertificate shown = certificate;
        if (shown == null) {
            return Optional.empty();
        }
        shown.begin();
        return shown.pair();
    }

    private void stand() {
        ApiCertificate shown = certificate;
        List<String> words = new ArrayList<>(shown == null ? List.of() : shown.warnings());
        boolean failing = !domain.trouble().isEmpty() || (shown != null && shown.failing());
        if (!domain.trouble().isEmpty()) {
            words.add(domain.trouble());
        }
        Condition condition = failing ? Condition.FAILING : Condition.OK;
        String what = String.join("; ", words);
        String now = what.isEmpty() ? "" : condition + " " + what;
        if (!now.equals(stands)) {
            controller.stands(condition, what);
            stands = now;
        }
    }

    /** The certificate that the port shows; null: it speaks without TLS. */
    @Nullable
    ApiCertificate certificate() {
        return certificate;
    }

    /** What is not as it should be; everybody may ask for it, so no place and no name of a deployment is said. */
    List<String> warnings() {
        ApiCertificate shown = certificate;
        List<String> warnings = new ArrayList<>(shown == null ? List.of() : shown.warnings());
        if (!domain.trouble().isEmpty()) {
            warnings.add("the API's domain is not served as configured");
        }
        controller.standings().stream()
                .filter(standing -> standing.subject() == Standing.Subject.CONFIGURATION
                        && standing.condition() == Standing.Condition.FAILING)
                .forEach(standing -> warnings.add("the configuration file has errors and was not taken over"));
        return warnings;
    }
}
