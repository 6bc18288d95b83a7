package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.portolan.model.Durations;
import org.portolan.model.labels.InstanceLabels.Published;
import org.portolan.model.routing.ServerView;

/** Says which ports of an instance the proxy cannot reach, for people. */
final class Unreached {
    private Unreached() {}

    /** What keeps the proxy from sending it traffic, once its checks had time to pass; "" when nothing does. */
    static String trouble(InstanceState instance, Instant now) {
        RouteState route = instance.route();
        boolean early =
                route.since().map(since -> now.isBefore(since.plusSeconds(1))).orElse(true);
        if (early || route.unservedSince().isEmpty()) {
            return "";
        }
        return route.unreached().isEmpty()
                ? "waiting for HAProxy to add " + instance.id()
                : "HAProxy cannot reach " + ports(instance) + " of " + instance.id();
    }

    /** Why its startup check failed. */
    static String failure(InstanceState instance, Duration waited) {
        RouteState route = instance.route();
        List<ServerView> unreached = route.unreached();
        String time = Durations.format(waited);
        if (unreached.isEmpty()) {
            return "is not a server of HAProxy after " + time;
        }
        boolean connects = unreached.stream().allMatch(view -> view.check().result() == ServerView.Result.UNREACHABLE);
        String words = unreached.stream()
                .map(view -> view.check().evidence())
                .filter(word -> !word.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
        String what = route.served()
                ? "was serving but now fails HAProxy's check of "
                : connects ? "does not listen on " : "fails HAProxy's check of ";
        return what + ports(instance) + ": checked for " + time
                + (words.isEmpty() ? "" : " (" + words + ")")
                + (connects && !route.served() ? "; set the port in the service's `ports`" : "");
    }

    /** What to tell of one that need not listen and does not. */
    static String silence(InstanceState instance) {
        return "nothing listens on " + ports(instance) + " of " + instance.id()
                + ", which its image exposes; nothing known needs it (to declare that, set `ports: none`)";
    }

    /** Names ports as the container knows them: {@code port 8000}, {@code port 9000 (admin)}. */
    private static String ports(InstanceState instance) {
        return instance.route().unreached().stream()
                .map(view -> {
                    Published port = instance.ports().get(view.port());
                    return "port " + (port == null ? "" : port.container())
                            + (view.port().isEmpty() ? "" : " (" + view.port() + ")");
                })
                .collect(Collectors.joining(", "));
    }
}
