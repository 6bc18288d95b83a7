package org.portolan.model.json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.portolan.json.StrictJson;
import org.portolan.model.container.StoredVolume;

/** A volume as JSON, as the command line reads it from a controller. */
public final class StoredVolumeJson {
    private StoredVolumeJson() {}

    public static Map<String, Object> tree(StoredVolume volume) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", volume.name());
        tree.put("deployment", volume.deployment());
        tree.put("service", volume.service());
        tree.put("volume", volume.volume());
        volume.folder().ifPresent(folder -> tree.put("folder", folder));
        tree.put("users", volume.users());
        tree.put("declared", volume.declared());
        volume.since().ifPresent(since -> tree.put("since", MomentJson.write(since)));
        volume.bytes().ifPresent(bytes -> tree.put("bytes", bytes));
        return tree;
    }

    public static StoredVolume read(StrictJson node) {
        Optional<StrictJson> bytes = node.find("bytes");
        return new StoredVolume(
                node.text("name"),
                node.text("deployment"),
                node.text("service"),
                node.text("volume"),
                node.find("folder").map(StrictJson::text),
                node.textSet("users"),
                node.flag("declared"),
                node.find("since").map(MomentJson::read),
                bytes.isPresent() ? OptionalLong.of(bytes.get().whole()) : OptionalLong.empty());
    }
}
