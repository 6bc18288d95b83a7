package org.portolan.store.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.event.Event;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.state.Release;

/** A release as JSON, without its domains, which hold secrets and are kept sealed, and without its events. */
final class ReleaseCodec {
    private ReleaseCodec() {}

    static byte[] write(Release release) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Origin origin = release.origin();
        tree.put("source", StateCodec.source(origin.source()));
        StateCodec.put(tree, "commit", origin.commit());
        tree.put("dirty", origin.dirty());
        StateCodec.put(tree, "author", origin.author());
        StateCodec.put(tree, "subject", origin.subject());
        tree.put("who", release.who());
        tree.put("started", Times.write(release.started()));
        StateCodec.put(tree, "ended", release.ended().map(Times::write));
        tree.put("outcome", release.outcome().name());
        tree.put("cause", release.cause());
        tree.put("services", StateCodec.placed(release.services()));
        return StoreJson.write(tree);
    }

    static Release read(String deployment, int number, StrictJson tree, List<Domain> domains) {
        Origin origin = new Origin(
                StateCodec.source(tree.at("source")),
                tree.find("commit").map(StrictJson::text),
                tree.flag("dirty"),
                tree.find("author").map(StrictJson::text),
                tree.find("subject").map(StrictJson::text));
        return new Release(
                deployment,
                number,
                origin,
                tree.text("who"),
                Times.read(tree.at("started")),
                tree.find("ended").map(Times::read),
                tree.at("outcome").constant(Release.Outcome.values()),
                tree.text("cause"),
                tree.sorted("services", StateCodec::placed),
                domains,
                List.of());
    }

    static Release withEvents(Release release, List<Event> events) {
        List<Event> own = events.stream()
                .filter(event -> event.release() == release.number())
                .toList();
        return new Release(
                release.deployment(),
                release.number(),
                release.origin(),
                release.who(),
                release.started(),
                release.ended(),
                release.outcome(),
                release.cause(),
                release.services(),
                release.domains(),
                own);
    }
}
