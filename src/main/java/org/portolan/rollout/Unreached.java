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
                ? "the proxy does not have " + instance.id() + " yet"
                : "the proxy cannot reach " + ports(instance) + " of " + instance.id();
    }

    /** Why its startup check failed. */
    static String failure(InstanceState instance, Duration waited) {
        RouteState route = instance.route();
        List<ServerView> unreached = route.unreached();
        String time = Durations.format(waited);
        if (unreached.isEmpty()) {
            return "is not among the proxy's servers: waited for " + time;
        }
        boolean connects = unreached.stream().allMatch(view -> view.check().result() == ServerView.Result.UNREACHABLE);
        String words = unreached.stream()
                .map(view -> view.check().evidence())
                .filter(word -> !word.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
        String what = route.served()
                ? "served and passes the proxy's check no more, of "
                : connects ? "does not listen on " : "does not pass the proxy's check of ";
        return what + ports(instance) + ": the proxy tried for " + time
                + (words.isEmpty() ? "" : " (" + words + ")")
                + (connects && !route.served() ? "; say in the service's `ports` where it listens" : "");
    }

    /** What to tell of one that need not listen and does not. */
    static String silence(InstanceState instance) {
        return "nothing listens on " + ports(instance) + " of " + instance.id()
                + ", which its image exposes; as far as is known nothing needs it (`ports: none` says so)";
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
