package org.portolan.query.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.json.EventJson;
import org.portolan.model.json.ReleaseJson;
import org.portolan.model.state.Release;
import org.portolan.query.ReleaseSummary;

/** A release as JSON, whole but for its domains, which hold secrets: what the command line reads from a controller. */
public final class ReleaseSummaryJson {
    private ReleaseSummaryJson() {}

    public static Map<String, Object> tree(ReleaseSummary summary) {
        Release release = summary.release();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("deployment", release.deployment());
        tree.put("number", release.number());
        tree.putAll(ReleaseJson.tree(release));
        tree.put("interrupted", summary.interrupted());
        tree.put("events", release.events().stream().map(JsonFields::event).toList());
        return tree;
    }

    public static ReleaseSummary read(StrictJson node) {
        Release release = ReleaseJson.read(node.text("deployment"), node.number("number"), node, List.of());
        return new ReleaseSummary(release.withEventsOf(node.list("events", EventJson::read)), node.flag("interrupted"));
    }
}
