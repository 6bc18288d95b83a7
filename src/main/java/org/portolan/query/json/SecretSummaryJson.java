package org.portolan.query.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.json.MomentJson;
import org.portolan.query.SecretSummary;
import org.portolan.query.SecretSummary.Current;

/** A generated value without the value, as JSON. */
public final class SecretSummaryJson {
    private SecretSummaryJson() {}

    public static Map<String, Object> tree(SecretSummary summary) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", summary.name());
        summary.current().ifPresent(current -> {
            tree.put("kind", current.kind());
            tree.put("words", current.words());
            tree.put("version", current.version());
            tree.put("created", MomentJson.write(current.created()));
        });
        return tree;
    }

    public static SecretSummary read(StrictJson node) {
        return new SecretSummary(
                node.text("name"),
                node.find("kind")
                        .map(kind -> new Current(
                                kind.text(),
                                node.text("words"),
                                node.number("version"),
                                MomentJson.read(node.at("created")))));
    }
}
