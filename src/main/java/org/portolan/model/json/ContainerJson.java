package org.portolan.model.json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.json.StrictJson;
import org.portolan.model.container.Container;

/** A container as JSON, with its labels; without the settings that only repairs look at. */
public final class ContainerJson {
    private ContainerJson() {}

    public static Map<String, Object> tree(Container container) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", container.id());
        tree.put("name", container.name());
        tree.put("labels", container.labels());
        tree.put("state", container.state().name());
        tree.put("exitCode", container.exitCode());
        container.startedAt().ifPresent(at -> tree.put("startedAt", MomentJson.write(at)));
        tree.put("restarts", container.restarts());
        tree.put("oomKilled", container.oomKilled());
        tree.put("imageId", container.imageId());
        tree.put("volumes", container.volumes());
        tree.put("verdict", container.verdict().name());
        tree.put("restart", container.restart());
        container.networks().ifPresent(networks -> tree.put("networks", networks));
        container.loaded().ifPresent(loaded -> tree.put("loaded", loaded));
        return tree;
    }

    /** Reads it; a field that is not there is as of a container of which nobody told it. */
    public static Container read(StrictJson node) {
        Container told = new Container(
                node.text("id"),
                node.text("name"),
                node.sorted("labels", StrictJson::text),
                node.at("state").constant(Container.State.values()),
                node.number("exitCode"),
                node.find("startedAt").map(MomentJson::read),
                node.number("restarts"),
                node.flag("oomKilled"),
                node.text("imageId"),
                new TreeMap<>(node.sorted("volumes", StrictJson::text)),
                node.at("verdict").constant(Container.Verdict.values()),
                node.text("restart"),
                node.find("networks").map(present -> node.textSet("networks")));
        return node.find("loaded").isPresent() ? told.withLoaded(node.sorted("loaded", StrictJson::text)) : told;
    }
}
