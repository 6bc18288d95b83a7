package org.portolan.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.json.MomentJson;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GeneratedValue;

/** The versions of a generated value as JSON; what this writes is sealed before it leaves the process. */
final class GeneratedCodec {
    private GeneratedCodec() {}

    static byte[] write(List<GeneratedValue> values) {
        List<Object> versions = new ArrayList<>();
        for (GeneratedValue value : values) {
            versions.add(Map.of(
                    "number",
                    value.number(),
                    "kind",
                    value.spec().kind().name(),
                    "size",
                    value.spec().size(),
                    "text",
                    value.text(),
                    "created",
                    MomentJson.write(value.created())));
        }
        return StoreJson.write(Map.of("versions", versions));
    }

    static List<GeneratedValue> read(StrictJson tree) {
        return tree.list(
                "versions",
                node -> new GeneratedValue(
                        node.number("number"),
                        new GenerateSpec(node.at("kind").constant(GenerateSpec.Kind.values()), node.number("size")),
                        node.text("text"),
                        MomentJson.read(node.at("created"))));
    }
}
