package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.model.event.Event;

/** The streams of events: of all deployments, and of each. */
final class RedisEvents implements AutoCloseable {
    private static final String FIRST = "-";
    private static final String LAST = "+";

    private final ConnectionPool links;
    private final Keys keys;
    private final Duration deadline;
    private final Consumer<String> warnings;
    private final List<EventFollower> followers = new CopyOnWriteArrayList<>();

    /** @param warnings gets what a follower leaves out */
    RedisEvents(ConnectionPool links, Keys keys, Duration deadline, Consumer<String> warnings) {
        this.links = links;
        this.keys = keys;
        this.deadline = deadline;
        this.warnings = warnings;
    }

    List<Event> after(String id, int limit) {
        String key = keys.events();
        Object reply = links.call(
                Command.XRANGE,
                bytes(key),
                bytes(beyond(id, FIRST)),
                bytes(LAST),
                bytes("COUNT"),
                bytes(Integer.toString(limit)));
        return EventCodec.events(key, reply);
    }

    List<Event> before(String id, int limit) {
        return before(keys.events(), id, limit);
    }

    List<Event> auditBefore(String id, int limit) {
        return before(keys.audit(), id, limit);
    }

    private List<Event> before(String key, String id, int limit) {
        return EventCodec.events(key, newest(key, id, limit)).reversed();
    }

    private @Nullable Object newest(String key, String before, int limit) {
        return links.call(
                Command.XREVRANGE,
                bytes(key),
                bytes(beyond(before, LAST)),
                bytes(FIRST),
                bytes("COUNT"),
                bytes(Integer.toString(limit)));
    }

    List<Event> of(String deployment, String afterId) {
        String key = keys.log(deployment);
        return EventCodec.events(
                key, links.call(Command.XRANGE, bytes(key), bytes(beyond(afterId, FIRST)), bytes(LAST)));
    }

    /** The end of a range that does not contain the id. */
    private static String beyond(String id, String everything) {
        return id.isEmpty() ? everything : "(" + id;
    }

    AutoCloseable follow(Consumer<Event> listener) {
        List<EventCodec.Entry> last = EventCodec.entries(newest(keys.events(), "", 1));
        String id = last.isEmpty() ? "0-0" : last.getFirst().id();
        EventFollower follower = new EventFollower(links, keys.events(), id, deadline, listener, warnings);
        followers.add(follower);
        return () -> {
            followers.remove(follower);
            follower.close();
        };
    }

    @Override
    public void close() {
        followers.forEach(EventFollower::close);
    }
}
