package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.JoinedNetworks;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * The network of a service. Normal form: {@code {mode, aliases, join}} of what was said; a word stands for the mode.
 */
public record NetworkShape() implements Shape {
    private static final String MODE = "mode";
    private static final String ALLOW = "allow";
    public static final List<Key> KEYS = List.of(
            Key.of(
                    MODE,
                    new Shapes.OneOf(List.of("host", "none")),
                    "the deployment's own network",
                    "`host` or `none` instead of the deployment's network. Nothing leads to ports of the service then: they are not"
                            + " published, checked or routed to.",
                    "mode: host"),
            Key.of(
                    "aliases",
                    new Shapes.Texts("a name", true),
                    "",
                    "More names in the deployment's network.",
                    "aliases: [cache]"),
            Key.of(
                    JoinedNetworks.JOIN,
                    new Deployments(),
                    "",
                    "Other deployments whose networks the service is attached to as well, so that it reaches their services by"
                            + " name. Each must allow it with `Network`.",
                    "join: [postgres]"));

    /** The keys of the section {@code Network}. */
    public static final List<Key> SECTION = List.of(Key.of(
            ALLOW,
            new Deployments(),
            "none",
            "The deployments whose services may join this deployment's network.",
            "allow: [shop, shop-staging]"));

    private static final Shape SHORT = new OptionShapes.Abbreviated(MODE, new Fields("network", KEYS, false));
    private static final Fields ALLOWING = new Fields("Network", SECTION, false);

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        Object values = SHORT.read(node, in);
        if (values instanceof SortedMap<?, ?> said && said.containsKey(MODE) && said.containsKey(JoinedNetworks.JOIN)) {
            in.fault(
                    node,
                    "mode and join of a network cannot be used together",
                    "remove mode: a service joins other networks besides its deployment's own");
        }
        return values;
    }

    /** Reads the section {@code Network}: who may join. */
    public static SortedSet<String> allowed(@Nullable YamlNode section, Reading in) {
        SortedMap<String, Object> said = section == null ? null : ALLOWING.read(section, in);
        SortedSet<String> allowed = new TreeSet<>();
        if (said != null && said.get(ALLOW) instanceof List<?> names) {
            names.forEach(name -> allowed.add(String.valueOf(name)));
        }
        return allowed;
    }

    /** The section {@code Network}, whose content is read by {@link #allowed}. */
    static Shape section() {
        return new Section();
    }

    @Override
    public String words() {
        return SHORT.words();
    }

    @Override
    public Map<String, Object> schema() {
        return SHORT.schema();
    }

    private record Section() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            return new TreeMap<>(Map.of(ALLOW, List.copyOf(allowed(node, in))));
        }

        @Override
        public String words() {
            return ALLOWING.words();
        }

        @Override
        public Map<String, Object> schema() {
            return ALLOWING.schema();
        }
    }

    /** Names of deployments, sorted. */
    private record Deployments() implements Shape {
        private static final Shapes.Texts NAMES = new Shapes.Texts("a deployment's name", true);

        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            Object read = NAMES.read(node, in);
            if (read instanceof List<?> names) {
                for (Object name : names) {
                    String fault = Names.checkName(String.valueOf(name));
                    if (fault != null) {
                        in.fault(
                                node,
                                "invalid deployment name " + Wording.quote(String.valueOf(name)) + ": " + fault,
                                "for example: [shop, shop-staging]");
                        return null;
                    }
                }
            }
            return read;
        }

        @Override
        public String words() {
            return NAMES.words();
        }

        @Override
        public Map<String, Object> schema() {
            return NAMES.schema();
        }
    }
}
