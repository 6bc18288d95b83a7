package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/** What answers a route: one target, or several with weights. Normal form: a list of {@link Written}. */
public record TargetsShape() implements Shape {
    private static final Shapes.Whole WEIGHT = new Shapes.Whole("a weight", 0, 256);

    /**
     * A target as the file has it.
     *
     * @param deployment "" for the file's own
     * @param port "" when not said
     */
    public record Written(YamlNode.Scalar at, String deployment, String service, String port, int weight) {}

    @Override
    public @Nullable List<Written> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            Written target = target(node, 100, in);
            return target == null ? null : List.of(target);
        }
        List<Written> targets = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        long sum = 0;
        for (YamlNode.Entry entry : mapping.entries()) {
            Object weight = WEIGHT.read(entry.value(), in);
            if (weight instanceof Long number) {
                sum += number;
                Written target = target(entry.key(), number.intValue(), in);
                if (target != null && seen.add(entry.key().text())) {
                    targets.add(target);
                }
            }
        }
        if (sum == 0 && targets.size() == mapping.entries().size()) {
            in.fault(node, "no target has a weight above 0", "for example: {\"shop:web\": 100, \"shop-next:web\": 10}");
            return null;
        }
        return targets.isEmpty() ? null : targets;
    }

    static @Nullable Written target(YamlNode node, int weight, Reading in) {
        String text = in.text(node, "a target such as shop:website");
        if (text == null) {
            return null;
        }
        String[] parts = text.split(":", -1);
        boolean holds = parts.length <= 3;
        for (String part : parts) {
            holds &= Names.checkName(part.strip()) == null;
        }
        if (!holds) {
            in.fault(
                    node,
                    "expected a target such as shop:website or website, found " + in.found(node),
                    "deployment:service, deployment:service:port, or a service of this deployment");
            return null;
        }
        YamlNode.Scalar at = (YamlNode.Scalar) node;
        return switch (parts.length) {
            case 1 -> new Written(at, "", parts[0].strip(), "", weight);
            case 2 -> new Written(at, parts[0].strip(), parts[1].strip(), "", weight);
            default -> new Written(at, parts[0].strip(), parts[1].strip(), parts[2].strip(), weight);
        };
    }

    @Override
    public String words() {
        return "target, or map of targets to weights (0 to 256)";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.either(List.of(Map.of("type", "string"), Schemas.mapOf(WEIGHT.schema())));
    }
}
