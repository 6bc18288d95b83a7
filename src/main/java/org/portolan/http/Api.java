package org.portolan.http;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.portolan.controller.ControllerHandle;
import org.portolan.doctor.Examined;
import org.portolan.gitserver.GitHttp;
import org.portolan.notify.WebhookReceiver;
import org.portolan.query.ControllerStatus;
import org.portolan.query.EventHub;
import org.portolan.query.Inventory;
import org.portolan.query.Viewed;
import org.portolan.release.Installation;

/**
 * What routes answer with, as long as this process leads.
 *
 * @param viewed the parts as the leader's installation has them
 * @param stands whether a caller may still ask
 * @param machine what is of this machine only
 * @param examined what is looked at beside a first deploy; empty: nothing is
 */
record Api(
        ControllerHandle controller,
        Viewed viewed,
        EventHub events,
        Changes changes,
        Readiness readiness,
        WebhookReceiver webhooks,
        MetricsText metrics,
        GitHttp git,
        Predicate<ApiCaller> stands,
        Optional<Examined> examined,
        OwnMachine machine) {

    /** For one request: it knows no secret of others. */
    Installation installation() {
        return controller.installation().forRun();
    }

    InstantSource clock() {
        return controller.installation().clock();
    }

    /** What there is now for whoever asks; what cannot be looked up is left out. */
    Inventory inventory(ApiCaller caller) {
        return Inventory.take(viewed, clock(), warning -> {}).only(caller::sees);
    }

    /** How sources and deployments stand with the controller for whoever asks, as last observed, and what people told it. */
    ControllerStatus standings(ApiCaller caller) {
        return new ControllerStatus(
                        Optional.empty(),
                        controller.standings(),
                        controller.installation().store().instructions())
                .seenBy(caller::sees);
    }
}
