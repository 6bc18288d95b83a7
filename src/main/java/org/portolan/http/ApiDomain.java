package org.portolan.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;
import org.portolan.proxy.Proxy;

/**
 * Has the edge lead the API's domain to this controller: looks each second whether it is as it should be, and brings it about where it is not.
 * What the configuration no longer names is taken away. Used by one thread.
 */
final class ApiDomain {
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration REPAIR = Duration.ofMinutes(1);
    private static final String BARE = "set api.cert and api.key, or give a wildcard domain a certificate";

    private final Optional<ApiSettings.PublicName> name;
    private final Proxy proxy;
    private final EdgeListener listener;
    private final TokenCheck tokens;
    private final Consumer<Notice> say;
    private Instant next = Instant.MIN;
    private Instant nextRepair = Instant.MIN;
    private String told = "";
    private boolean bare;
    private volatile String trouble = "";

    /**
     * Nothing is done yet.
     *
     * @param name empty: the edge is to lead nowhere
     * @param say tells what was done, and what cannot be
     */
    ApiDomain(
            Optional<ApiSettings.PublicName> name,
            Proxy proxy,
            EdgeListener listener,
            TokenCheck tokens,
            Consumer<Notice> say) {
        this.name = name;
        this.proxy = proxy;
        this.listener = listener;
        this.tokens = tokens;
        this.say = say;
    }

    /**
     * Looks once.
     *
     * @param certificate what the edge is to show; empty: that of a wildcard domain. Fails while the API's own one cannot be used
     */
    void look(Instant now, Supplier<Optional<Domain.Certificate>> certificate) {
        if (now.isBefore(next)) {
            return;
        }
        try {
            bring(now, certificate);
            tell(
                    bare
                            ? "the edge has no certificate for "
                                    + name.map(ApiSettings.PublicName::name).orElse("")
                            : "",
                    BARE);
        } catch (Failure failed) {
            next = now.plus(RETRY);
            tell(failed.what(), failed.hint().orElse(""));
        }
    }

    private void tell(String what, String hint) {
        trouble = what;
        String why = what.isEmpty() || hint.isEmpty() ? what : what + "; " + hint;
        if (!why.isEmpty() && !why.equals(told)) {
            say.accept(new Notice(EventLevel.WARNING, why));
        }
        told = why;
    }

    private void bring(Instant now, Supplier<Optional<Domain.Certificate>> certificate) {
        if (name.isEmpty()) {
            if (proxy.published().isPresent()) {
                proxy.publish(Optional.empty());
            }
            next = Instant.MAX;
            return;
        }
        ApiSettings.PublicName wanted = name.get();
        if (!tokens.any()) {
            throw new Failure(
                            Kind.REFUSED,
                            "does not answer as " + wanted.name() + " while there is no token: anybody could ask")
                    .withHint("it does once there is one: token add");
        }
        listener.listen();
        ControllerRoute route = new ControllerRoute(wanted.name(), certificate.get(), wanted.at());
        if (!proxy.published().equals(Optional.of(route)) && proxy.publish(Optional.of(route))) {
            say.accept(new Notice(EventLevel.DETAIL, "the edge serves the API as https://" + wanted.name()));
        }
        // What deployments are looked at for is repaired with them.
        if (!now.isBefore(nextRepair)) {
            nextRepair = now.plus(REPAIR);
            Collection<RouteSet> parts = proxy.applied().values();
            if (parts.isEmpty()) {
                proxy.ensureRunning();
            }
            bare = route.certificate().isEmpty() && !wanted.behindProxies() && !covered(wanted.name(), parts);
        }
    }

    /** Whether a wildcard domain of a deployment has a certificate that the edge shows for a name. */
    private static boolean covered(String name, Collection<RouteSet> parts) {
        int dot = name.indexOf('.');
        String parent = dot < 0 ? "*" : "*" + name.substring(dot);
        return parts.stream()
                .flatMap(part -> part.domains().stream())
                .anyMatch(domain -> domain.certificate().isPresent()
                        && (domain.host().equals("*") || domain.host().equals(parent)));
    }

    /** Why the domain is not served as it should be; "" when it is. */
    String trouble() {
        return trouble;
    }
}
