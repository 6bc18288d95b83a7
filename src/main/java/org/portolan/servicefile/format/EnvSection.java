package org.portolan.servicefile.format;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Inherited variables: a value is for all services, a map under a service's name for that one. */
public record EnvSection() implements Shape {

    /** What services inherit. */
    public record Inherited(SortedMap<String, Object> all, Map<String, SortedMap<String, Object>> each) {
        /** Adds what a service inherits, over what is there. */
        public void addTo(SortedMap<String, Object> env, String service) {
            env.putAll(all);
            SortedMap<String, Object> own = each.get(service);
            if (own != null) {
                env.putAll(own);
            }
        }
    }

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        return node;
    }

    /** Reads the section for a deployment of these services. */
    public static Inherited read(@Nullable YamlNode node, Collection<String> services, Reading in) {
        Inherited inherited = new Inherited(new TreeMap<>(), new TreeMap<>());
        if (node == null || YamlNode.isNull(node)) {
            return inherited;
        }
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(node, "expected a map of variables, found " + in.found(node));
            return inherited;
        }
        for (YamlNode.Entry entry : mapping.entries()) {
            String name = entry.key().text();
            boolean secret = entry.value() instanceof YamlNode.Mapping map
                    && map.entries().size() == 1
                    && map.entries().get(0).key().text().equals("secret");
            boolean service = services.contains(name);
            if (service && (entry.value() instanceof YamlNode.Mapping || YamlNode.isNull(entry.value()))) {
                SortedMap<String, Object> own =
                        YamlNode.isNull(entry.value()) ? null : new EnvShape().read(entry.value(), in);
                inherited.each.put(name, own == null ? new TreeMap<>() : own);
            } else if (entry.value() instanceof YamlNode.Mapping && !secret) {
                in.fault(
                        entry.key(),
                        "Env has a map for " + in.found(entry.key()) + ", which is not a service of this deployment",
                        Wording.suggest(name, services, "a variable's value is text, or {secret: text}"));
            } else {
                EnvShape.add(entry.key(), entry.value(), inherited.all, in);
            }
        }
        return inherited;
    }

    @Override
    public String words() {
        return "map of variables, or of services to such maps";
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> value = Map.of("type", List.of("string", "number", "boolean", "null"));
        return Schemas.mapOf(Schemas.either(List.of(value, new EnvShape().schema())));
    }
}
