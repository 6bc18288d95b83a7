package org.portolan.model.json;

import java.util.HashMap;
import java.util.Map;
import org.portolan.json.JsonTree;
import org.portolan.json.StrictJson;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventReader;

/** Reads events as looking commands and the API write them. */
public final class EventJson {
    private EventJson() {}

    /** Reads one; of a kind that this version does not know, its message is kept. */
    public static Event read(StrictJson node) {
        Map<String, String> fields = new HashMap<>();
        node.map().forEach((name, value) -> {
            if (value instanceof String text) {
                fields.put(name, text);
            } else if (value instanceof Number || value instanceof Boolean) {
                fields.put(name, value.toString());
            } else if (value != null) {
                fields.put(name, JsonTree.text(value, false));
            }
        });
        return new Event(
                node.textOrEmpty("id"),
                MomentJson.parse(node.at("at")),
                node.textOrEmpty("deployment"),
                node.find("release").map(StrictJson::number).orElse(0),
                EventReader.data(fields));
    }
}
