package org.portolan.model.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.state.Release;

/** A release as JSON, without its domains, which hold secrets and are kept sealed, and without its events. */
public final class ReleaseJson {
    private ReleaseJson() {}

    public static Map<String, Object> tree(Release release) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Origin origin = release.origin();
        tree.put("source", StateJson.source(origin.source()));
        StateJson.put(tree, "commit", origin.commit());
        tree.put("dirty", origin.dirty());
        StateJson.put(tree, "author", origin.author());
        StateJson.put(tree, "subject", origin.subject());
        tree.put("who", release.who());
        tree.put("started", MomentJson.write(release.started()));
        StateJson.put(tree, "ended", release.ended().map(MomentJson::write));
        tree.put("outcome", release.outcome().name());
        tree.put("cause", release.cause());
        tree.put("services", StateJson.placed(release.services()));
        return tree;
    }

    /**
     * Reads it.
     *
     * @param domains what was kept apart
     */
    public static Release read(String deployment, int number, StrictJson tree, List<Domain> domains) {
        Origin origin = new Origin(
                StateJson.source(tree.at("source")),
                tree.find("commit").map(StrictJson::text),
                tree.flag("dirty"),
                tree.find("author").map(StrictJson::text),
                tree.find("subject").map(StrictJson::text));
        return new Release(
                deployment,
                number,
                origin,
                tree.text("who"),
                MomentJson.read(tree.at("started")),
                tree.find("ended").map(MomentJson::read),
                tree.at("outcome").constant(Release.Outcome.values()),
                tree.text("cause"),
                tree.sorted("services", StateJson::placed),
                domains,
                List.of());
    }
}
