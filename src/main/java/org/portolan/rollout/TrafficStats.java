package org.portolan.rollout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ServerView;

/**
 * What instances answered since this run began, or since a service was begun again: differences of the proxy's counters,
 * which hold a server's whole past and fall whenever a worker of the proxy ends with what it counted.
 */
public final class TrafficStats {
    private record Server(InstanceId instance, String port) {}

    private final Map<Server, Count> counts = new HashMap<>();
    private boolean begun;

    /** Takes over what the proxy shows; the past of servers that the first look shows does not count. */
    public void observe(Map<InstanceId, List<ServerView>> shown) {
        shown.forEach((id, views) -> views.forEach(view -> {
            Server server = new Server(id, view.port());
            Count count = counts.get(server);
            if (count == null) {
                count = new Count();
                counts.put(server, count);
                if (!begun) {
                    count.last = view;
                }
            }
            count.take(view);
        }));
        begun = true;
    }

    /** What a service's instances answered so far counts no more. */
    public void restart(String service) {
        counts.forEach((server, count) -> {
            if (server.instance().service().equals(service)) {
                count.responses = 0;
                count.errors = 0;
            }
        });
    }

    /** The sum over a service's instances of some versions. */
    public Sum of(String service, IntPredicate version) {
        long responses = 0;
        long errors = 0;
        double time = 0;
        for (Map.Entry<Server, Count> entry : counts.entrySet()) {
            InstanceId id = entry.getKey().instance();
            Count count = entry.getValue();
            if (id.service().equals(service) && version.test(id.version())) {
                responses += count.responses;
                errors += count.errors;
                time += (double) count.responses * count.averageMillis;
            }
        }
        return new Sum(responses, errors, responses == 0 ? 0 : time / responses);
    }

    /**
     * What several servers answered.
     *
     * @param latency the mean time to answer in milliseconds, of each server's last 1024 answers: the proxy keeps no other
     */
    public record Sum(long responses, long errors, double latency) {
        /** The share of 5xx answers in percent. */
        public double errorShare() {
            return responses == 0 ? 0 : 100.0 * errors / responses;
        }
    }

    private static final class Count {
        private @org.jspecify.annotations.Nullable ServerView last;
        private long responses;
        private long errors;
        private long averageMillis;

        void take(ServerView view) {
            ServerView before = last;
            // A worker that ended took along what it had counted; what is left says nothing of what is new.
            boolean fell = before != null && (view.responses() < before.responses() || view.errors() < before.errors());
            if (!fell) {
                responses += view.responses() - (before == null ? 0 : before.responses());
                errors += view.errors() - (before == null ? 0 : before.errors());
            }
            averageMillis = view.averageResponse().toMillis();
            last = view;
        }
    }
}
