package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GenerateSpec.Kind;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** How one value is generated: {@code {hex: 32}}, or the kind alone, which takes the usual size. */
public record GenerateShape() implements Shape {
    private static final String EXAMPLE = "for example: {hex: 32}, {password: 24} or uuid";

    @Override
    public @Nullable GenerateSpec read(YamlNode node, Reading in) {
        if (node instanceof YamlNode.Mapping map && map.entries().size() == 1) {
            YamlNode.Entry entry = map.entries().get(0);
            Optional<Kind> kind = kind(entry.key(), in);
            return kind.isEmpty() ? null : sized(kind.get(), entry.value(), in);
        }
        if (node instanceof YamlNode.Scalar scalar && !scalar.isNull()) {
            return scalar.unresolved()
                    ? null
                    : kind(scalar, in).map(GenerateSpec::of).orElse(null);
        }
        in.fault(node, "expected how to generate the value, found " + in.found(node), EXAMPLE);
        return null;
    }

    private static Optional<Kind> kind(YamlNode.Scalar word, Reading in) {
        Optional<Kind> kind = Kind.of(word.text());
        if (kind.isEmpty()) {
            in.fault(
                    word,
                    "unknown kind of value " + in.found(word),
                    Wording.suggest(word.text(), kinds(), "known: " + Wording.either(kinds())));
        }
        return kind;
    }

    private static @Nullable GenerateSpec sized(Kind kind, YamlNode value, Reading in) {
        if (YamlNode.isNull(value)) {
            return GenerateSpec.of(kind);
        }
        if (kind.most() == 0) {
            in.fault(value, kind.word() + " has no size, found " + in.found(value), "write: " + kind.word());
            return null;
        }
        Object size = new Shapes.Whole(unit(kind), kind.least(), kind.most()).read(value, in);
        return size instanceof Long number ? new GenerateSpec(kind, number.intValue()) : null;
    }

    private static String unit(Kind kind) {
        return switch (kind) {
            case PASSWORD -> "a number of characters";
            case RSA -> "a number of bits";
            default -> "a number of bytes";
        };
    }

    private static List<String> kinds() {
        return Arrays.stream(Kind.values()).map(Kind::word).toList();
    }

    @Override
    public String words() {
        return "kind of value, or map of it to a size";
    }

    @Override
    public Map<String, Object> schema() {
        List<Map<String, Object>> all = new ArrayList<>();
        all.add(Map.of("enum", kinds()));
        for (Kind kind : Kind.values()) {
            Map<String, Object> size = kind.most() == 0
                    ? Map.of("type", "null")
                    : Map.of("type", List.of("integer", "null"), "minimum", kind.least(), "maximum", kind.most());
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("type", "object");
            one.put("properties", new TreeMap<>(Map.of(kind.word(), Schemas.orExpanded(size))));
            one.put("required", List.of(kind.word()));
            one.put("additionalProperties", false);
            all.add(one);
        }
        return Schemas.either(all);
    }
}
